package sandglass.model;

import sandglass.scenario.Uniforms;

/** The cost of a step's repetitions at the step's server. */
record Charge(Place place, boolean onCore, int wakeUps, Repetitions repetitions, Cost cost, Uniforms uniforms, Books books) implements Stage {

    @Override public long demandNs(Walk walk) {
        double n = repetitions.of(walk);
        if (n == 0) {
            return 0;
        }
        long ns = cost.draw(n, uniforms);
        if (onCore) {
            books.core(walk.tenant(), ns);
        }
        return ns;
    }
}
