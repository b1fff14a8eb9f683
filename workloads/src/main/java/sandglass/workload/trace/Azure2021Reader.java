package sandglass.workload.trace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import sandglass.unit.Distribution;

/**
 * Reads the Azure Functions invocation trace of 2021 (Zhang et al., SOSP 2021): one row an invocation, seconds since
 * the start of the trace. An invocation arrives at {@code end_timestamp - duration}, or at 0 if that is before.
 */
final class Azure2021Reader {

    private static final Set<String> COLUMNS = Set.of("app", "func", "end_timestamp", "duration");
    private static final double[] SHARES = {0, 0.01, 0.25, 0.5, 0.75, 0.99, 1};
    private static final double NS_PER_S = 1e9;
    private static final double MOST_SECONDS = 1e9;

    private final ProblemLog problems = new ProblemLog();
    private final Quirks quirks = new Quirks();
    private final Map<FunctionKey, Integer> rows = new LinkedHashMap<>();
    private final EventLog.Builder events = new EventLog.Builder();

    private Azure2021Reader() {}

    /** @see TraceReader#read */
    static RecordedTrace read(Path path, int day) {
        Path file = DayFiles.choose(path, day);
        try {
            return new Azure2021Reader().read(file);
        } catch (IOException e) {
            throw ProblemLog.fatal(file, "a file that cannot be read (" + e + ")", "a readable file");
        }
    }

    private RecordedTrace read(Path file) throws IOException {
        try (CsvTable table = new CsvTable(file, problems, quirks)) {
            int app = table.require("app");
            int function = table.require("func");
            int end = table.require("end_timestamp");
            int duration = table.require("duration");
            table.header().stream().filter(name -> !COLUMNS.contains(name))
                    .forEach(name -> quirks.met(Quirk.UNKNOWN_COLUMN, 1, file, 1, name));
            while (table.next()) {
                long durationNs = Math.round(table.nonNegative(duration, MOST_SECONDS,
                        "a number of seconds, not negative") * NS_PER_S);
                long endNs = Math.round(table.nonNegative(end, MOST_SECONDS,
                        "a number of seconds since the start of the trace") * NS_PER_S);
                if (endNs < durationNs) {
                    quirks.met(Quirk.START_BEFORE_ZERO, file, table.line());
                }
                FunctionKey key = new FunctionKey("", table.text(app), table.text(function));
                Integer row = rows.putIfAbsent(key, rows.size());
                events.add(Math.max(0, endNs - durationNs), row == null ? rows.size() - 1 : row, durationNs);
            }
        }
        problems.throwIfAny();
        quirks.met(Quirk.UNSORTED, events.unsorted(), file, 0, "");
        EventLog log = events.build();
        int minutes = log.size() == 0 ? 0 : (int) (log.startNs(log.size() - 1) / MinuteCounts.MINUTE_NS) + 1;
        TraceFacts facts = new TraceFacts(List.of(file), functions(log), 0, minutes, true, false, Map.of(),
                quirks.list());
        return new RecordedTrace.Events(facts, log);
    }

    private List<TracedFunction> functions(EventLog log) {
        int[] ends = new int[rows.size() + 1];
        for (int e = 0; e < log.size(); e++) {
            ends[log.row(e) + 1]++;
        }
        Arrays.parallelPrefix(ends, Integer::sum);
        double[] grouped = new double[log.size()];
        int[] next = ends.clone();
        for (int e = 0; e < log.size(); e++) {
            grouped[next[log.row(e)]++] = log.durationNs(e);
        }
        List<TracedFunction> functions = new ArrayList<>(rows.size());
        for (FunctionKey key : rows.keySet()) {
            int row = functions.size();
            double[] durationsNs = Arrays.copyOfRange(grouped, ends[row], ends[row + 1]);
            Arrays.sort(durationsNs);
            double[] values = Arrays.stream(SHARES).map(share -> ValueSummary.quantile(durationsNs, share)).toArray();
            TracedDuration duration = new TracedDuration(Arrays.stream(durationsNs).average().orElse(0),
                    Optional.of(new Distribution.Quantiles(SHARES, values)));
            functions.add(new TracedFunction(key.owner(), key.app(), key.function(), "", Optional.of(duration),
                    OptionalLong.empty()));
        }
        return functions;
    }
}
