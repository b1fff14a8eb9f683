package sandglass.model;

/**
 * The first invocation of a sandbox has met its pages: they were just copied from those that recycling copies back, so that this finds them in
 * the caches as if one had just ended.
 */
record Warming() implements Stage {

    @Override public Place place() {
        return Place.INSTANT;
    }

    @Override public long demandNs(Walk walk) {
        walk.hasMetItsPages();
        return 0;
    }
}
