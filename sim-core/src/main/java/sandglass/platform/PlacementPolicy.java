package sandglass.platform;

/** What happens to an invocation for which no sandbox is ready. */
@FunctionalInterface
public interface PlacementPolicy {

    /** A decision. */
    enum Placement {
        /** A sandbox is made for it. */
        START,
        /** An idle sandbox of another owner is evicted, and then one is made for it. */
        MAKE_ROOM,
        /** It waits until a sandbox or room for one is free. */
        QUEUE,
        /** It is turned away. */
        REJECT
    }

    /**
     * Decides for one invocation.
     *
     * @param alive sandboxes alive on the host, whatever they do
     * @param evictable idle sandboxes that could make room
     * @param full whether the host has just refused a sandbox for lack of memory, or others wait for room already
     */
    Placement place(int alive, int evictable, boolean full);
}
