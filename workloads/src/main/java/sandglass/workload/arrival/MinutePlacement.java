package sandglass.workload.arrival;

import sandglass.scenario.Load;
import sandglass.scenario.Uniforms;
import sandglass.workload.trace.MinuteCounts;

/**
 * Places the n arrivals of a function inside a minute, one after the other, without keeping them: times rise, lie in
 * [0, 60 s), and are exactly n.
 */
interface MinutePlacement {

    long MINUTE_NS = MinuteCounts.MINUTE_NS;

    /** A minute begins in which this function arrives {@code n > 0} times. */
    void begin(int function, int n);

    /** Time of the function's next arrival in ns since the start of the minute; to be called n times. */
    long nextNs(int function);

    /** The placement of this name for so many functions. */
    static MinutePlacement of(Load.Trace.Arrivals placement, int functions, Uniforms draws) {
        return switch (placement) {
            case EQUIDISTANT -> new Equidistant(functions);
            case UNIFORM -> new Uniform(functions, draws);
            case EXPONENTIAL -> new Exponential(functions, draws);
        };
    }

    /** The i-th of n at i·60 s/n, rounded down to the nanosecond. */
    final class Equidistant implements MinutePlacement {
        private final int[] counts;
        private final int[] next;

        Equidistant(int functions) {
            counts = new int[functions];
            next = new int[functions];
        }

        @Override
        public void begin(int function, int n) {
            counts[function] = n;
            next[function] = 0;
        }

        @Override
        public long nextNs(int function) {
            return next[function]++ * MINUTE_NS / counts[function];
        }
    }

    /**
     * n independent times, uniform over the minute, in order. With m still to come and the last at share t, the next is
     * the smallest of m uniform on (t, 1): one draw each, no sorting (Bentley and Saxe, ACM TOMS 6(3), 1980).
     */
    final class Uniform implements MinutePlacement {
        private final double[] last;
        private final int[] left;
        private final Uniforms draws;

        Uniform(int functions, Uniforms draws) {
            this.last = new double[functions];
            this.left = new int[functions];
            this.draws = draws;
        }

        @Override
        public void begin(int function, int n) {
            last[function] = 0;
            left[function] = n;
        }

        @Override
        public long nextNs(int function) {
            last[function] += (1 - last[function]) * smallestOf(left[function]--, draws.next());
            return nanos(last[function]);
        }
    }

    /**
     * The first at the start of the minute, then n - 1 of n exponential gaps that are scaled to fill the minute, the
     * n-th reaching to its end. Given the rest L of the minute and g gaps to come, the next is L times the smallest
     * of g - 1 uniform numbers: gaps scaled to a fixed sum are distributed so.
     */
    final class Exponential implements MinutePlacement {
        private final double[] last;
        private final int[] gapsLeft;
        private final boolean[] started;
        private final Uniforms draws;

        Exponential(int functions, Uniforms draws) {
            this.last = new double[functions];
            this.gapsLeft = new int[functions];
            this.started = new boolean[functions];
            this.draws = draws;
        }

        @Override
        public void begin(int function, int n) {
            last[function] = 0;
            gapsLeft[function] = n;
            started[function] = false;
        }

        @Override
        public long nextNs(int function) {
            if (!started[function]) {
                started[function] = true;
                return 0;
            }
            last[function] += (1 - last[function]) * smallestOf(--gapsLeft[function], draws.next());
            return nanos(last[function]);
        }
    }

    /** The smallest of m uniform numbers, by inversion: 1 - (1-u)^(1/m). */
    private static double smallestOf(int m, double u) {
        return -Math.expm1(Math.log1p(-u) / m);
    }

    private static long nanos(double share) {
        return Math.min((long) (share * MINUTE_NS), MINUTE_NS - 1);
    }
}
