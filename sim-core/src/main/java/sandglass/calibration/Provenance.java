package sandglass.calibration;

import java.util.List;
import java.util.stream.Collectors;

/** Where a number comes from. */
public sealed interface Provenance {

    /** {@code measured}, {@code published} or {@code assumed}. */
    String origin();

    /** One line for a report. */
    String describe();

    /** Measured by the probe on a host. */
    record Measured(String host, String date, long n, String clock, String method) implements Provenance {
        @Override public String origin() {
            return "measured";
        }

        @Override public String describe() {
            return "measured on " + host + ", " + date + ", n=" + n + ", " + clock + " clock: " + method;
        }
    }

    /** Taken from a publication. */
    record Published(String system, String quantity, String source, String status) implements Provenance {
        @Override public String origin() {
            return "published";
        }

        @Override public String describe() {
            return system + ", " + quantity + " (" + source + "; " + status + ")";
        }
    }

    /**
     * Computed from published figures alone.
     *
     * @param from every figure that went in
     * @param derivation the arithmetic, so that a reader can repeat it
     */
    record Derived(List<Published> from, String derivation) implements Provenance {
        public Derived {
            from = List.copyOf(from);
            if (from.isEmpty() || derivation.isBlank()) {
                throw new IllegalArgumentException("a derived number names at least one figure and how it was computed");
            }
        }

        @Override public String origin() {
            return "published";
        }

        @Override public String describe() {
            return from.stream().map(Published::describe).collect(Collectors.joining(" and ")) + ": " + derivation;
        }
    }

    /** Nobody published it; the reasoning stands here. */
    record Assumed(String reasoning) implements Provenance {
        @Override public String origin() {
            return "assumed";
        }

        @Override public String describe() {
            return "assumed: " + reasoning;
        }
    }
}
