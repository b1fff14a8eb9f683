package sandglass.kvm.sys;

import jnr.ffi.Pointer;

/**
 * The C library functions this project calls, as jnr-ffi binds them. Public only because the generated stub lives in
 * another class loader: everybody else calls {@link Linux}, which checks results.
 *
 * <p>Addresses of calls with six arguments are declared {@link Pointer}: jnr-ffi 2.3.4 passes a random sixth integer
 * argument on x86-64 when all six are Java primitives ({@code LinuxTest} holds it to that).
 */
public interface LibC {

    // Safe: the kernel copies the path, which jnr-ffi keeps alive for the length of the call.
    int open(String path, int flags, int mode);

    // Safe: takes a number; Fd guarantees that it is closed once, so no other owner's descriptor is hit.
    int close(int fd);

    // Safe: callers pass the address of a buffer at least as long as the size coded in the request (bits 16-29).
    int ioctl(int fd, long request, long argument);

    // Safe: no address is dereferenced; the result is either -1 or a new range that nothing else in the JVM uses.
    Pointer mmap(Pointer hint, long length, int protection, int flags, int fd, long offset);

    // Safe: only Mapping calls it, once, for a range that mmap gave to it.
    int munmap(Pointer address, long length);

    // Safe: only for ranges inside a live Mapping (checked there); the advices used change contents of that range at
    // most.
    int madvise(Pointer address, long length, int advice);

    // Safe: the kernel copies the name.
    int memfd_create(String name, int flags);

    // Safe: takes a length only; a sealed or foreign descriptor is refused by the kernel.
    int ftruncate(int fd, long length);

    // Safe: takes integers only.
    int fcntl(int fd, int command, long argument);

    // Safe: takes integers only.
    int eventfd(int initial, int flags);

    /** clock_gettime(2). */
    int clock_gettime(int clock, Pointer time);

    // Safe: the buffer's address and a length inside it (checked in Linux).
    long pread(int fd, Pointer buffer, long length, long offset);

    // Safe: both pointers are null or the address of a 16-byte struct rlimit.
    int prlimit(int pid, int resource, Pointer newLimit, Pointer oldLimit);

    // Safe: the action is a 152-byte struct sigaction whose handler is a C function that returns at once (WakeSignal).
    int sigaction(int signal, Pointer action, Pointer oldAction);

    // Safe: takes integers only.
    int flock(int fd, int operation);

    // Safe: the kernel copies the path.
    int umount2(String path, int flags);

    // Safe: used for gettid, tgkill, kill, pidfd_open, pidfd_send_signal, unshare, setns and socket, whose arguments are integers, or
    // null; and for read, write, poll and getrusage of buffers that their callers hold, with lengths checked there.
    long syscall(long number, long first, long second, long third, long fourth);
}
