package sandglass.calibration;

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
