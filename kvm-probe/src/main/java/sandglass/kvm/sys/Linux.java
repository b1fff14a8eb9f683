package sandglass.kvm.sys;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * The Linux calls of {@link LibC} with their results checked. Each method either does what its manual page says or
 * throws a {@link SystemCallException}; those that may be refused as a matter of course return the negated errno.
 */
public final class Linux {

    public static final int PAGE_BYTES = 4096;

    private static final LibC C = LibraryLoader.create(LibC.class).load("c");
    private static final Runtime RUNTIME = Runtime.getRuntime(C);

    private static final long SYS_POLL = 7;
    private static final long SYS_KILL = 62;
    private static final long SYS_GETRUSAGE = 98;
    private static final int RUSAGE_CHILDREN = -1;
    private static final int RUSAGE_BYTES = 144;
    private static final long NS_PER_US = 1000;
    private static final long SYS_PRCTL = 157;
    private static final int PR_SET_TIMERSLACK = 29;
    private static final int CLOCK_THREAD_CPUTIME_ID = 3;
    private static final int CPU_CLOCK_SHIFT = 3;
    private static final int CPU_CLOCK_SCHEDULED = 2;
    private static final long NS_PER_SECOND = 1_000_000_000;
    private static final long SYS_GETTID = 186;
    private static final long SYS_TGKILL = 234;
    private static final long SYS_PIDFD_SEND_SIGNAL = 424;
    private static final long SYS_PIDFD_OPEN = 434;
    private static final int SIGKILL = 9;
    private static final int POLLIN = 1;
    private static final int LOCK_EXCLUSIVE_NOW = 2 | 4;
    private static final int UMOUNT_DETACH_NOFOLLOW = 2 | 8;
    private static final int SIGACTION_BYTES = 152;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_FIXED = 0x10;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_NORESERVE = 0x4000;
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_GET_SEALS = 1034;

    static {
        // A process that is out of descriptors cannot open a jar to load a class: load now what will have to report it.
        Objects.requireNonNull(new SystemCallException("open", Errno.EMFILE, "class path").getMessage());
    }

    private Linux() {
    }

    /** How a file is opened. */
    public enum Access { READ_ONLY, READ_WRITE }

    /** What a mapping is for: who sees writes, and whether there are any. */
    public enum Sharing {
        /** Writes go to the file. */
        SHARED(PROT_READ | PROT_WRITE, MAP_SHARED),
        /** Writes go to private copies of pages (copy-on-write). */
        PRIVATE(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE),
        /** No writes. Private rather than shared, because kernels before 6.7 refuse a shared map of a sealed memfd. */
        READ_ONLY(PROT_READ, MAP_PRIVATE);

        private final int protection;
        private final int flags;

        Sharing(int protection, int flags) {
            this.protection = protection;
            this.flags = flags;
        }
    }

    /** The advices of madvise(2) in use. */
    public enum Advice {
        DONTNEED(4), MERGEABLE(12), HUGEPAGE(14), POPULATE_READ(22), POPULATE_WRITE(23);

        private final int number;

        Advice(int number) {
            this.number = number;
        }
    }

    /** Seals of a memfd, fcntl(2). */
    public enum Seal {
        SEAL(1), SHRINK(2), GROW(4), WRITE(8);

        private final int bit;

        Seal(int bit) {
            this.bit = bit;
        }
    }

    /** Resources of prlimit(2) in use. */
    public enum Resource {
        OPEN_FILES(7), LOCKED_MEMORY(8), ADDRESS_SPACE(9);

        private final int number;

        Resource(int number) {
            this.number = number;
        }
    }

    /** A soft and a hard limit; -1 is "unlimited". */
    public record Limit(long soft, long hard) {
    }

    /** open(2), close-on-exec. */
    public static Fd open(String path, Access access) {
        int flags = O_CLOEXEC | (access == Access.READ_WRITE ? O_RDWR : 0);
        return new Fd(check(C.open(path, flags, 0), "open", path), path);
    }

    static void close(int fd, String name) {
        check(C.close(fd), "close", name);
    }

    /**
     * ioctl(2) with a plain number as argument.
     *
     * @param name the request's symbol, for the error message
     * @return the non-negative result
     */
    public static int ioctl(String name, Fd fd, long request, long argument) {
        int result = C.ioctl(fd.number(), request, argument);
        if (result < 0) {
            throw new SystemCallException("ioctl " + name, RUNTIME.getLastError(), fd.toString());
        }
        return result;
    }

    /** ioctl(2) with a structure as argument, which must be as long as the request says (bits 16-29). */
    public static int ioctl(String name, Fd fd, long request, NativeBuffer argument) {
        long wanted = request >>> 16 & 0x3FFF;
        if (argument.sizeBytes() < wanted) {
            throw new IllegalArgumentException(name + " wants " + wanted + " bytes, got " + argument.sizeBytes());
        }
        try {
            return ioctl(name, fd, request, argument.address());
        } finally {
            java.lang.ref.Reference.reachabilityFence(argument);
        }
    }

    /** ioctl(2) for calls whose refusal is an answer: the result, or the negated errno. */
    public static int tryIoctl(Fd fd, long request, long argument) {
        int result = C.ioctl(fd.number(), request, argument);
        return result >= 0 ? result : -RUNTIME.getLastError();
    }

    /** mmap(2) of a part of a file. */
    public static Mapping map(Fd fd, long offset, long sizeBytes, Sharing sharing) {
        return mapped(sizeBytes, sharing.protection, sharing.flags, fd.number(), offset, fd.toString());
    }

    /**
     * mmap(2) of the first part of a file at an address that is a multiple of {@code alignment}, so that what replaces a part of it can be a
     * large page.
     */
    public static Mapping mapAligned(Fd fd, long sizeBytes, Sharing sharing, long alignment) {
        Objects.checkIndex(sizeBytes, Integer.MAX_VALUE + 1L);
        Pointer reserved = mmap(null, sizeBytes + alignment, 0, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0, "addresses");
        long before = Math.floorMod(-reserved.address(), alignment);
        if (before > 0) {
            munmap(reserved, before);
        }
        if (before < alignment) {
            munmap(reserved.slice(before + sizeBytes), alignment - before);
        }
        Mapping mapping = new Mapping(reserved.slice(before, sizeBytes), sizeBytes);
        try {
            mapping.replaceByFile(fd, 0, sizeBytes, sharing);
        } catch (SystemCallException e) {
            mapping.close();
            throw e;
        }
        return mapping;
    }

    /** mmap(2) of a part of a file in place of what is mapped there. */
    static void mapOver(Pointer start, long sizeBytes, Fd fd, long offset, Sharing sharing) {
        mmap(start, sizeBytes, sharing.protection, sharing.flags | MAP_FIXED, fd.number(), offset, fd.toString());
    }

    /** mmap(2) of fresh, zeroed, private memory in place of what is mapped there. */
    static void mapAnonymousOver(Pointer start, long sizeBytes) {
        mmap(start, sizeBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0, "anonymous memory");
    }

    /** mmap(2) of fresh, zeroed, private memory. */
    public static Mapping mapAnonymous(long sizeBytes) {
        return mapped(sizeBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0,
                "anonymous memory");
    }

    private static Mapping mapped(long sizeBytes, int protection, int flags, int fd, long offset, String object) {
        Objects.checkIndex(sizeBytes, Integer.MAX_VALUE + 1L);
        return new Mapping(mmap(null, sizeBytes, protection, flags, fd, offset, object), sizeBytes);
    }

    private static Pointer mmap(Pointer where, long sizeBytes, int protection, int flags, int fd, long offset, String object) {
        Pointer start = C.mmap(where, sizeBytes, protection, flags, fd, offset);
        if (start == null || start.address() == -1) {
            throw new SystemCallException("mmap", RUNTIME.getLastError(), object);
        }
        return start;
    }

    static void munmap(Pointer start, long sizeBytes) {
        check(C.munmap(start, sizeBytes), "munmap", "0x" + Long.toHexString(start.address()));
    }

    static void madvise(Pointer start, long sizeBytes, Advice advice) {
        check(C.madvise(start, sizeBytes, advice.number), "madvise " + advice,
                "0x" + Long.toHexString(start.address()));
    }

    /** memfd_create(2): a sealable memory file of the given size, all zeroes. */
    public static Fd memoryFile(String name, long sizeBytes) {
        Fd fd = new Fd(check(C.memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING), "memfd_create", name), name);
        check(C.ftruncate(fd.number(), sizeBytes), "ftruncate", fd.toString());
        return fd;
    }

    /** fcntl(2) F_ADD_SEALS. {@link Seal#WRITE} is refused (EBUSY) while a shared writable mapping exists. */
    public static void seal(Fd fd, Set<Seal> seals) {
        int bits = seals.stream().mapToInt(seal -> seal.bit).sum();
        check(C.fcntl(fd.number(), F_ADD_SEALS, bits), "fcntl F_ADD_SEALS", fd.toString());
    }

    /** Whether a memory file carries a seal. */
    public static boolean isSealed(Fd fd, Seal seal) {
        return (check(C.fcntl(fd.number(), F_GET_SEALS, 0), "fcntl F_GET_SEALS", fd.toString()) & seal.bit) != 0;
    }

    /** eventfd(2), close-on-exec. */
    public static Fd eventFd() {
        return new Fd(check(C.eventfd(0, O_CLOEXEC), "eventfd", "new"), "eventfd");
    }

    /** prctl(2), PR_SET_TIMERSLACK: the calling thread's sleeps end when they should, not up to 50 us later. */
    public static void wakeThisThreadOnTime() {
        check(C.syscall(SYS_PRCTL, PR_SET_TIMERSLACK, 1, 0, 0), "prctl", "timer slack");
    }

    /** Core time that the calling thread has used, ns (CLOCK_THREAD_CPUTIME_ID). */
    public static long threadCpuNs() {
        return cpuNs(CLOCK_THREAD_CPUTIME_ID, "this thread");
    }

    /**
     * Core time that all threads of a process have used, ns: the clock that clock_getcpuclockid(3) names.
     *
     * @throws SystemCallException with EINVAL if there is no such process (any more)
     */
    public static long processCpuNs(long pid) {
        return cpuNs((int) (~pid << CPU_CLOCK_SHIFT) | CPU_CLOCK_SCHEDULED, "process " + pid);
    }

    /** Core time of the children of this process that have ended and been waited for, with theirs, ns; getrusage(2), in whole us. */
    public static long endedChildrenCpuNs() {
        NativeBuffer usage = NativeBuffer.ofSize(RUSAGE_BYTES);
        check(C.syscall(SYS_GETRUSAGE, RUSAGE_CHILDREN, usage.address(), 0, 0), "getrusage", "children");
        java.lang.ref.Reference.reachabilityFence(usage);
        long ns = 0;
        for (int timeval = 0; timeval < 2; timeval++) {
            int at = timeval * 2 * Long.BYTES;
            ns += usage.bytes().getLong(at) * NS_PER_SECOND + usage.bytes().getLong(at + Long.BYTES) * NS_PER_US;
        }
        return ns;
    }

    private static long cpuNs(int clock, String whose) {
        NativeBuffer time = NativeBuffer.ofSize(2 * Long.BYTES);
        check(C.clock_gettime(clock, Pointer.wrap(RUNTIME, time.address())), "clock_gettime", whose);
        java.lang.ref.Reference.reachabilityFence(time);
        return time.bytes().getLong(0) * NS_PER_SECOND + time.bytes().getLong(Long.BYTES);
    }

    /**
     * pread(2) into the start of a buffer.
     *
     * @return the number of bytes read, less than asked at the end of the file
     */
    public static int pread(Fd fd, NativeBuffer into, int lengthBytes, long offset) {
        Objects.checkFromIndexSize(0, lengthBytes, into.sizeBytes());
        long read = C.pread(fd.number(), Pointer.wrap(RUNTIME, into.address()), lengthBytes, offset);
        java.lang.ref.Reference.reachabilityFence(into);
        return (int) check(read, "pread", fd.toString());
    }

    /** prlimit(2): this process's limit for a resource. */
    public static Limit limit(Resource resource) {
        NativeBuffer old = NativeBuffer.ofSize(16);
        check(C.prlimit(0, resource.number, null, Pointer.wrap(RUNTIME, old.address())), "prlimit", resource.name());
        return new Limit(old.bytes().getLong(0), old.bytes().getLong(8));
    }

    /** prlimit(2): sets this process's limit for a resource. */
    public static void setLimit(Resource resource, Limit limit) {
        NativeBuffer wanted = NativeBuffer.ofSize(16);
        wanted.bytes().putLong(0, limit.soft()).putLong(8, limit.hard());
        check(C.prlimit(0, resource.number, Pointer.wrap(RUNTIME, wanted.address()), null), "prlimit",
                resource.name());
    }

    /** The kernel's number of the calling thread. */
    public static int currentThread() {
        return (int) check(C.syscall(SYS_GETTID, 0, 0, 0, 0), "gettid", "current thread");
    }

    /** sigaction(2) with a native handler, no flags (so system calls are interrupted) and no other signals blocked. */
    static void handleSignal(int signal, long handlerAddress) {
        NativeBuffer action = NativeBuffer.ofSize(SIGACTION_BYTES);
        action.bytes().putLong(0, handlerAddress);
        check(C.sigaction(signal, Pointer.wrap(RUNTIME, action.address()), null), "sigaction", "signal " + signal);
    }

    /**
     * tgkill(2): sends a signal to one thread of this process.
     *
     * @return false if the thread has ended
     */
    public static boolean signalThread(int thread, int signal) {
        long result = C.syscall(SYS_TGKILL, ProcessHandle.current().pid(), thread, signal, 0);
        if (result < 0 && RUNTIME.getLastError() == Errno.ESRCH) {
            return false;
        }
        check(result, "tgkill", "thread " + thread);
        return true;
    }

    /**
     * kill(2): ends all processes of a group at once.
     *
     * @param group number of the group, which is that of the process that founded it
     * @return false if nothing is left of it
     */
    public static boolean killGroup(long group) {
        if (group <= 1) {
            throw new IllegalArgumentException("group " + group + " means every process");
        }
        long result = C.syscall(SYS_KILL, -group, SIGKILL, 0, 0);
        if (result < 0 && RUNTIME.getLastError() == Errno.ESRCH) {
            return false;
        }
        check(result, "kill", "group " + group);
        return true;
    }

    /**
     * pidfd_open(2): a handle that stays with one process, whatever its number is used for later.
     *
     * @return empty if there is no such process
     */
    public static Optional<Fd> process(long pid) {
        long result = C.syscall(SYS_PIDFD_OPEN, pid, 0, 0, 0);
        if (result < 0 && RUNTIME.getLastError() == Errno.ESRCH) {
            return Optional.empty();
        }
        return Optional.of(new Fd((int) check(result, "pidfd_open", "process " + pid), "process " + pid));
    }

    /**
     * pidfd_send_signal(2): kills a process.
     *
     * @return false if it has ended
     */
    public static boolean kill(Fd process) {
        long result = C.syscall(SYS_PIDFD_SEND_SIGNAL, process.number(), SIGKILL, 0, 0);
        if (result < 0 && RUNTIME.getLastError() == Errno.ESRCH) {
            return false;
        }
        check(result, "pidfd_send_signal", process.toString());
        return true;
    }

    /**
     * poll(2): waits for a process to end.
     *
     * @param process from {@link #process}
     * @return whether it has
     */
    public static boolean awaitEnd(Fd process, int limitMs) {
        NativeBuffer poll = NativeBuffer.ofSize(2 * Integer.BYTES);
        poll.bytes().putInt(0, process.number()).putShort(Integer.BYTES, (short) POLLIN);
        long ready = C.syscall(SYS_POLL, poll.address(), 1, limitMs, 0);
        java.lang.ref.Reference.reachabilityFence(poll);
        return check(ready < 0 && RUNTIME.getLastError() == Errno.EINTR ? 0 : ready, "poll", process.toString()) > 0;
    }

    /**
     * flock(2): takes the only lock of an open file, which ends with the descriptor and with this process.
     *
     * @return false if another descriptor has it
     */
    public static boolean tryLock(Fd file) {
        int result = C.flock(file.number(), LOCK_EXCLUSIVE_NOW);
        if (result < 0 && RUNTIME.getLastError() == Errno.EAGAIN) {
            return false;
        }
        check(result, "flock", file.toString());
        return true;
    }

    /**
     * umount2(2): takes a mount out of the tree at once, and ends it when nobody uses it any more.
     *
     * @return false if nothing is mounted there
     */
    public static boolean unmount(String path) {
        int result = C.umount2(path, UMOUNT_DETACH_NOFOLLOW);
        if (result < 0 && (RUNTIME.getLastError() == Errno.EINVAL || RUNTIME.getLastError() == Errno.ENOENT)) {
            return false;
        }
        check(result, "umount2", path);
        return true;
    }

    /** syscall(2) for calls of at most three arguments that no method above has; callers see to it that addresses are right. */
    static long call(String name, String object, long number, long first, long second, long third) {
        return check(C.syscall(number, first, second, third, 0), name, object);
    }

    private static int check(int result, String call, String object) {
        return (int) check((long) result, call, object);
    }

    private static long check(long result, String call, String object) {
        if (result < 0) {
            throw new SystemCallException(call, RUNTIME.getLastError(), object);
        }
        return result;
    }
}
