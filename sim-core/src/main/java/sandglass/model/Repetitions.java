package sandglass.model;

import sandglass.scenario.Step;

/**
 * How often a step repeats in the walk at hand.
 *
 * @param serving whether the step belongs to RUN, where a written page counts when it is written for the first time
 */
record Repetitions(Step.Per per, double times, boolean serving) {

    /** Guards {@link Math#ceil} against the rounding error of a product such as 10 x 0.1. */
    private static final double ROUNDING = 1e-9;

    double of(Walk walk) {
        return times * switch (per) {
            case ONCE, INVOCATION, WAIT -> 1;
            case DIRTY_PAGE -> serving ? walk.newlyDirty() : walk.dirtyPages();
            case IMAGE_PAGE -> walk.imagePages();
            case CODE_BYTE -> walk.codeBytes();
            case MODULE -> walk.modules();
            case FIRST_RUN -> walk.firstRun() ? 1 : 0;
            case FIRST_TOUCH -> walk.firstRun() ? walk.firstTouched() : 0;
            case SHARED_FIRST_TOUCH -> walk.firstRun() && !walk.sharesNothing() ? walk.firstTouched() : 0;
            case COOLED -> walk.cooled();
            case DISPLACED -> walk.displaced() ? 1 - walk.cooled() : 0;
            case ARRIVAL -> walk.followsUp() ? 0 : 1;
            case FOLLOW_UP -> walk.followsUp() ? 1 : 0;
            case COOLED_ARRIVAL -> walk.followsUp() ? 0 : walk.controlPlaneCooled();
            case NEIGHBOUR -> !serving || walk.firstRun() ? walk.neighbours() : 0;
            case UNSHARED -> walk.sharesNothing() ? 1 : 0;
            case FIRST_TRANSFER -> walk.transferred() ? 0 : 1;
            case DOCUMENT -> walk.documents();
            case TOUCH -> walk.asksForMemory() ? 1 : 0;
            case SENT_PAGE -> walk.sentPages();
            case COPIED_PAGE -> walk.keptPages();
            case COOLED_COPIED_PAGE -> walk.cooled() * walk.keptPages();
            case DROPPED_PAGE -> walk.dirtyPages() - walk.keptPages();
        };
    }

    /** The same as a whole number, rounded up: half a crossing is a crossing. */
    long wholeOf(Walk walk) {
        return (long) Math.ceil(of(walk) - ROUNDING);
    }
}
