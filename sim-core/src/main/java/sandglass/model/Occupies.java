package sandglass.model;

import sandglass.scenario.Region;

/**
 * What an invocation makes its sandbox hold until that is gone, beside the pages it writes: taken when the invocation is admitted.
 *
 * @param met kinds of regions that it meets, as bits
 * @param keptBytes what its transfers leave, bytes
 */
record Occupies(int met, long keptBytes) implements Stage {

    static final Occupies NOTHING = new Occupies(0, 0);

    /** The same of a sandbox that has served before. */
    Occupies again() {
        return new Occupies(met | ImageLayout.bit(Region.MetBy.REPEATS), keptBytes);
    }

    @Override public Place place() {
        return Place.INSTANT;
    }

    @Override public long demandNs(Walk walk) {
        return 0;
    }
}
