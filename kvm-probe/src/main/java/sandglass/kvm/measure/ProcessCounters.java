package sandglass.kvm.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

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

    /** Nothing counted. */
    public static final ProcessCounters NONE = new ProcessCounters(0, 0, 0, 0);

    /** The present values; nothing for a process that has ended. */
    public static ProcessCounters of(long pid) {
        Map<String, Long> status = fields(Path.of("/proc/" + pid + "/status"), VOLUNTARY, INVOLUNTARY);
        Map<String, Long> io = fields(Path.of("/proc/" + pid + "/io"), READS, WRITES);
        return new ProcessCounters(status.getOrDefault(VOLUNTARY, 0L), status.getOrDefault(INVOLUNTARY, 0L),
                io.getOrDefault(READS, 0L), io.getOrDefault(WRITES, 0L));
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
