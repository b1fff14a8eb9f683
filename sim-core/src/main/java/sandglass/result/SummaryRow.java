package sandglass.result;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One metric of one scenario over all its replications.
 *
 * @param n samples in all; {@code replications} how many runs they come from
 * @param mean, sd, min, p50, p90, p99, p999, max in the metric's unit
 * @param meanInterval interval of the mean, with its method
 * @param p50Interval, p99Interval intervals of the quantiles
 * @param assumedShare share of the charged time that rests on assumed parameters, 0 to 1, over all replications
 * @param axes value of each varying axis
 */
public record SummaryRow(String experiment, String scenario, String stack, String executor, Metric metric, Clock clock, int replications,
        long n, double mean, double sd, double min, double p50, double p90, double p99, double p999, double max, Interval meanInterval,
        Interval p50Interval, Interval p99Interval, double assumedShare, Map<String, String> axes) {

    private static final List<String> FIXED = List.of("experiment", "scenario", "stack", "executor", "metric", "unit", "n", "mean", "sd",
            "min", "p50", "p90", "p99", "p999", "max", "ci95_low", "ci95_high", "assumed_share", "ci_method");

    public SummaryRow {
        axes = Collections.unmodifiableMap(new TreeMap<>(axes));
    }

    /**
     * The columns of {@code summary.csv} for these rows: the fixed ones, then one an axis. An axis that has the name of a fixed column
     * ({@code stack}) is that column.
     */
    public static List<String> columns(List<SummaryRow> rows) {
        List<String> columns = new ArrayList<>(FIXED);
        rows.stream().flatMap(row -> row.axes().keySet().stream()).distinct().sorted().filter(axis -> !FIXED.contains(axis))
                .forEach(columns::add);
        return columns;
    }

    /** The cells of this row under {@link #columns}; empty where there is no value. */
    public List<String> cells(List<String> columns) {
        List<String> cells = new ArrayList<>(List.of(experiment, scenario, stack, executor, metric.id(), metric.unit().symbol(),
                Long.toString(n), number(mean), number(sd), number(min), number(p50), number(p90), number(p99), number(p999), number(max),
                number(meanInterval.low()), number(meanInterval.high()), number(assumedShare), meanInterval.method().label()));
        columns.stream().skip(FIXED.size()).forEach(axis -> cells.add(axes.getOrDefault(axis, "")));
        return cells;
    }

    /** The shortest text that reads back as the same number; whole numbers without a point; empty for NaN and infinity. */
    public static String number(double value) {
        if (!Double.isFinite(value)) {
            return "";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : Double.toString(value);
    }
}
