package sandglass.result;

import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import sandglass.result.Interval.Method;

/**
 * The samples of one metric over all replications of a scenario: raw values concatenated, sketches merged. Moments are exact in both
 * cases; quantiles are type R-7 for raw values and within the sketch's 0.1 % otherwise.
 */
public final class Pooled {

    private final List<Samples> replications;
    private final double[] sorted;
    private final Histogram histogram;
    private final long n;
    private final double mean;
    private final double sd;

    private Pooled(List<Samples> replications) {
        this.replications = replications;
        n = replications.stream().mapToLong(Samples::n).sum();
        mean = replications.stream().mapToDouble(Pooled::sum).sum() / n;
        double squares = 0;
        for (Samples samples : replications) {
            if (samples.n() > 0) {
                double off = samples.mean() - mean;
                squares += samples.sd() * samples.sd() * (samples.n() - 1) + samples.n() * off * off;
            }
        }
        sd = n < 2 ? 0 : Math.sqrt(squares / (n - 1));
        if (replications.stream().allMatch(Samples.Raw.class::isInstance)) {
            sorted = replications.stream().flatMapToDouble(s -> Arrays.stream(((Samples.Raw) s).values())).sorted().toArray();
            histogram = null;
        } else {
            sorted = null;
            histogram = new Histogram(3);
            replications.forEach(this::addToHistogram);
        }
    }

    /** Merges the samples of independent replications, given in a fixed order. */
    public static Pooled of(List<Samples> replications) {
        return new Pooled(List.copyOf(replications));
    }

    private void addToHistogram(Samples samples) {
        if (samples instanceof Samples.Sketch sketch) {
            histogram.add(sketch.histogram());
        } else if (samples instanceof Samples.Raw raw) {
            Arrays.stream(raw.values()).forEach(value -> histogram.recordValue(Math.round(value)));
        }
    }

    public long n() {
        return n;
    }

    /** Mean over all samples; NaN if there are none. */
    public double mean() {
        return mean;
    }

    /** Standard deviation of all samples with n - 1; zero for fewer than two. */
    public double sd() {
        return sd;
    }

    public double min() {
        return replications.stream().filter(s -> s.n() > 0).mapToDouble(Samples::min).min().orElse(Double.NaN);
    }

    public double max() {
        return replications.stream().filter(s -> s.n() > 0).mapToDouble(Samples::max).max().orElse(Double.NaN);
    }

    /** The value below which the share {@code p} of all samples lies; NaN if there are none. */
    public double quantile(double p) {
        if (n == 0) {
            return Double.NaN;
        }
        if (sorted == null) {
            return Math.min(max(), Math.max(min(), histogram.getValueAtPercentile(100 * p)));
        }
        double at = p * (n - 1);
        int below = (int) at;
        return below + 1 >= n ? sorted[below] : sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
    }

    /** The sample of a rank, 1 to {@link #n}. */
    public double rank(long rank) {
        return sorted != null ? sorted[(int) rank - 1] : quantile((double) rank / n);
    }

    /**
     * Interval of {@link #mean}: over replications if there are at least two, else from the only one, by the batch means that it kept or,
     * of plain values, by {@link Intervals#singleRun}.
     */
    public Interval meanInterval(double confidence) {
        if (replications.size() > 1) {
            return Intervals.ratio(replications.stream().mapToDouble(Pooled::sum).toArray(),
                    replications.stream().mapToDouble(Samples::n).toArray(), confidence, Method.REPLICATIONS);
        }
        if (replications.size() == 1 && replications.get(0) instanceof Samples.Sketch sketch) {
            double[] batchMeans = sketch.batchMeans().stream().mapToDouble(Double::doubleValue).toArray();
            return Intervals.batchMeans(mean, batchMeans, confidence);
        }
        if (replications.isEmpty()) {
            return Interval.none(confidence);
        }
        Samples.Raw raw = (Samples.Raw) replications.get(0);
        return raw.batchMeans().length > 0 ? Intervals.batchMeans(mean, raw.batchMeans(), confidence)
                : Intervals.singleRun(raw.values(), confidence);
    }

    /**
     * Interval of a quantile. Where replications hold several samples each, these may depend on each other, so the ranks are widened by how
     * much the share below the quantile differs between replications (Woodruff, JASA 47, 1952, with replications as clusters);
     * otherwise the ranks are binomial.
     */
    public Interval quantileInterval(double p, double confidence) {
        if (!clustered()) {
            return Intervals.quantile(this::rank, n, p, confidence);
        }
        double half = Intervals.tQuantile(confidence, replications.size() - 1) * shareError(p);
        return new Interval(p - half <= 0 ? Double.NEGATIVE_INFINITY : quantile(p - half),
                p + half >= 1 ? Double.POSITIVE_INFINITY : quantile(p + half), confidence, Method.REPLICATION_RANKS);
    }

    /** How many independent samples would know the share below this quantile as well as these do; at most {@link #n}. */
    double effectiveN(double p) {
        double error = clustered() ? shareError(p) : 0;
        return error == 0 ? n : Math.max(1, Math.min(n, p * (1 - p) / (error * error)));
    }

    private boolean clustered() {
        return replications.size() > 1 && replications.stream().anyMatch(s -> s.n() > 1);
    }

    /** Standard error of the share of samples up to the quantile, with replications as clusters. */
    private double shareError(double p) {
        double value = quantile(p);
        double[] below = replications.stream().mapToDouble(s -> countUpTo(s, value)).toArray();
        double[] counts = replications.stream().mapToDouble(Samples::n).toArray();
        Interval share = Intervals.ratio(below, counts, 0.5, Method.REPLICATIONS);
        return share.halfWidth() / Intervals.tQuantile(0.5, replications.size() - 1);
    }

    private static double countUpTo(Samples samples, double value) {
        if (samples instanceof Samples.Sketch sketch) {
            return sketch.n() == 0 ? 0 : sketch.histogram().getCountBetweenValues(0, Math.round(value));
        }
        return Arrays.stream(((Samples.Raw) samples).values()).filter(v -> v <= value).count();
    }

    private static double sum(Samples samples) {
        return samples.n() == 0 ? 0 : samples.mean() * samples.n();
    }
}
