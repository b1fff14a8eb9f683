package sandglass.kvm.ksm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import sandglass.run.UnsupportedHereException;

/** The kernel's thread that looks for equal pages. */
public final class KsmThread {

    private static final Path PROC = Path.of("/proc");
    private static final long TICK_NS = 10_000_000;
    private static final int COMM_UTIME = 11;

    private final Path directory;

    private KsmThread(Path directory) {
        this.directory = directory;
    }

    /** Finds it, which has a low number. */
    public static KsmThread find() throws UnsupportedHereException {
        try (Stream<Path> processes = Files.list(PROC)) {
            for (Path process : processes.filter(path -> path.getFileName().toString().matches("\\d+"))
                    .sorted(Comparator.comparingInt(path -> Integer.parseInt(path.getFileName().toString()))).toList()) {
                if (isNamed(process.resolve("comm"))) {
                    return new KsmThread(process);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("/proc is not readable", e);
        }
        throw new UnsupportedHereException("the thread ksmd is not to be seen, as in a container", "run outside containers");
    }

    private static boolean isNamed(Path name) {
        try {
            return Files.readString(name).strip().equals("ksmd");
        } catch (IOException e) {
            return false;
        }
    }

    /** Its core time so far, ns; by schedstat where the kernel has it, else in ticks of 10 ms. */
    public long cpuNs() {
        try {
            Path schedstat = directory.resolve("schedstat");
            if (Files.exists(schedstat)) {
                return Long.parseLong(Files.readString(schedstat).split(" ")[0]);
            }
            String stat = Files.readString(directory.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[COMM_UTIME]) + Long.parseLong(fields[COMM_UTIME + 1])) * TICK_NS;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the core time of ksmd", e);
        }
    }
}
