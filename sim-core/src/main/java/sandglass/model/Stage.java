package sandglass.model;

/** One stretch of a compiled plan. Stages are compiled once, shared by all sandboxes and keep no state of a walk. */
interface Stage {

    /** Where its time passes. */
    Place place();

    /** Draws how much time it needs, in ns, and books what happens on the way. Called once for each time it is passed. */
    long demandNs(Walk walk);
}
