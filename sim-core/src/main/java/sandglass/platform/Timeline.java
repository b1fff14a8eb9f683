package sandglass.platform;

/**
 * The answer to "what time is it" and "call me then": virtual in the simulator, the wall clock in the probe. Times are
 * integer nanoseconds since the start of the run. Callbacks run one at a time, in time order; those due at the same
 * instant run in the order in which they were scheduled.
 */
public interface Timeline {

    /** The current time in nanoseconds since the start of the run. */
    long nowNs();

    /** Makes an idle, reusable timer that calls {@code action} each time it fires. */
    Timer timer(Runnable action);
}
