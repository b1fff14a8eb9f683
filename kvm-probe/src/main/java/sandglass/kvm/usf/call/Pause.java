package sandglass.kvm.usf.call;

/** Why a process must not continue after a system call. */
public enum Pause {
    /** It may continue. */
    NONE,
    /** It waits for a function to run: the read of the request device is still to be answered. */
    AWAITS_REQUEST,
    /** It delivered a result. */
    ANSWERED,
    /** It ended. */
    EXITED,
    /** It slept until its time was up. */
    OUT_OF_TIME,
    /** It sent more than it may. */
    OUTPUT_LIMIT
}
