package sandglass.kvm.soak;

import java.time.Duration;

/**
 * How long a soak is and how closely it is watched.
 *
 * @param seed        decides which program each invocation runs, with which event
 * @param first       index of the first invocation; with another, a part of a longer soak is repeated
 * @param invocations how many
 * @param jobs        how many at a time
 * @param inspectEvery after so many invocations a recycled unikernel is compared with the template
 * @param mostNs      how long it may last
 */
public record SoakConfig(long seed, long first, long invocations, int jobs, int inspectEvery, long mostNs) {

    /** Every thousandth unikernel inspected, no limit of time. */
    public static SoakConfig of(long seed, long invocations, int jobs) {
        return new SoakConfig(seed, 0, invocations, jobs, 1000, Long.MAX_VALUE);
    }

    /** The same, for a part of the soak. */
    public SoakConfig from(long index) {
        return new SoakConfig(seed, index, invocations, jobs, inspectEvery, mostNs);
    }

    /** The same, ended after some time. */
    public SoakConfig within(Duration most) {
        return new SoakConfig(seed, first, invocations, jobs, inspectEvery, most.toNanos());
    }

    /** The same, with another distance between inspections. */
    public SoakConfig inspectingEvery(int count) {
        return new SoakConfig(seed, first, invocations, jobs, count, mostNs);
    }
}
