package sandglass.model;

import sandglass.scenario.Step;

/** How often a step repeats in the walk at hand. */
record Repetitions(Step.Per per, double times) {

    /** Guards {@link Math#ceil} against the rounding error of a product such as 10 x 0.1. */
    private static final double ROUNDING = 1e-9;

    double of(Walk walk) {
        return times * switch (per) {
            case ONCE -> 1;
            case DIRTY_PAGE -> walk.dirtyUnits();
            case IMAGE_PAGE -> walk.imagePages();
            case CODE_BYTE -> walk.codeBytes();
            case MODULE -> walk.modules();
        };
    }

    /** The same as a whole number, rounded up: half a crossing is a crossing. */
    long wholeOf(Walk walk) {
        return (long) Math.ceil(of(walk) - ROUNDING);
    }
}
