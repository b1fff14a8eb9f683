package sandglass.result;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The difference of a metric between two scenarios whose replications met the same random numbers, taken replication by replication (Law,
 * Simulation Modeling and Analysis, sections 10.2.1 and 11.2).
 *
 * @param pairs replications that both have
 * @param meanA, meanB average over the replications' means
 * @param difference average of {@code a - b}, with its interval
 * @param ratio geometric mean of {@code a / b}; NaN unless every mean is above zero
 * @param varianceReduction variance that independent runs would have given the difference, divided by the one it has; above 1 where
 *     common random numbers helped, infinite if the difference is always the same, NaN if nothing varies
 */
public record PairedDifference(String metric, int pairs, double meanA, double meanB, double difference, Interval differenceInterval,
        double ratio, Interval ratioInterval, double varianceReduction) {

    /**
     * Pairs the replications of two scenarios by seed and replication number.
     *
     * @throws IllegalArgumentException if fewer than two replications pair up for this metric
     */
    public static PairedDifference of(List<RunResult> a, List<RunResult> b, String metric, double confidence) {
        Map<String, Double> first = means(a, metric);
        Map<String, Double> second = means(b, metric);
        List<String> common = first.keySet().stream().filter(second::containsKey).toList();
        if (common.size() < 2) {
            throw new IllegalArgumentException("metric " + metric + " has " + common.size()
                    + " replications with the same seed and number on both sides; a paired difference needs two");
        }
        return of(metric, common.stream().mapToDouble(first::get).toArray(), common.stream().mapToDouble(second::get).toArray(), confidence);
    }

    /** From one value a replication on each side, in the same order. */
    static PairedDifference of(String metric, double[] a, double[] b, double confidence) {
        int pairs = a.length;
        double[] differences = new double[pairs];
        double[] logs = new double[pairs];
        boolean positive = true;
        for (int i = 0; i < pairs; i++) {
            differences[i] = a[i] - b[i];
            positive &= a[i] > 0 && b[i] > 0;
            logs[i] = positive ? Math.log(a[i] / b[i]) : Double.NaN;
        }
        Interval log = positive ? Intervals.mean(logs, confidence) : Interval.none(confidence);
        Interval ratioInterval = positive
                ? new Interval(Math.exp(log.low()), Math.exp(log.high()), confidence, log.method()) : Interval.none(confidence);
        double independent = variance(a) + variance(b);
        double paired = variance(differences);
        return new PairedDifference(metric, pairs, mean(a), mean(b), mean(differences), Intervals.mean(differences, confidence),
                positive ? Math.exp(mean(logs)) : Double.NaN, ratioInterval, independent / paired);
    }

    private static Map<String, Double> means(List<RunResult> runs, String metric) {
        Map<String, Double> means = new TreeMap<>();
        for (RunResult run : runs) {
            run.measurement(metric).filter(m -> m.samples().n() > 0)
                    .ifPresent(m -> means.put(run.seed() + " " + run.replication(), m.samples().mean()));
        }
        return means;
    }

    private static double mean(double[] values) {
        return Samples.Raw.of(values).mean();
    }

    private static double variance(double[] values) {
        double sd = Samples.Raw.of(values).sd();
        return sd * sd;
    }
}
