package sandglass.result;

import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The values of one measurement: all of them while they are few, a mergeable sketch when they are many. Quantiles are type
 * R-7 for raw values and within the sketch's 0.1 % for a sketch.
 */
public sealed interface Samples {

    /** Most values that are kept raw. */
    int RAW_LIMIT = 1000;

    /** How many values. */
    long n();

    double mean();

    /** Standard deviation with n - 1; zero for fewer than two values. */
    double sd();

    double min();

    double max();

    /** The value below which the share {@code p} of values lies, {@code 0 <= p <= 1}; NaN if there are none. */
    double quantile(double p);

    /**
     * Every value, in the order of observation. Arrays are not copied; treat them as read-only.
     *
     * @param batchMeans where the one value is an average over a run: the averages over equal parts of it, for an interval; else empty
     */
    record Raw(double[] values, double[] batchMeans) implements Samples {

        private static final double[] NONE = {};

        public Raw(double[] values) {
            this(values, NONE);
        }

        /** The average over a run, with the averages over equal parts of it. */
        public static Raw mean(double mean, double[] batchMeans) {
            return new Raw(new double[] {mean}, batchMeans);
        }

        public static Raw of(double... values) {
            return new Raw(values);
        }

        @Override public long n() {
            return values.length;
        }

        @Override public double mean() {
            return Arrays.stream(values).average().orElse(Double.NaN);
        }

        @Override public double sd() {
            double mean = mean();
            return values.length < 2 ? 0 : Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1));
        }

        @Override public double min() {
            return Arrays.stream(values).min().orElse(Double.NaN);
        }

        @Override public double max() {
            return Arrays.stream(values).max().orElse(Double.NaN);
        }

        @Override public double quantile(double p) {
            if (values.length == 0) {
                return Double.NaN;
            }
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            double at = p * (sorted.length - 1);
            int below = (int) at;
            return below + 1 >= sorted.length ? sorted[below] : sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
        }

        @Override public boolean equals(Object other) {
            return other instanceof Raw that && Arrays.equals(values, that.values) && Arrays.equals(batchMeans, that.batchMeans);
        }

        @Override public int hashCode() {
            return Arrays.hashCode(values);
        }
    }

    /**
     * A histogram of whole numbers with relative error 0.1 %, beside the exact moments.
     *
     * @param histogram values in the metric's unit, rounded; treat as read-only
     * @param batchMeans means of consecutive batches of equal size in the order of observation, for an interval from one run; empty if the
     *     order is not known
     */
    record Sketch(Histogram histogram, double mean, double sd, double min, double max, List<Double> batchMeans) implements Samples {

        public Sketch {
            batchMeans = List.copyOf(batchMeans);
        }

        /** A sketch of values whose order is not known. */
        public Sketch(Histogram histogram, double mean, double sd, double min, double max) {
            this(histogram, mean, sd, min, max, List.of());
        }

        @Override public long n() {
            return histogram.getTotalCount();
        }

        @Override public double quantile(double p) {
            return n() == 0 ? Double.NaN : Math.min(max, Math.max(min, histogram.getValueAtPercentile(100 * p)));
        }
    }
}
