package sandglass.platform;

/**
 * One reusable alarm of a {@link Timeline}: idle or armed for one instant. It may be armed again inside its own action.
 */
public interface Timer {

    /**
     * Arms the timer for an absolute time, moving it if it was armed already.
     *
     * @param timeNs nanoseconds since the start of the run, not before {@link Timeline#nowNs()}
     * @throws IllegalArgumentException if the time lies in the past
     */
    void at(long timeNs);

    /** Disarms the timer; does nothing if it is idle. */
    void cancel();

    /** Whether the timer is waiting to fire. */
    boolean armed();
}
