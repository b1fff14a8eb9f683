package sandglass.calibration;

/** Names of the parameters that belong to the host, whatever the stack: a calibration needs each only where a scenario uses it. */
public final class WellKnown {

    /** ns: one look of a polling thread at one flag in shared memory. Needed by polling notification. */
    public static final String POLLING_LOOK = "polling.look";

    /** ns/page: the kernel's samepage scanner looks at one page. Needed by sharing through KSM. */
    public static final String KSM_SCAN_PAGE = "ksm.scan-page";

    /** ns/page: what merging a page takes the scanner beyond looking at it. Used by sharing through KSM; if it is not known, nothing. */
    public static final String KSM_MERGE_PAGE = "ksm.merge-page";

    /** ns: what waking up takes the scanner beyond looking at pages. Used by sharing through KSM; if it is not known, nothing. */
    public static final String KSM_WAKE_UP = "ksm.wake-up";

    /** ns: how much longer than it was told to the scanner sleeps. Used by sharing through KSM; if it is not known, no longer. */
    public static final String KSM_OVERSLEEP = "ksm.oversleep";

    /** ns: time slice of the host's scheduler. With the guest's, lets a stack with a guest scheduler be scheduled twice. */
    public static final String HOST_QUANTUM = "scheduler.host-quantum";

    /** ns: for how long Linux lets a thread compute while another waits. With it cores are given out in slices; without, they are shared evenly. */
    public static final String SLICE = "linux.slice";

    /**
     * ratio, 0 to 1: who goes on after others had its core computes so much longer, of the time that they had, but of a slice at most: the caches
     * are theirs. Used with slices; if it is not known, nothing.
     */
    public static final String SLICE_LOSS = "linux.slice-loss";

    /** ns: for how long a thread runs at least before Linux lets one that was woken run instead. Used with slices; if it is not known, a slice. */
    public static final String WAKE_GRACE = "linux.wake-grace";

    /** ns: how much later a thread that was woken runs while another computes. Used with slices; if it is not known, it is not late. */
    public static final String LATE_WAKE = "linux.late-wake";

    /**
     * ns: how much later a thread that was woken runs while one computes on each core, so that it displaces one or waits. Used with late wake-ups;
     * if it is not known, these stand for it.
     */
    public static final String DISPLACING_WAKE = "linux.displacing-wake";

    /** 1: behind how many that compute one that is late is put at most. Used with late wake-ups; if it is not known, behind one. */
    public static final String LATE_WAKE_AHEAD = "linux.late-wake-ahead";

    /**
     * ratio, 0 to 1: the share of first touches and creations in one address space during which nobody else there can do such; if it is not known,
     * 0: only creations exclude each other. Kernels and numbers of cores differ in that.
     */
    public static final String ADDRESS_SPACE_EXCLUSIVE = "linux.address-space-exclusive";

    /** ns: time slice of a guest kernel's scheduler. */
    public static final String GUEST_QUANTUM = "scheduler.guest-quantum";

    /** cores: virtual processors of a guest that all sandboxes of one tenant share. Needed where a stack has such guests. */
    public static final String GUEST_CORES = "scheduler.guest-cores";

    /** ns: after so long without work, caches have lost all but 1/e of their warmth. Needed where a stack says what cold caches cost. */
    public static final String COOLING_TIME = "host.cooling-time";

    /** ns: the same for what the control plane uses; if it is not known, that of calls stands for it. */
    public static final String PLATFORM_COOLING_TIME = "platform.cooling-time";

    /** ns: the same for recycling, since the one before it ended; if it is not known, that of calls stands for it. */
    public static final String RECYCLE_COOLING_TIME = "recycle.cooling-time";

    /** ns: for how long after somebody has waited for a grace period of the kernel who comes is spared. Needed where a step waits so. */
    public static final String GRACE_MEMORY = "linux.grace-memory";

    private WellKnown() {}
}
