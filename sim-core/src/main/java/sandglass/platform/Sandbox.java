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
    State state = State.STARTING;
    Function assigned;
    int functionIndex = -1;
    long createdNs;
    private Object attachment;

    Sandbox(long id) {
        this.id = id;
    }

    /** Number of the sandbox within its run, from 0 in the order of creation. */
    public long id() {
        return id;
    }

    public State state() {
        return state;
    }

    /** The function it is assigned to, or null while it can serve any of its runtime. */
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
