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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the cold-start table of the Huawei public cloud trace (Joosen et al., EuroSys 2025): one row a cold start,
 * seconds since the start of the trace (cumulative, so the day is not added). Each cold start is an event of the
 * function (funcName, userID, pool), the published identity. The table says nothing of how long functions run.
 */
final class Huawei2025Reader {

    private static final List<String> COSTS = List.of("totalCost_cold_start", "podAllocationCost", "deployCodeCost",
            "deployDependencyCost", "schedulingCost");
    /** {@code pool24-600-512-0000577863}: millicores, MB, number of the pod. */
    private static final Pattern POD = Pattern.compile("(.+-\\d+-(\\d{1,7}))-[^-]*");
    private static final long BYTES_PER_MB = 1 << 20;
    private static final double NS_PER_S = 1e9;
    private static final double MOST_SECONDS = 1e9;

    private final ProblemLog problems = new ProblemLog();
    private final Quirks quirks = new Quirks();
    private final Map<FunctionKey, OptionalLong> functions = new LinkedHashMap<>();
    private final Map<FunctionKey, Integer> rows = new LinkedHashMap<>();
    private final EventLog.Builder events = new EventLog.Builder();
    private final double[][] costs = new double[COSTS.size()][1024];

    private Huawei2025Reader() {}

    /** @see TraceReader#read */
    static RecordedTrace read(Path path, int day) {
        Path file = DayFiles.choose(path, day);
        try {
            return new Huawei2025Reader().read(file);
        } catch (IOException e) {
            throw ProblemLog.fatal(file, "a file that cannot be read (" + e + ")", "a readable file");
        }
    }

    private RecordedTrace read(Path file) throws IOException {
        try (CsvTable table = new CsvTable(file, problems, quirks)) {
            int time = table.require("time");
            int function = table.require("funcName");
            int user = table.require("userID");
            int pod = table.require("podID");
            int[] costColumns = COSTS.stream().mapToInt(table::require).toArray();
            while (table.next()) {
                long ns = Math.round(table.nonNegative(time, MOST_SECONDS,
                        "a number of seconds since the start of the trace") * NS_PER_S);
                noteCosts(table, costColumns);
                Matcher match = POD.matcher(table.text(pod));
                if (!match.matches()) {
                    table.problem(pod, "a pod such as pool24-600-512-0000577863");
                    continue;
                }
                String id = table.text(function) + "---" + table.text(user) + "---" + match.group(1);
                FunctionKey key = new FunctionKey(table.text(user), table.text(function), id);
                functions.putIfAbsent(key, OptionalLong.of(Long.parseLong(match.group(2)) * BYTES_PER_MB));
                Integer row = rows.putIfAbsent(key, rows.size());
                events.add(ns, row == null ? rows.size() - 1 : row, -1);
            }
        }
        problems.throwIfAny();
        quirks.met(Quirk.UNSORTED, events.unsorted(), file, 0, "");
        quirks.met(Quirk.NO_DURATION_FILE, file, 0);
        EventLog log = events.build();
        int minutes = log.size() == 0 ? 0 : (int) (log.startNs(log.size() - 1) / MinuteCounts.MINUTE_NS) + 1;
        Map<String, ValueSummary> further = new LinkedHashMap<>();
        for (int i = 0; i < COSTS.size(); i++) {
            further.put(COSTS.get(i) + ", s", ValueSummary.of(Arrays.stream(costs[i], 0, log.size())
                    .filter(c -> !Double.isNaN(c)).toArray()));
        }
        List<TracedFunction> traced = new ArrayList<>();
        functions.forEach((key, memory) -> traced.add(new TracedFunction(key.owner(), key.app(), key.function(), "",
                Optional.empty(), memory)));
        return new RecordedTrace.Events(new TraceFacts(List.of(file), traced, 0, minutes, false, true, further,
                quirks.list()), log);
    }

    private void noteCosts(CsvTable table, int[] columns) {
        for (int i = 0; i < columns.length; i++) {
            if (costs[i].length == events.size()) {
                costs[i] = Arrays.copyOf(costs[i], 2 * costs[i].length);
            }
            if (table.isEmpty(columns[i])) {
                quirks.met(Quirk.EMPTY_VALUE, table.file(), table.line());
                costs[i][events.size()] = Double.NaN;
            } else {
                costs[i][events.size()] = table.nonNegative(columns[i], MOST_SECONDS,
                        "a number of seconds, not negative");
            }
        }
    }
}
