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

    private final long id;
    private final Function madeFor;
    State state = State.STARTING;
    Function assigned;
    int functionIndex = -1;
    long createdNs;
    private Object attachment;

    Sandbox(long id, Function madeFor) {
        this.id = id;
        this.madeFor = madeFor;
    }

    /** Number of the sandbox within its run, from 0 in the order of creation. */
    public long id() {
        return id;
    }

    public State state() {
        return state;
    }

    /**
     * The function whose runtime, and on a stack that is not interchangeable whose code and memory, the sandbox is made with; on
     * an interchangeable stack any function of the runtime stands for all. Never null.
     */
    public Function madeFor() {
        return madeFor;
    }

    /**
     * The function it was last assigned to, or null if none was since it was made or recycled: then its next run begins with
     * READY. The platform hands an assigned sandbox to no other owner, so that an assigned sandbox never needs READY.
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
}
