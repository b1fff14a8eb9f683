package sandglass.result;

import java.util.Arrays;
import java.util.function.LongToDoubleFunction;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;
import sandglass.result.Interval.Method;

/**
 * Confidence intervals of means and quantiles, as pure functions of the values. Formulas follow Law, Simulation Modeling and
 * Analysis, chapter 9 (replications, batch means), and David and Nagaraja, Order Statistics, section 7.1 (quantiles).
 */
public final class Intervals {

    /** The confidence of every interval in a summary. */
    public static final double CONFIDENCE = 0.95;
    /** Batches of one replication; between 10 and 30 is customary (Law, section 9.5.3). */
    public static final int BATCHES = 20;

    /** Fewest samples of one run that an interval is computed from; fewer cannot be tested for independence. */
    private static final int FEWEST = 5;

    private Intervals() {}

    /** Upper quantile of Student's t for a two-sided interval. */
    public static double tQuantile(double confidence, double degreesOfFreedom) {
        return new TDistribution(null, degreesOfFreedom).inverseCumulativeProbability((1 + confidence) / 2);
    }

    /** Student's t interval of the mean of independent values, one a replication; none for fewer than two. */
    public static Interval mean(double[] values, double confidence) {
        double[] ones = new double[values.length];
        Arrays.fill(ones, 1);
        return ratio(values, ones, confidence, Method.REPLICATIONS);
    }

    /**
     * Interval of {@code sum(sums) / sum(counts)} over independent pairs: the mean over all samples where the number of samples is
     * itself random. With equal counts it is the Student interval of the means (Law, section 9.5.3, the classical ratio estimator).
     *
     * @param sums sum of the samples of each replication or batch
     * @param counts number of samples of each
     */
    public static Interval ratio(double[] sums, double[] counts, double confidence, Method method) {
        int pairs = sums.length;
        double count = Arrays.stream(counts).sum();
        if (pairs < 2 || !(count > 0)) {
            return Interval.none(confidence);
        }
        double mean = Arrays.stream(sums).sum() / count;
        double squares = 0;
        for (int i = 0; i < pairs; i++) {
            double off = sums[i] - mean * counts[i];
            squares += off * off;
        }
        double half = tQuantile(confidence, pairs - 1) * Math.sqrt(squares / (pairs - 1) / pairs) / (count / pairs);
        return new Interval(mean - half, mean + half, confidence, method);
    }

    /** Interval of the mean of dependent values in the order of observation, by batch means; none for fewer than two values a batch. */
    public static Interval batchMeans(double[] inOrder, int batches, double confidence) {
        if (inOrder.length < 2 * batches) {
            return Interval.none(confidence);
        }
        double[] sums = new double[batches];
        double[] counts = new double[batches];
        for (int i = 0; i < inOrder.length; i++) {
            int batch = (int) ((long) i * batches / inOrder.length);
            sums[batch] += inOrder[i];
            counts[batch]++;
        }
        return ratio(sums, counts, confidence, Method.BATCH_MEANS);
    }

    /**
     * Interval of the mean from one replication alone: batch means if there are enough values, else Student's t over the values if they
     * pass {@link #looksIndependent}, else half as many batches, else none.
     */
    public static Interval singleRun(double[] inOrder, double confidence) {
        if (inOrder.length >= 5 * BATCHES) {
            return batchMeans(inOrder, BATCHES, confidence);
        }
        if (inOrder.length < FEWEST || !looksIndependent(inOrder)) {
            return batchMeans(inOrder, BATCHES / 2, confidence);
        }
        Interval student = mean(inOrder, confidence);
        return new Interval(student.low(), student.high(), confidence, Method.SAMPLES);
    }

    /**
     * Interval of the mean of one run of which only the means of equal batches are kept.
     *
     * @param mean over all values, including those of a last batch that was not full
     */
    public static Interval batchMeans(double mean, double[] batchMeans, double confidence) {
        if (batchMeans.length < BATCHES / 2) {
            return Interval.none(confidence);
        }
        double half = mean(batchMeans, confidence).halfWidth();
        return new Interval(mean - half, mean + half, confidence, Method.BATCH_MEANS);
    }

    /**
     * Whether von Neumann's ratio of mean square successive difference to variance gives no evidence of positive correlation at 5 %
     * (von Neumann, Annals of Mathematical Statistics 12, 1941). Fewer than four values, or equal ones, give none.
     */
    public static boolean looksIndependent(double[] inOrder) {
        int n = inOrder.length;
        double mean = Arrays.stream(inOrder).average().orElse(0);
        double squares = 0;
        double differences = 0;
        for (int i = 0; i < n; i++) {
            squares += (inOrder[i] - mean) * (inOrder[i] - mean);
            differences += i == 0 ? 0 : (inOrder[i] - inOrder[i - 1]) * (inOrder[i] - inOrder[i - 1]);
        }
        if (n < 4 || squares == 0) {
            return true;
        }
        double sd = 2 * Math.sqrt((n - 2.0) / ((double) n * n - 1));
        return differences / squares > 2 - new NormalDistribution(null, 0, 1).inverseCumulativeProbability(0.95) * sd;
    }

    /**
     * Interval of a quantile of independent values by order statistics: the narrowest symmetric pair of ranks that covers the quantile with
     * at least the confidence whatever the distribution. An end that would need a rank beyond the values is infinite.
     *
     * @param rank gives the value of a rank, 1 to {@code n}
     */
    public static Interval quantile(LongToDoubleFunction rank, long n, double p, double confidence) {
        if (n < 1) {
            return Interval.none(confidence);
        }
        double tail = (1 - confidence) / 2;
        long low;
        long high;
        if (n <= 100_000) {
            BinomialDistribution below = new BinomialDistribution(null, (int) n, p);
            int lowest = below.inverseCumulativeProbability(tail);
            low = below.cumulativeProbability(lowest) <= tail ? lowest + 1L : lowest;
            high = below.inverseCumulativeProbability(1 - tail) + 1L;
        } else {
            double half = new NormalDistribution(null, 0, 1).inverseCumulativeProbability(1 - tail) * Math.sqrt(n * p * (1 - p));
            low = (long) Math.floor(n * p - half);
            high = (long) Math.ceil(n * p + half) + 1;
        }
        return new Interval(low < 1 ? Double.NEGATIVE_INFINITY : rank.applyAsDouble(low),
                high > n ? Double.POSITIVE_INFINITY : rank.applyAsDouble(high), confidence, Method.ORDER_STATISTICS);
    }
}
