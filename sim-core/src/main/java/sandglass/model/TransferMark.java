package sandglass.model;

import sandglass.scenario.Op;

/** The beginning or the end of a get or post, for whoever measures how long it took. */
record TransferMark(Op op, boolean begins) implements Stage {

    @Override public Place place() {
        return Place.MARK;
    }

    @Override public long demandNs(Walk walk) {
        return 0;
    }
}
