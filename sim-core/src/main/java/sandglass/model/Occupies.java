package sandglass.model;

import sandglass.scenario.Region;

/**
 * What an invocation makes its sandbox hold until that is gone, beside the pages it writes: taken when the invocation is admitted.
 *
 * @param met kinds of regions that it meets, as bits
 * @param keptBytes what its transfers leave, bytes
 * @param again the same of a sandbox that has served before
 */
record Occupies(int met, long keptBytes, Occupies again) implements Stage {

    static final Occupies NOTHING = new Occupies(0, 0);

    Occupies(int met, long keptBytes) {
        this(met, keptBytes, new Occupies(met | ImageLayout.bits(Region.MetBy.REPEATS), keptBytes, null));
    }

    @Override public Place place() {
        return Place.INSTANT;
    }

    @Override public long demandNs(Walk walk) {
        return 0;
    }
}
