package sandglass.kvm.leftovers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;

/** Processes of this host, by what /proc says of them (proc(5)). */
final class Processes {

    /** What {@link #startTicks} gives for a process that is not there. */
    static final long NONE = -1;

    private static final Path PROC = Path.of("/proc");
    private static final int STATE = 0;
    private static final int GROUP = 2;
    private static final int START = 19;
    private static final int ENVIRONMENT_END = 48;

    private Processes() {
    }

    /** The number of the user that this process runs as. */
    static int user() {
        try {
            return (Integer) Files.getAttribute(PROC.resolve("self/"), "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException("/proc is not readable", e);
        }
    }

    /** Within which a process's number means this process: numbers are given out anew in each such table (pid_namespaces(7)). */
    static String table() throws IOException {
        return Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
    }

    /** When a process began, in clock ticks since the host did; a number is used again, the pair of both is not. */
    static long startTicks(long pid) {
        List<String> fields = stat(pid);
        return fields.isEmpty() ? NONE : Long.parseLong(fields.get(START));
    }

    /** Whether a process with that number and that start is there and has not ended. */
    static boolean isAlive(long pid, long startTicks) {
        List<String> fields = stat(pid);
        return !fields.isEmpty() && Long.parseLong(fields.get(START)) == startTicks && !"ZX".contains(fields.get(STATE));
    }

    /** The fields after the name, which may contain anything; empty if there is no such process. */
    private static List<String> stat(long pid) {
        try {
            String text = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            return List.of(text.substring(text.lastIndexOf(')') + 2).split(" "));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Kills a process, and the group that it leads, if it is still the one that began then. */
    static void kill(long pid, long startTicks) {
        Optional<Fd> handle = Linux.process(pid);
        if (handle.isPresent()) {
            try (Fd process = handle.get()) {
                // The handle keeps to one process: if the start is right now, it is right for the signal.
                List<String> fields = stat(pid);
                if (!fields.isEmpty() && Long.parseLong(fields.get(START)) == startTicks) {
                    if (Long.parseLong(fields.get(GROUP)) == pid) {
                        Linux.killGroup(pid);
                    }
                    Linux.kill(process);
                }
            }
        }
    }

    /** The processes that have not ended and whose environment contains this assignment. */
    static List<Long> withEnvironment(String assignment) {
        byte[] wanted = assignment.getBytes(StandardCharsets.UTF_8);
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                long pid = Long.parseLong(entry.getFileName().toString());
                List<String> fields = stat(pid);
                if (pid != ProcessHandle.current().pid() && !fields.isEmpty() && !"ZX".contains(fields.get(STATE))
                        && contains(entry.resolve("environ"), wanted)) {
                    found.add(pid);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("/proc is not readable", e);
        }
        return found;
    }

    /**
     * Waits until all processes that are being started at this moment have their program and environment: before that nobody can tell whose they are.
     *
     * @param limitNs at most so long for each
     */
    static void awaitStarting(long limitNs) throws InterruptedException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                long pid = Long.parseLong(entry.getFileName().toString());
                long start = startTicks(pid);
                long begunNs = System.nanoTime();
                while (isStarting(entry, pid) && startTicks(pid) == start && System.nanoTime() - begunNs < limitNs) {
                    Thread.sleep(1);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("/proc is not readable", e);
        }
    }

    /** Between the JVM's own helper, which each of its processes begins as, and the environment of the program that it becomes. */
    private static boolean isStarting(Path entry, long pid) {
        try {
            boolean helper = Files.readSymbolicLink(entry.resolve("exe")).endsWith("jspawnhelper");
            List<String> fields = stat(pid);
            return !fields.isEmpty() && !"ZX".contains(fields.get(STATE)) && (helper || fields.get(ENVIRONMENT_END).equals("0"));
        } catch (IOException e) {
            return false;
        }
    }

    /** Another user's environment cannot be read, but then it is not a process of ours either. */
    private static boolean contains(Path environment, byte[] wanted) {
        try {
            String text = new String(Files.readAllBytes(environment), StandardCharsets.ISO_8859_1);
            return ("\0" + text).contains("\0" + new String(wanted, StandardCharsets.ISO_8859_1) + "\0");
        } catch (IOException e) {
            return false;
        }
    }
}
