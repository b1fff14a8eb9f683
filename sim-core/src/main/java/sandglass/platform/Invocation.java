package sandglass.platform;

/** One call of one function. Instances are reused: do not keep them past {@link SandboxListener#completed}. */
public final class Invocation {

    /** Index into the scenario's functions. */
    public int function;
    /** When it arrived, ns. */
    public long arrivalNs;
    /** When the function's code began to run, ns. */
    public long beginNs;
    /** Service time in ns that the trace gives, or -1: the function's work says. */
    public long serviceNs;
    /** Whether it had to wait for a sandbox to be made for it. */
    public boolean cold;
    /**
     * A uniform draw on (0, 1) made at arrival. Whoever carries the invocation out derives all its random times from
     * this, so that the k-th arrival brings the same work under every stack and policy (common random numbers).
     */
    public double draw;
    /** Which closed-loop client sent it, or -1. */
    public int client;

    /** Whether it arrived before the measured time, or after it. */
    boolean uncounted;
    /**
     * Neighbours in the line of those who wait, and the next of the same pool; {@code next} also links unused
     * instances.
     */
    Invocation previous;
    Invocation next;
    Invocation nextOfPool;

    /** Whether it arrived in the measured time, so that all it does counts, whenever it does it. */
    public boolean isCounted() {
        return !uncounted;
    }

    /** The draw of this index, uniform on (0, 1): {@link #draw} itself for 0, and what follows from it for the others. */
    public double draw(int index) {
        return index == 0 ? draw : Mix.uniform(draw, index);
    }
}
