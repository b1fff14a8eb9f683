package sandglass.model;

import sandglass.scenario.Uniforms;

/**
 * Pages written. Takes no time of its own: what a first write costs, the stack's RUN steps per dirty page say.
 *
 * @param drawn how many, drawn anew each time, or null
 * @param fixed how many, if not drawn
 */
record Touch(Cost drawn, Uniforms uniforms, long fixed) implements Stage {

    @Override public Place place() {
        return Place.INSTANT;
    }

    @Override public long demandNs(Walk walk) {
        walk.touch(drawn == null ? fixed : Math.round(drawn.value(uniforms)));
        return 0;
    }
}
