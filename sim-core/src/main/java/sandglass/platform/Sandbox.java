package sandglass.platform;

import sandglass.scenario.Function;

/** One running instance of a stack for one function (or, unassigned, for any function of a runtime). */
public final class Sandbox {

    /** What a sandbox is doing. */
    public enum State {
        STARTING,
        IDLE,
        RUNNING,
        RECYCLING,
        EVICTING,
        GONE
    }

    /** An expiry that never comes. */
    static final long NEVER = Long.MAX_VALUE;

    private final long id;
    private final Function madeFor;
    private final long createdNs;
    private Object attachment;

    State state = State.STARTING;
    Function assigned;
    /** Where it belongs; changes once, when an owner takes it from a pool of its runtime. */
    Pool pool;
    /** What it was made for or runs; null otherwise. */
    Invocation invocation;
    /** Whether it was made because its pool expects a call; then the pool says how long it stays. */
    boolean broughtBack;
    long readyNs = -1;

    /** Since when it does what it does, and the phases reported since then. */
    long sinceNs;
    long reportedNs;
    /** Sums over its life. */
    long phasesNs;
    long idleNs;
    long createNs;
    long bootNs;
    long initNs;

    /** When it leaves if nobody calls; the timer may be armed for an earlier time and is then armed again. */
    long expiryNs = NEVER;
    long armedForNs;
    Timer expiry;
    /** Its place among the idle: rank within its pool, index within the host, and what greedy-dual eviction needs. */
    long order;
    int idleIndex = -1;
    double clockAtIdle;
    long usesAtIdle;

    Sandbox(long id, Function madeFor, Pool pool, long createdNs) {
        this.id = id;
        this.madeFor = madeFor;
        this.pool = pool;
        this.createdNs = createdNs;
        this.sinceNs = createdNs;
    }

    /** Number of the sandbox within its run, from 0 in the order of creation. */
    public long id() {
        return id;
    }

    public State state() {
        return state;
    }

    /**
     * The function whose runtime, and on a stack that is not interchangeable whose code and memory, the sandbox is made
     * with; on an interchangeable stack any function of the runtime stands for all. Never null.
     */
    public Function madeFor() {
        return madeFor;
    }

    /**
     * The function it was last assigned to, or null if none was since it was made or recycled: then its next run begins
     * with READY. The platform hands an assigned sandbox to no other owner, so that an assigned sandbox never needs
     * READY.
     */
    public Function assigned() {
        return assigned;
    }

    /** When its making began, ns. */
    public long createdNs() {
        return createdNs;
    }

    /** What the runtime keeps for this sandbox. */
    public Object attachment() {
        return attachment;
    }

    public void attach(Object value) {
        attachment = value;
    }

    /** How long making it took, ns. */
    long startNs() {
        return readyNs - createdNs;
    }

    @Override
    public String toString() {
        return "sandbox " + id + " (" + state + ", made for " + madeFor.name() + " at " + createdNs + " ns)";
    }
}
