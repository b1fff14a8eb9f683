package sandglass.policy;

import sandglass.platform.PlacementPolicy;

/**
 * For a population, which nothing may leave: starts until the limit or the host's memory is reached, and then rejects.
 */
record PopulationPlacement(int limit) implements PlacementPolicy {

    @Override
    public Placement place(int alive, int evictable, boolean full) {
        return !full && alive < limit ? Placement.START : Placement.REJECT;
    }
}
