package sandglass.kvm.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
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

    /** Nothing counted. */
    public static final ProcessCounters NONE = new ProcessCounters(0, 0, 0, 0);

    /** The present values; nothing for a process that has ended. */
    public static ProcessCounters of(long pid) {
        Map<String, Long> status = fields(Path.of("/proc/" + pid + "/status"));
        Map<String, Long> io = fields(Path.of("/proc/" + pid + "/io"));
        return new ProcessCounters(status.getOrDefault("voluntary_ctxt_switches", 0L), status.getOrDefault("nonvoluntary_ctxt_switches", 0L),
                io.getOrDefault("syscr", 0L), io.getOrDefault("syscw", 0L));
    }

    /** What was counted since an earlier reading. */
    public ProcessCounters since(ProcessCounters earlier) {
        return new ProcessCounters(voluntarySwitches - earlier.voluntarySwitches, involuntarySwitches - earlier.involuntarySwitches,
                readCalls - earlier.readCalls, writeCalls - earlier.writeCalls);
    }

    private static Map<String, Long> fields(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            return Map.of();
        }
        Map<String, Long> fields = new HashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            if (colon > 0 && value.matches("\\d{1,18}")) {
                fields.put(line.substring(0, colon), Long.parseLong(value));
            }
        }
        return fields;
    }
}
