package sandglass.workload.trace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import sandglass.unit.Distribution;

/** Reads {@code function_durations_percentiles}: one row a function, milliseconds without cold start. */
final class Azure2019Durations {

    private static final String[] PERCENTILES = {"0", "1", "25", "50", "75", "99", "100"};
    private static final double[] SHARES = {0, 0.01, 0.25, 0.5, 0.75, 0.99, 1};
    private static final double NS_PER_MS = 1e6;
    private static final String MILLISECONDS = "a number of milliseconds";

    /** One row. {@code count} is negative where the file has none; {@code order} numbers the rows from 0. */
    record Row(TracedDuration duration, double count, int order, long line) {}

    private final Path file;
    private final ProblemLog problems;
    private final Quirks quirks;

    Azure2019Durations(Path file, ProblemLog problems, Quirks quirks) {
        this.file = file;
        this.problems = problems;
        this.quirks = quirks;
    }

    /** Rows by function; the first of several rows counts. */
    Map<FunctionKey, Row> read() throws IOException {
        Map<FunctionKey, Row> rows = new HashMap<>();
        try (CsvTable table = new CsvTable(file, problems, quirks)) {
            int owner = table.require("HashOwner");
            int app = table.require("HashApp");
            int function = table.require("HashFunction");
            int average = table.require("Average");
            int count = table.find("Count");
            int minimum = table.find("Minimum");
            int[] percentiles = new int[PERCENTILES.length];
            for (int i = 0; i < percentiles.length; i++) {
                percentiles[i] = table.require("percentile_Average_" + PERCENTILES[i]);
            }
            while (table.next()) {
                if (anyEmpty(table, average, percentiles)) {
                    quirks.met(Quirk.EMPTY_VALUE, file, table.line());
                    continue;
                }
                FunctionKey key = new FunctionKey(table.text(owner), table.text(app), table.text(function));
                Row row = row(table, average, count, minimum, percentiles, rows.size());
                if (rows.putIfAbsent(key, row) != null) {
                    quirks.met(Quirk.DUPLICATE_DURATION, file, table.line());
                }
            }
        }
        return rows;
    }

    private static boolean anyEmpty(CsvTable table, int average, int[] percentiles) {
        boolean empty = table.isEmpty(average);
        for (int column : percentiles) {
            empty |= table.isEmpty(column);
        }
        return empty;
    }

    private Row row(CsvTable table, int average, int count, int minimum, int[] percentiles, int order) {
        double averageMs = table.number(average, MILLISECONDS);
        if (averageMs < 0) {
            quirks.met(Quirk.NEGATIVE_AVERAGE, file, table.line());
            averageMs = 0;
        } else if (averageMs == 0) {
            quirks.met(Quirk.ZERO_AVERAGE, file, table.line());
        }
        if (minimum >= 0 && !table.isEmpty(minimum) && table.number(minimum, MILLISECONDS) < 0) {
            quirks.met(Quirk.NEGATIVE_MINIMUM, file, table.line());
        }
        double[] valuesNs = new double[percentiles.length];
        boolean negative = false;
        boolean falling = false;
        for (int i = 0; i < percentiles.length; i++) {
            double ms = table.number(percentiles[i], MILLISECONDS);
            negative |= ms < 0;
            valuesNs[i] = Math.max(0, ms) * NS_PER_MS;
            if (i > 0 && valuesNs[i] < valuesNs[i - 1]) {
                falling = true;
                valuesNs[i] = valuesNs[i - 1];
            }
        }
        if (negative) {
            quirks.met(Quirk.NEGATIVE_PERCENTILE, file, table.line());
        }
        if (falling) {
            quirks.met(Quirk.FALLING_PERCENTILE, file, table.line());
        }
        double executions = count < 0 || table.isEmpty(count) ? -1 : table.number(count, "a number of executions");
        TracedDuration duration = new TracedDuration(averageMs * NS_PER_MS,
                Optional.of(new Distribution.Quantiles(SHARES, valuesNs)));
        return new Row(duration, executions, order, table.line());
    }
}
