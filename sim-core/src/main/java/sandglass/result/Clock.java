package sandglass.result;

/** The clock a measurement was taken with. */
public enum Clock {
    /** The simulator's own. */
    VIRTUAL,
    /** Monotonic wall clock. */
    WALL,
    /** CPU time of the measured thread or process. */
    CPU,
    /** The guest's time-stamp counter. */
    GUEST_TSC,
    /** No clock: a count or a size. */
    NONE
}
