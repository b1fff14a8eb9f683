package sandglass.model;

/** One stretch of a compiled plan. Stages are compiled once, shared by all sandboxes and keep no state of a walk. */
interface Stage {

    /** Where its time passes. */
    Place place();

    /** How often meanwhile a thread that has slept goes on: its time is in so many pieces and one more. */
    default int wakeUps() {
        return 0;
    }

    /** Draws how much time it needs, in ns, and books what happens on the way. Called once for each time it is passed. */
    long demandNs(Walk walk);
}
