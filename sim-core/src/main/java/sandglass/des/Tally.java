package sandglass.des;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * Moments and extremes of observations, each counting once, in constant memory and without cancellation (Welford,
 * Technometrics 4(3), 1962). What weights a level by its duration instead is a {@link TimeAverage}.
 */
public final class Tally {

    private long count;
    private double mean;
    private double squares;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    public void add(double value) {
        count++;
        double off = value - mean;
        mean += off / count;
        squares += off * (value - mean);
        min = Math.min(min, value);
        max = Math.max(max, value);
    }

    /** Adds everything that another tally has seen (Chan, Golub and LeVeque, The American Statistician 37(3), 1983). */
    public void addAll(Tally other) {
        if (other.count == 0) {
            return;
        }
        double off = other.mean - mean;
        long both = count + other.count;
        squares += other.squares + off * off * ((double) count / both) * other.count;
        mean += off * other.count / both;
        count = both;
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
    }

    /** Forgets everything: the end of a warm-up. */
    public void restart() {
        count = 0;
        mean = 0;
        squares = 0;
        min = Double.POSITIVE_INFINITY;
        max = Double.NEGATIVE_INFINITY;
    }

    public long count() {
        return count;
    }

    /** NaN if there are no observations. */
    public double mean() {
        return count == 0 ? Double.NaN : mean;
    }

    public double sum() {
        return mean * count;
    }

    /** Unbiased variance; NaN for fewer than two observations. */
    public double variance() {
        return count < 2 ? Double.NaN : squares / (count - 1);
    }

    public double standardDeviation() {
        return Math.sqrt(variance());
    }

    /** Positive infinity if there are no observations. */
    public double min() {
        return min;
    }

    /** Negative infinity if there are no observations. */
    public double max() {
        return max;
    }

    /**
     * Half the width of Student's interval for the mean of independent, roughly normal observations.
     *
     * @param confidence between 0 and 1, for example 0.95
     * @return NaN for fewer than two observations
     */
    public double halfWidth(double confidence) {
        if (count < 2) {
            return Double.NaN;
        }
        double t = new TDistribution(null, count - 1).inverseCumulativeProbability((1 + confidence) / 2);
        return t * Math.sqrt(variance() / count);
    }
}
