package sandglass.plot;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import sandglass.plot.FigureSpec.Statistic;
import sandglass.result.Interval;
import sandglass.result.Intervals;
import sandglass.result.Measurement;
import sandglass.result.Metric;
import sandglass.result.Pooled;
import sandglass.result.RunResult;

/** One number to draw: a statistic of a metric over the replications of one scenario, with its 95 % interval. */
record Point(Metric metric, double value, Interval interval, long n, int replications) {

    /** The columns that {@link #cells} fills. */
    static final List<String> COLUMNS = List.of("metric", "unit", "statistic", "value", "ci95_low", "ci95_high", "ci_method", "n",
            "replications");

    /** The statistic over these runs; empty if none of them has a sample. */
    static Optional<Point> of(List<RunResult> runs, String metricId, Statistic statistic) {
        List<Measurement> measurements = measurements(runs, metricId);
        Pooled pooled = Pooled.of(measurements.stream().map(Measurement::samples).toList());
        if (pooled.n() == 0) {
            return Optional.empty();
        }
        double value = switch (statistic) {
            case MEAN -> pooled.mean();
            case P50 -> pooled.quantile(0.5);
            case P90 -> pooled.quantile(0.9);
            case P99 -> pooled.quantile(0.99);
            case MAX -> pooled.max();
        };
        Interval interval = switch (statistic) {
            case MEAN -> pooled.meanInterval(Intervals.CONFIDENCE);
            case P50 -> pooled.quantileInterval(0.5, Intervals.CONFIDENCE);
            case P90 -> pooled.quantileInterval(0.9, Intervals.CONFIDENCE);
            case P99 -> pooled.quantileInterval(0.99, Intervals.CONFIDENCE);
            case MAX -> Interval.none(Intervals.CONFIDENCE);
        };
        return Optional.of(new Point(measurements.get(0).metric(), value, interval, pooled.n(), measurements.size()));
    }

    /** The runs' measurements of a metric, in the order of seed and replication. */
    static List<Measurement> measurements(List<RunResult> runs, String metricId) {
        return runs.stream().sorted(Comparator.comparingLong(RunResult::seed).thenComparingInt(RunResult::replication))
                .flatMap(run -> run.measurement(metricId).stream()).toList();
    }

    List<Object> cells(Statistic statistic) {
        return List.of(metric.id(), metric.unit().symbol(), statistic.label(), value, interval.low(), interval.high(),
                interval.method().label(), n, replications);
    }
}
