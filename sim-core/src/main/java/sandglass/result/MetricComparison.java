package sandglass.result;

/**
 * One metric on both sides.
 *
 * @param nA, nB samples
 * @param median ratio of medians
 * @param p99 ratio of 99th percentiles; it decides nothing below {@link #P99_LEAST} samples on either side
 * @param tolerance largest |ratio - 1| at which the sides agree
 * @param declared whether the scenario declared the tolerance, or it is {@link Comparison#DEFAULT_TOLERANCE}
 */
public record MetricComparison(Metric metric, long nA, long nB, Ratio median, Ratio p99, double tolerance, boolean declared,
        Finding finding) {

    /** Fewer samples say nothing about a 99th percentile. */
    public static final long P99_LEAST = 100;

    /** What the ratios say. */
    public enum Finding {
        /** The medians' ratio lies within the tolerance, and no interval lies outside. */
        WITHIN,
        /** An interval lies wholly outside the tolerance. */
        OUTSIDE,
        /** The medians' ratio lies outside, but not its whole interval: more samples would tell. */
        UNDECIDED,
        /** Neither a time nor a metric with a declared tolerance. */
        REPORTED
    }

    /** {@code a / b} with its bootstrap interval; 1 if both are zero, infinite if only {@code b} is. */
    public record Ratio(double a, double b, double value, Interval interval) {

        boolean within(double tolerance) {
            return Math.abs(value - 1) <= tolerance;
        }

        /** Whether every value of the interval is farther from one than the tolerance. */
        boolean beyond(double tolerance) {
            return interval.low() > 1 + tolerance || interval.high() < 1 - tolerance;
        }
    }

    static Finding judge(Ratio median, Ratio p99, double tolerance, long samples) {
        if (median.beyond(tolerance) || samples >= P99_LEAST && p99.beyond(tolerance)) {
            return Finding.OUTSIDE;
        }
        return median.within(tolerance) ? Finding.WITHIN : Finding.UNDECIDED;
    }
}
