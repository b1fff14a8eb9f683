package sandglass.kvm.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What the kernel counts for a process's main thread (switches) and for the process as a whole (the rest); proc(5).
 *
 * @param voluntarySwitches   it waited for something
 * @param involuntarySwitches somebody else's turn came
 * @param readCalls           system calls of the read family, with receiving from sockets through read
 * @param writeCalls          the same of the write family
 */
public record ProcessCounters(long voluntarySwitches, long involuntarySwitches, long readCalls, long writeCalls) {

    private static final String VOLUNTARY = "voluntary_ctxt_switches";
    private static final String INVOLUNTARY = "nonvoluntary_ctxt_switches";
    private static final String READS = "syscr";
    private static final String WRITES = "syscw";
    private static final long PATIENCE_NS = 2_000_000_000;
    private static final long PAUSE_NS = 50_000;

    /** Nothing counted. */
    public static final ProcessCounters NONE = new ProcessCounters(0, 0, 0, 0);

    /** The present values; nothing for a process that has ended. */
    public static ProcessCounters of(long pid) {
        Map<String, Long> status = fields(Path.of("/proc/" + pid + "/status"), VOLUNTARY, INVOLUNTARY);
        Map<String, Long> io = fields(Path.of("/proc/" + pid + "/io"), READS, WRITES);
        return new ProcessCounters(status.getOrDefault(VOLUNTARY, 0L), status.getOrDefault(INVOLUNTARY, 0L),
                io.getOrDefault(READS, 0L), io.getOrDefault(WRITES, 0L));
    }

    /**
     * The values as soon as the process waits: what it has just done, such as writing an answer that is already here, is counted then. One
     * that does not come to wait within two seconds is read as it is.
     */
    public static ProcessCounters ofWaiting(long pid) {
        long beginNs = System.nanoTime();
        while (!waitsOrEnded(pid) && System.nanoTime() - beginNs < PATIENCE_NS) {
            LockSupport.parkNanos(PAUSE_NS);
        }
        return of(pid);
    }

    private static boolean waitsOrEnded(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("State:")).noneMatch(line -> line.contains("R (") || line.contains("D ("));
        } catch (IOException | UncheckedIOException ended) {
            return true;
        }
    }

    /** What was counted since an earlier reading. */
    public ProcessCounters since(ProcessCounters earlier) {
        return new ProcessCounters(voluntarySwitches - earlier.voluntarySwitches, involuntarySwitches - earlier.involuntarySwitches,
                readCalls - earlier.readCalls, writeCalls - earlier.writeCalls);
    }

    /** Only what is asked for is looked at: a reading follows each invocation. */
    private static Map<String, Long> fields(Path file, String... names) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            return Map.of();
        }
        Map<String, Long> fields = new HashMap<>();
        for (String line : text.split("\n")) {
            for (String name : names) {
                if (line.startsWith(name) && line.startsWith(":", name.length())) {
                    fields.put(name, Long.parseLong(line.substring(name.length() + 1).strip()));
                }
            }
        }
        return fields;
    }
}
