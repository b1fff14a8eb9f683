package sandglass.workload.trace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads {@code app_memory_percentiles}: average allocated memory, in MB of 2^20 bytes, one row an app; or one row a
 * function, as re-cut traces have it.
 */
final class Azure2019Memory {

    private static final double BYTES_PER_MB = 1 << 20;

    private final Path file;
    private final ProblemLog problems;
    private final Quirks quirks;

    /**
     * Bytes by app or by function.
     *
     * @param lines where each stands, for reports
     */
    record Table(boolean perFunction, Map<FunctionKey, Double> bytes, Map<FunctionKey, Long> lines) {

        /** The key under which the memory of a function stands. */
        FunctionKey key(FunctionKey function) {
            return perFunction ? function : new FunctionKey(function.owner(), function.app(), "");
        }
    }

    Azure2019Memory(Path file, ProblemLog problems, Quirks quirks) {
        this.file = file;
        this.problems = problems;
        this.quirks = quirks;
    }

    Table read() throws IOException {
        Map<FunctionKey, Double> bytes = new HashMap<>();
        Map<FunctionKey, Long> lines = new HashMap<>();
        try (CsvTable table = new CsvTable(file, problems, quirks)) {
            int owner = table.require("HashOwner");
            int app = table.require("HashApp");
            int function = table.find("HashFunction");
            int average = table.require("AverageAllocatedMb");
            if (function >= 0) {
                quirks.met(Quirk.MEMORY_PER_FUNCTION, file, 1);
            }
            while (table.next()) {
                if (table.isEmpty(average)) {
                    quirks.met(Quirk.EMPTY_VALUE, file, table.line());
                    continue;
                }
                double mb = table.number(average, "a number of megabytes");
                if (mb < 0) {
                    quirks.met(Quirk.NEGATIVE_MEMORY, file, table.line());
                }
                String name = function < 0 ? "" : table.text(function);
                FunctionKey key = new FunctionKey(table.text(owner), table.text(app), name);
                if (bytes.putIfAbsent(key, Math.max(0, mb) * BYTES_PER_MB) != null) {
                    quirks.met(Quirk.DUPLICATE_MEMORY, file, table.line());
                } else {
                    lines.put(key, table.line());
                }
            }
            return new Table(function >= 0, bytes, lines);
        }
    }
}
