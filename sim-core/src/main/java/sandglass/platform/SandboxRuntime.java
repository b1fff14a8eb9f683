package sandglass.platform;

/**
 * What carries sandboxes out: the model, or a real stack. Every verb returns at once and ends later with exactly one
 * call on the {@link SandboxListener} given at construction, on the timeline's thread; {@link #start} may also refuse
 * at once.
 */
public interface SandboxRuntime {

    /**
     * Makes a sandbox: CREATE, BOOT, INIT. Ends in {@code started}, {@code refused} (possibly before this returns) or
     * {@code failed}.
     */
    void start(Sandbox sandbox);

    /**
     * Sets aside the memory that serving this invocation on this idle sandbox takes at most, so that nothing runs out
     * of memory half-way: what READY would assign, and what the invocation may write. False, and nothing set aside, if
     * the host lacks it. A {@code true} is followed by {@link #run} at once.
     */
    default boolean admit(Sandbox sandbox, Invocation invocation) {
        return true;
    }

    /**
     * Runs one invocation that was admitted: READY if the sandbox is not assigned to its function yet, then RUN. Ends in {@code
     * completed} or {@code failed}.
     */
    void run(Sandbox sandbox, Invocation invocation);

    /**
     * Brings a sandbox back to its ready state without residue: RECYCLE. Ends in {@code recycled} or {@code failed}.
     */
    void recycle(Sandbox sandbox);

    /** Memory in bytes that evicting this idle sandbox would free; ranks candidates for eviction. One if unknown. */
    default double sizeBytes(Sandbox sandbox) {
        return 1;
    }

    /**
     * The measured time begins now: pools are ready and the warm-up is over. What was counted before does not count.
     * Called once in a run, possibly at time zero.
     */
    default void measuringBegins() {}

    /** The measured time ends now; sandboxes that are alive are evicted after it. Called once in a run. */
    default void measuringEnds() {}

    /** Destroys a sandbox: EVICT. Ends in {@code evicted}. */
    void evict(Sandbox sandbox);
}
