package sandglass.kvm.atom;

import java.util.List;
import java.util.Objects;
import sandglass.result.Guard;

/** What came out for one quantity of an atom. */
public sealed interface Reading {

    /** Most values that are kept; of more, a subset that has the same distribution ({@link Sample#values}). */
    int MOST_VALUES = 1000;

    /** The quantity's parameter. */
    String parameter();

    /**
     * Values that count: every guard holds.
     *
     * @param values in the quantity's unit, in the order of observation if {@code n} is their number; treat as read-only
     * @param n      how many observations there were, at least as many as values
     * @param guards the checks that held; empty only where nothing independent counts
     */
    record Measured(String parameter, double[] values, long n, List<Guard> guards) implements Reading {
        public Measured {
            Objects.requireNonNull(parameter);
            guards = List.copyOf(guards);
            if (values.length == 0 || values.length > MOST_VALUES || n < values.length) {
                throw new IllegalArgumentException(parameter + ": " + values.length + " values of " + n);
            }
            for (Guard guard : guards) {
                if (!guard.ok()) {
                    throw new IllegalArgumentException(parameter + ": guard " + guard.name() + " does not hold");
                }
            }
        }
    }

    /** This host or this program cannot measure it: why, and what the user can do about it. */
    record Unsupported(String parameter, String reason, String remedy) implements Reading {
        public Unsupported {
            Objects.requireNonNull(parameter);
            Objects.requireNonNull(reason);
            Objects.requireNonNull(remedy);
        }
    }
}
