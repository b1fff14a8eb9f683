package sandglass.scenario;

import java.util.Objects;

/**
 * For how long and how often a scenario runs.
 *
 * @param end when one replication ends
 * @param warmupNs start of the run that is left out of the statistics
 * @param repeat how many replications
 */
public record Length(End end, long warmupNs, Repeat repeat) {

    /** When one replication ends; arrivals stop there and what runs is finished, unless the policy says otherwise. */
    public sealed interface End {

        /** After this many invocations have arrived. */
        record Invocations(long count) implements End {
            public Invocations {
                if (count < 1) {
                    throw new IllegalArgumentException("at least one invocation, was " + count);
                }
            }
        }

        /** At this time. */
        record Duration(long ns) implements End {
            public Duration {
                if (ns < 1) {
                    throw new IllegalArgumentException("a length is above zero, was " + ns);
                }
            }
        }

        /** When the load has no more arrivals (a burst, a trace). */
        record LoadExhausted() implements End {}
    }

    /** How many replications are run. */
    public sealed interface Repeat {

        /** Exactly this many. */
        record Replications(int count) implements Repeat {
            public Replications {
                if (count < 1) {
                    throw new IllegalArgumentException("at least one replication, was " + count);
                }
            }
        }

        /** Until the interval of the mean of {@code metric} is narrow enough relative to the mean. */
        record UntilHalfWidth(String metric, double relativeHalfWidth, double confidence, int least, int most) implements Repeat {
            public UntilHalfWidth {
                if (!(relativeHalfWidth > 0 && relativeHalfWidth < 1) || !(confidence > 0 && confidence < 1) || least < 2 || most < least) {
                    throw new IllegalArgumentException("half-width and confidence lie within 0..1 and 2 <= least <= most");
                }
            }
        }
    }

    public Length {
        Objects.requireNonNull(end);
        Objects.requireNonNull(repeat);
        if (warmupNs < 0) {
            throw new IllegalArgumentException("warm-up must not be negative");
        }
    }
}
