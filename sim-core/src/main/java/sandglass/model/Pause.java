package sandglass.model;

/** A fixed time that passes whatever else happens. */
record Pause(long ns) implements Stage {

    @Override public Place place() {
        return Place.ELAPSE;
    }

    @Override public long demandNs(Walk walk) {
        return ns;
    }
}
