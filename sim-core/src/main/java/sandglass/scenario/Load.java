package sandglass.scenario;

import java.util.Objects;
import sandglass.unit.Distribution;

/** Where invocations come from. */
public sealed interface Load {

    /** Each of {@code clients} sends, waits for the answer, thinks (ns), and sends again. */
    record Closed(int clients, Distribution thinkNs) implements Load {
        public Closed {
            Objects.requireNonNull(thinkNs);
            requirePositive("clients", clients);
        }
    }

    /**
     * Arrivals with independent gaps (ns); exponential gaps make it Poisson. With several functions, each arrival picks one by Zipf's law with
     * this exponent (0: uniformly).
     */
    record Open(Distribution gapNs, double zipfExponent) implements Load {
        public Open {
            Objects.requireNonNull(gapNs);
            if (!(zipfExponent >= 0)) {
                throw new IllegalArgumentException("Zipf exponent must not be negative, was " + zipfExponent);
            }
        }
    }

    /** {@code size} invocations at once, {@code rounds} times, {@code gapNs} apart. */
    record Burst(int size, int rounds, long gapNs) implements Load {
        public Burst {
            requirePositive("size", size);
            requirePositive("rounds", rounds);
            if (gapNs < 0) {
                throw new IllegalArgumentException("the gap between bursts must not be negative, was " + gapNs);
            }
        }
    }

    /** {@code sandboxes} are created one after the other and kept; each serves {@code invocationsEach}: for memory over N. */
    record Population(int sandboxes, int invocationsEach) implements Load {
        public Population {
            requirePositive("sandboxes", sandboxes);
            if (invocationsEach < 0) {
                throw new IllegalArgumentException("invocations must not be negative");
            }
        }
    }

    /**
     * Replays a recorded trace.
     *
     * @param format one of the trace formats, for example {@code azure-2019}
     * @param path file or directory
     * @param arrivals how arrivals are placed inside a minute where the trace only counts them
     * @param durations how durations are drawn
     * @param missingDuration, missingMemory what to do with a function that lacks them
     * @param fromMinute first minute replayed, counted from the start of the trace
     * @param minutes how many minutes are replayed; {@link Integer#MAX_VALUE} for all
     * @param day for multi-day directories: the file number, 1-based; 0 means the only one there
     * @param speed factor by which the trace's time is compressed
     */
    record Trace(String format, String path, Arrivals arrivals, Durations durations, Missing missingDuration, Missing missingMemory,
            Service service, int fromMinute, int minutes, int day, double speed) implements Load {

        /** Placement of the n arrivals of a minute. */
        public enum Arrivals {
            EQUIDISTANT,
            UNIFORM,
            EXPONENTIAL
        }

        /** How a duration is drawn. */
        public enum Durations {
            AVERAGE,
            PERCENTILES
        }

        /** What to do with a function whose row is missing in a file. */
        public enum Missing {
            /** Leave the function out. */
            DROP,
            /** Use the median of the functions that have one. */
            MEDIAN
        }

        /** What a recorded duration means to the host. */
        public enum Service {
            /** Time that passes whatever else runs (it contained waiting where it was recorded). */
            WAIT,
            /** Demand on one core. */
            COMPUTE
        }

        public Trace {
            Objects.requireNonNull(format);
            Objects.requireNonNull(path);
            requirePositive("minutes", minutes);
            if (fromMinute < 0 || !(speed > 0)) {
                throw new IllegalArgumentException("first minute must not be negative and speed must be above zero");
            }
        }
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, was " + value);
        }
    }
}
