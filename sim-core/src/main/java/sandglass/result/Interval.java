package sandglass.result;

import java.util.Objects;

/**
 * A confidence interval, or the statement that none can be given.
 *
 * @param low, high its ends in the unit of the metric; NaN where there is none, infinite where it is open on that side
 * @param confidence the share of such intervals that cover the true value, 0 to 1
 * @param method how it was computed
 */
public record Interval(double low, double high, double confidence, Method method) {

    /** How an interval was computed. */
    public enum Method {
        /** Student's t over one value (or one sum and count) per replication. */
        REPLICATIONS("Student t over replications"),
        /** Student's t over the means of consecutive batches of one replication. */
        BATCH_MEANS("Student t over batch means"),
        /** Student's t over samples that pass a test of independence. */
        SAMPLES("Student t over independent samples"),
        /** Order statistics with binomial ranks, for independent samples. */
        ORDER_STATISTICS("binomial ranks"),
        /** Ranks widened by how much the replications differ. */
        REPLICATION_RANKS("ranks, spread over replications"),
        /** Percentiles of a seeded bootstrap. */
        BOOTSTRAP("bootstrap"),
        /** No interval: too few values, or too dependent ones. */
        NONE("none");

        private final String label;

        Method(String label) {
            this.label = label;
        }

        /** A few words for tables. */
        public String label() {
            return label;
        }
    }

    public Interval {
        Objects.requireNonNull(method);
        if (low > high) {
            throw new IllegalArgumentException("interval from " + low + " to " + high);
        }
    }

    /** The statement that no interval can be given. */
    public static Interval none(double confidence) {
        return new Interval(Double.NaN, Double.NaN, confidence, Method.NONE);
    }

    /** Whether there is an interval at all. */
    public boolean known() {
        return method != Method.NONE;
    }

    /** Half of the width; NaN if there is no interval. */
    public double halfWidth() {
        return (high - low) / 2;
    }

    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** Whether the two have a point in common; false if one of them is unknown. */
    public boolean overlaps(Interval other) {
        return low <= other.high && other.low <= high;
    }
}
