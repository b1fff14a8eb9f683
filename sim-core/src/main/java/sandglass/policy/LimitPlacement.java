package sandglass.policy;

import sandglass.platform.PlacementPolicy;

/**
 * Starts below the limit; at the limit, or where memory is short, has an idle sandbox leave, and failing that queues or
 * rejects.
 */
record LimitPlacement(int limit, Placement atLimit) implements PlacementPolicy {

    @Override
    public Placement place(int alive, int evictable, boolean full) {
        if (!full && alive < limit) {
            return Placement.START;
        }
        return evictable > 0 ? Placement.MAKE_ROOM : atLimit;
    }
}
