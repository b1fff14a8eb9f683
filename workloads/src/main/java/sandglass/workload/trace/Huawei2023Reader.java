package sandglass.workload.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import sandglass.unit.Distribution;

/**
 * Reads one day of a Huawei 2023 trace (Joosen et al., SoCC 2023): {@code requests_minute/day_NNN.csv}, one row a
 * minute, one column a function; an empty cell means no data. Where {@code function_delay_minute} has the same day
 * (the private trace), a function's duration is the mean of its minutes' delays (ms), weighted by the requests in
 * them, and so are its percentiles.
 */
final class Huawei2023Reader {

    private static final String REQUESTS = "requests_minute";
    private static final String DELAYS = "function_delay_minute";
    private static final double[] SHARES = {0, 0.01, 0.25, 0.5, 0.75, 0.99, 1};
    private static final double NS_PER_MS = 1e6;

    private final ProblemLog problems = new ProblemLog();
    private final Quirks quirks = new Quirks();
    private final MinuteCounts.Builder counts = new MinuteCounts.Builder(0);
    private final Map<String, Weighted> delays = new HashMap<>();

    /** Values in ns with their weights. */
    private static final class Weighted {
        private double[] values = new double[64];
        private int[] weights = new int[64];
        private int size;

        void add(double value, int weight) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
                weights = Arrays.copyOf(weights, 2 * size);
            }
            values[size] = value;
            weights[size++] = weight;
        }

        TracedDuration duration() {
            Integer[] order = new Integer[size];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, (a, b) -> Double.compare(values[a], values[b]));
            double sum = 0;
            long total = 0;
            for (int i = 0; i < size; i++) {
                sum += values[i] * weights[i];
                total += weights[i];
            }
            double[] quantiles = new double[SHARES.length];
            int at = -1;
            long below = 0;
            for (int s = 0; s < SHARES.length; s++) {
                while (at < 0 || below < SHARES[s] * total) {
                    at++;
                    below += weights[order[at]];
                }
                quantiles[s] = values[order[at]];
            }
            return new TracedDuration(sum / total, Optional.of(new Distribution.Quantiles(SHARES, quantiles)));
        }
    }

    private Huawei2023Reader() {}

    /** Where the requests are: in the sub-directory of a whole data set, or at the path itself. */
    static Path requests(Path path) {
        return Files.isDirectory(path.resolve(REQUESTS)) ? path.resolve(REQUESTS) : path;
    }

    /** @see TraceReader#read */
    static RecordedTrace read(Path path, int day) {
        Path requests = DayFiles.choose(requests(path), day);
        try {
            return new Huawei2023Reader().readDay(requests);
        } catch (IOException e) {
            throw ProblemLog.fatal(requests, "a file that cannot be read (" + e + ")", "a readable file");
        }
    }

    private RecordedTrace readDay(Path requests) throws IOException {
        Path delayFile = requests.toAbsolutePath().resolveSibling("../" + DELAYS).normalize()
                .resolve(requests.getFileName());
        boolean hasDelays = Files.isRegularFile(delayFile);
        Map<String, int[]> byFunction = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        int[] span = readRequests(requests, names, hasDelays, byFunction);
        problems.throwIfAny();
        if (hasDelays) {
            readDelays(delayFile, span[0], byFunction);
            problems.throwIfAny();
        } else {
            quirks.met(Quirk.NO_DURATION_FILE, requests, 0);
        }
        quirks.met(Quirk.NO_MEMORY_FILE, requests, 0);
        List<TracedFunction> functions = new ArrayList<>();
        for (String name : names) {
            Optional<TracedDuration> duration = Optional.ofNullable(delays.get(name)).map(Weighted::duration);
            quirks.met(Quirk.NO_DURATION, hasDelays && duration.isEmpty() ? 1 : 0, delayFile, 0, "");
            functions.add(new TracedFunction("", name, name, "", duration, OptionalLong.empty()));
        }
        List<Path> files = hasDelays ? List.of(requests, delayFile) : List.of(requests);
        return new RecordedTrace.Minutes(new TraceFacts(files, functions, span[0], span[1], hasDelays, false, Map.of(),
                quirks.list()),
                counts.build());
    }

    /**
     * Reads the counts; gives the first minute and how many there are, and where asked for the counts by function and
     * minute.
     */
    private int[] readRequests(Path file, List<String> names, boolean keep,
            Map<String, int[]> byFunction) throws IOException {
        int first = -1;
        int minutes = 0;
        try (CsvTable table = new CsvTable(file, problems, quirks)) {
            HuaweiRows rows = new HuaweiRows(table, problems, quirks);
            names.addAll(rows.functions());
            int[] sums = new int[names.size()];
            while (rows.next()) {
                if (first < 0) {
                    first = rows.minute();
                }
                int minute = rows.minute() - first;
                if (minute != minutes - 1) {
                    flush(sums, minutes - 1, names, keep, byFunction);
                    minutes = minute + 1;
                }
                for (int f = 0; f < sums.length; f++) {
                    sums[f] += rows.isEmpty(f) ? 0 : table.count(rows.column(f));
                }
            }
            flush(sums, minutes - 1, names, keep, byFunction);
        }
        return new int[] {Math.max(0, first), minutes};
    }

    private void flush(int[] sums, int minute, List<String> names, boolean keep, Map<String, int[]> byFunction) {
        if (minute < 0) {
            return;
        }
        counts.reach(minute);
        for (int f = 0; f < sums.length; f++) {
            counts.add(f, minute, sums[f]);
            if (keep && sums[f] > 0) {
                int[] kept = byFunction.computeIfAbsent(names.get(f), name -> new int[MinuteColumns.DAY]);
                if (minute >= kept.length) {
                    kept = Arrays.copyOf(kept, 2 * minute);
                    byFunction.put(names.get(f), kept);
                }
                kept[minute] = sums[f];
            }
            sums[f] = 0;
        }
    }

    private void readDelays(Path file, int firstMinute, Map<String, int[]> byFunction) throws IOException {
        try (CsvTable table = new CsvTable(file, problems, quirks)) {
            HuaweiRows rows = new HuaweiRows(table, problems, quirks);
            while (rows.next()) {
                int minute = rows.minute() - firstMinute;
                for (int f = 0; f < rows.functions().size(); f++) {
                    int[] requests = byFunction.get(rows.functions().get(f));
                    int weight = requests == null || minute < 0 || minute >= requests.length ? 0 : requests[minute];
                    if (weight > 0 && !rows.isEmpty(f)) {
                        double ms = table.number(rows.column(f), "a number of milliseconds");
                        quirks.met(Quirk.NEGATIVE_AVERAGE, ms < 0 ? 1 : 0, file, table.line(), "");
                        delays.computeIfAbsent(rows.functions().get(f), name -> new Weighted())
                                .add(Math.max(0, ms) * NS_PER_MS, weight);
                    }
                }
            }
        }
    }
}
