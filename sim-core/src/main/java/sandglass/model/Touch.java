package sandglass.model;

/**
 * Pages written. Takes no time of its own: what a first write costs, the stack's RUN steps per dirty page say.
 *
 * @param drawn how many, drawn anew for each invocation, or null
 * @param fixed how many, if not drawn
 * @param fresh whether of memory that the function has asked for, not of the image
 */
record Touch(Cost drawn, long fixed, boolean fresh) implements Stage {

    /** Which of an invocation's draws it is: far from those of its ops. */
    private static final int DRAW = Integer.MAX_VALUE;

    /** How many pages the walk's invocation writes here: the same whenever it is asked. */
    long pages(Walk walk) {
        return drawn == null ? fixed : Math.round(drawn.constant() ? drawn.mean() : drawn.valueAt(walk.uniform(DRAW)));
    }

    @Override public Place place() {
        return Place.INSTANT;
    }

    @Override public long demandNs(Walk walk) {
        walk.touch(pages(walk), fresh);
        return 0;
    }
}
