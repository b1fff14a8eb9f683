package sandglass.result;

/**
 * One metric on both sides.
 *
 * @param nA, nB samples
 * @param median ratio of medians
 * @param p99 ratio of 99th percentiles; it decides nothing below {@link #P99_LEAST} samples on either side
 * @param tolerance largest |ratio - 1| of medians at which the sides agree; twice that of 99th percentiles
 * @param declared whether the scenario declared the tolerance, or it is {@link Comparison#DEFAULT_TOLERANCE}
 * @param noise by how much two measurements of the second side differ
 */
public record MetricComparison(Metric metric, long nA, long nB, Ratio median, Ratio p99, double tolerance, boolean declared,
        Noise noise, Finding finding) {

    /** Fewer samples say nothing about a 99th percentile. */
    public static final long P99_LEAST = 100;

    /** A 99th percentile is uncertain to a multiple of what the median is. */
    static final double P99_TOLERANCES = 2;

    /**
     * The larger over the smaller of one side's two measurements of the same thing, less one; zero where there was only one. What it lets
     * pass is symmetric: of a noise of 1 half as much and twice as much.
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

        /** Whether it is within the tolerance, or within a noise that is larger. */
        public boolean within(double tolerance, double noise) {
            return value >= lowest(tolerance, noise) && value <= highest(tolerance, noise);
        }

        /** Whether every value of the interval is farther from one than the tolerance and the noise. */
        public boolean beyond(double tolerance, double noise) {
            return interval.low() > highest(tolerance, noise) || interval.high() < lowest(tolerance, noise);
        }

        private static double lowest(double tolerance, double noise) {
            return Math.min(1 - tolerance, 1 / (1 + noise));
        }

        private static double highest(double tolerance, double noise) {
            return 1 + Math.max(tolerance, noise);
        }
    }

    /** The largest |ratio - 1| of 99th percentiles at which the sides agree. */
    public double p99Tolerance() {
        return P99_TOLERANCES * tolerance;
    }

    static Finding judge(Ratio median, Ratio p99, double tolerance, Noise noise, long samples) {
        double p99Tolerance = P99_TOLERANCES * tolerance;
        boolean far = samples >= P99_LEAST;
        if (median.beyond(tolerance, noise.median()) || far && p99.beyond(p99Tolerance, noise.p99())) {
            return Finding.OUTSIDE;
        }
        if (!median.within(tolerance, noise.median())) {
            return Finding.UNDECIDED;
        }
        boolean noisy = noise.median() > tolerance || far && noise.p99() > p99Tolerance;
        return noisy ? Finding.WITHIN_NOISE : Finding.WITHIN;
    }
}
