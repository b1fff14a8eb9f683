package sandglass.kvm.sys;

import com.kenai.jffi.Library;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * A program that this one has started with posix_spawn(3), and its end of the two pipes to it. It leads a process group of its own, works in
 * {@code /}, and has no other descriptors than these pipes and {@code /dev/null} for its errors.
 *
 * <p>{@link ProcessBuilder} starts a helper first, which starts the program, and its pipes are open in whatever other threads start at the time:
 * each of many that are started at once waits for others to be there.
 */
public final class ChildProcess implements AutoCloseable {

    private static final LibCSpawn C = LibraryLoader.create(LibCSpawn.class).load("c");
    private static final Runtime RUNTIME = Runtime.getRuntime(C);

    private static final int ACTIONS_BYTES = 80;
    private static final int ATTRIBUTES_BYTES = 336;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_RDWR = 2;
    private static final short SPAWN_SETPGROUP = 2;
    private static final int FIRST_OTHER = 3;
    private static final long SYS_WAIT4 = 61;
    private static final int PER_POLL_MS = 1000;

    private final int pid;
    private final Fd handle;
    private final OutputStream input;
    private final InputStream output;
    private final AtomicBoolean closed = new AtomicBoolean();
    private boolean awaited;

    private ChildProcess(int pid, Fd handle, OutputStream input, InputStream output) {
        this.pid = pid;
        this.handle = handle;
        this.input = input;
        this.output = output;
    }

    /** Whether the C library can keep this program's descriptors from a child: glibc 2.34 or newer. */
    public static boolean isSupported() {
        return Library.getCachedInstance("libc.so.6", Library.LAZY).getSymbolAddress("posix_spawn_file_actions_addclosefrom_np") != 0;
    }

    /**
     * Starts a program; returns when it is loaded.
     *
     * @param command its path and its arguments
     * @throws SystemCallException if it cannot be
     */
    public static ChildProcess start(List<String> command, Map<String, String> environment) {
        try (Pipe in = new Pipe(); Pipe out = new Pipe()) {
            OutputStream input = new FileOutputStream(in.path(in.writing));
            try {
                InputStream output = new FileInputStream(out.path(out.reading));
                try {
                    int pid = spawn(command, environment, in.reading, out.writing);
                    return new ChildProcess(pid, handle(pid), input, output);
                } catch (RuntimeException e) {
                    output.close();
                    throw e;
                }
            } catch (IOException | RuntimeException e) {
                input.close();
                throw e;
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot open a pipe by its name: " + e.getMessage(), e);
        }
    }

    /** A handle of a child that nobody has waited for; without one the child is ended. */
    private static Fd handle(int pid) {
        try {
            return Linux.process(pid).orElseThrow(() -> new IllegalStateException("somebody else has waited for process " + pid));
        } catch (SystemCallException e) {
            Linux.killGroup(pid);
            await(pid);
            throw e;
        }
    }

    private static void await(int pid) {
        Linux.call("wait4", "process " + pid, SYS_WAIT4, pid, 0, 0);
    }

    private static int spawn(List<String> command, Map<String, String> environment, Fd input, Fd output) {
        NativeBuffer pid = NativeBuffer.ofSize(Integer.BYTES);
        NativeBuffer actions = NativeBuffer.ofSize(ACTIONS_BYTES);
        NativeBuffer attributes = NativeBuffer.ofSize(ATTRIBUTES_BYTES);
        Strings arguments = new Strings(command);
        Strings variables = new Strings(environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
        Pointer todo = pointer(actions);
        Pointer how = pointer(attributes);
        check(C.posix_spawn_file_actions_init(todo), "posix_spawn_file_actions_init", "memory");
        check(C.posix_spawnattr_init(how), "posix_spawnattr_init", "memory");
        try {
            check(C.posix_spawn_file_actions_adddup2(todo, input.number(), 0), "posix_spawn_file_actions_adddup2", input.toString());
            check(C.posix_spawn_file_actions_adddup2(todo, output.number(), 1), "posix_spawn_file_actions_adddup2", output.toString());
            check(C.posix_spawn_file_actions_addopen(todo, 2, "/dev/null", O_RDWR, 0), "posix_spawn_file_actions_addopen", "/dev/null");
            check(C.posix_spawn_file_actions_addclosefrom_np(todo, FIRST_OTHER), "posix_spawn_file_actions_addclosefrom_np", "fd 3");
            check(C.posix_spawn_file_actions_addchdir_np(todo, "/"), "posix_spawn_file_actions_addchdir_np", "/");
            check(C.posix_spawnattr_setflags(how, SPAWN_SETPGROUP), "posix_spawnattr_setflags", "setpgroup");
            check(C.posix_spawnattr_setpgroup(how, 0), "posix_spawnattr_setpgroup", "0");
            check(C.posix_spawn(pointer(pid), command.get(0), todo, how, arguments.table(), variables.table()), "posix_spawn", command.get(0));
            return pid.bytes().getInt(0);
        } finally {
            C.posix_spawn_file_actions_destroy(todo);
            C.posix_spawnattr_destroy(how);
            java.lang.ref.Reference.reachabilityFence(List.of(pid, actions, attributes, arguments, variables));
        }
    }

    private static Pointer pointer(NativeBuffer buffer) {
        return Pointer.wrap(RUNTIME, buffer.address());
    }

    private static void check(int error, String call, String object) {
        if (error != 0) {
            throw new SystemCallException(call, error, object);
        }
    }

    /** Its number, and that of the group which it leads; nobody else has it before {@link #close} has returned. */
    public long pid() {
        return pid;
    }

    /** What it reads from its standard input. */
    public OutputStream input() {
        return input;
    }

    /** What it writes to its standard output; ends when it and all that have it from it have ended. */
    public InputStream output() {
        return output;
    }

    /** Ends it and its group. Any thread may do so at any time; once it has been waited for nothing happens. */
    public synchronized void kill() {
        if (!awaited) {
            Linux.kill(handle);
            Linux.killGroup(pid);
        }
    }

    /** Ends it and its group, and waits for its end. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        kill();
        while (!Linux.awaitEnd(handle, PER_POLL_MS)) {
            kill();
        }
        synchronized (this) {
            await(pid);
            awaited = true;
            handle.close();
        }
        try {
            input.close();
            output.close();
        } catch (IOException e) {
            throw new IllegalStateException("cannot close a pipe: " + e.getMessage(), e);
        }
    }

    /** A pipe, closed by whoever made it: who needs an end for longer opens it by its name, proc(5). */
    private static final class Pipe implements AutoCloseable {

        private final Fd reading;
        private final Fd writing;

        Pipe() {
            NativeBuffer ends = NativeBuffer.ofSize(2 * Integer.BYTES);
            if (C.pipe2(pointer(ends), O_CLOEXEC) < 0) {
                throw new SystemCallException("pipe2", RUNTIME.getLastError(), "a new pipe");
            }
            reading = new Fd(ends.bytes().getInt(0), "pipe, reading");
            writing = new Fd(ends.bytes().getInt(Integer.BYTES), "pipe, writing");
        }

        String path(Fd end) {
            return "/proc/self/fd/" + end.number();
        }

        @Override
        public void close() {
            reading.close();
            writing.close();
        }
    }

    /** Strings as C has them: a table of addresses that ends with null, and the bytes that they point to. */
    private static final class Strings {

        private final NativeBuffer memory;

        Strings(List<String> strings) {
            List<byte[]> encoded = strings.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
            int tableBytes = (encoded.size() + 1) * Long.BYTES;
            memory = NativeBuffer.ofSize(tableBytes + encoded.stream().mapToInt(bytes -> bytes.length + 1).sum());
            int at = tableBytes;
            for (int i = 0; i < encoded.size(); i++) {
                memory.bytes().putLong(i * Long.BYTES, memory.address() + at);
                memory.bytes().put(at, encoded.get(i));
                at += encoded.get(i).length + 1;
            }
        }

        Pointer table() {
            return pointer(memory);
        }
    }
}
