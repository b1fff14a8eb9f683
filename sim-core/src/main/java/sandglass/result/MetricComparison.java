package sandglass.result;

/**
 * One metric on both sides.
 *
 * @param nA, nB samples
 * @param median ratio of medians
 * @param p99 ratio of 99th percentiles; it decides nothing below {@link #P99_LEAST} samples on either side
 * @param tolerance largest |ratio - 1| of medians at which the sides agree; twice that of 99th percentiles
 * @param declared whether the scenario declared the tolerance, or it is {@link Comparison#DEFAULT_TOLERANCE}
 * @param noise by how much the second side differed from itself when it was measured twice
 */
public record MetricComparison(Metric metric, long nA, long nB, Ratio median, Ratio p99, double tolerance, boolean declared,
        Noise noise, Finding finding) {

    /** Fewer samples say nothing about a 99th percentile. */
    public static final long P99_LEAST = 100;

    /** A 99th percentile is uncertain to a multiple of what the median is. */
    static final double P99_TOLERANCES = 2;

    /**
     * |ratio - 1| of one side's two measurements of the same thing; zero where there was only one.
     *
     * @param median of medians
     * @param p99 of 99th percentiles
     */
    public record Noise(double median, double p99) {
        /** Measured once. */
        public static final Noise UNKNOWN = new Noise(0, 0);
    }

    /** What the ratios say. */
    public enum Finding {
        /** The medians' ratio lies within the tolerance, and no interval lies outside. */
        WITHIN,
        /** The same, but the second side differs from itself by more than the tolerance: no agreement beyond that can be claimed. */
        WITHIN_NOISE,
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

    /** The largest |ratio - 1| of 99th percentiles at which the sides agree. */
    public double p99Tolerance() {
        return P99_TOLERANCES * tolerance;
    }

    static Finding judge(Ratio median, Ratio p99, double tolerance, Noise noise, long samples) {
        double ofMedians = Math.max(tolerance, noise.median());
        double ofP99s = Math.max(P99_TOLERANCES * tolerance, noise.p99());
        boolean far = samples >= P99_LEAST;
        if (median.beyond(ofMedians) || far && p99.beyond(ofP99s)) {
            return Finding.OUTSIDE;
        }
        if (!median.within(ofMedians)) {
            return Finding.UNDECIDED;
        }
        boolean noisy = noise.median() > tolerance || far && noise.p99() > P99_TOLERANCES * tolerance;
        return noisy ? Finding.WITHIN_NOISE : Finding.WITHIN;
    }
}
