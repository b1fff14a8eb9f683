package sandglass.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import sandglass.scenario.DiskImage;
import sandglass.scenario.Hop;
import sandglass.scenario.IoPath;
import sandglass.scenario.Phase;
import sandglass.scenario.Region;
import sandglass.scenario.Stack;
import sandglass.scenario.Step;
import sandglass.unit.Unit;

/**
 * Every calibration parameter that a stack names, listed independently of the simulator.
 *
 * @param name the parameter
 * @param units the units it may have there
 * @param neededBy what names it
 */
record Costs(String name, Set<Unit> units, String neededBy) {

    static List<Costs> of(Stack stack) {
        List<Costs> all = new ArrayList<>();
        add(all, stack.computeOverhead(), Set.of(Unit.RATIO), stack.name() + ".compute-overhead");
        add(all, stack.memory().dirtied(), Set.of(Unit.PAGES), stack.name() + ".dirtied");
        add(all, stack.memory().firstTouched(), Set.of(Unit.PAGES), stack.name() + ".first-touched");
        add(all, stack.memory().copiedBack(), Set.of(Unit.PAGES), stack.name() + ".copied-back");
        add(all, stack.memory().fetchedKept(), Set.of(Unit.BYTES), stack.name() + ".fetched-kept");
        add(all, stack.memory().sentKept(), Set.of(Unit.RATIO), stack.name() + ".sent-kept");
        stack.switchCosts().forEach((kind, cost) -> add(all, cost, Set.of(Unit.NANOSECONDS), stack.name() + ".switch-costs." + kind));
        for (Phase phase : Phase.values()) {
            for (Step step : stack.steps(phase)) {
                add(all, step.cost(), units(step.per()), stack.name() + "." + phase + "." + step.name());
            }
        }
        for (IoPath path : stack.paths().values()) {
            for (Hop hop : path.hops()) {
                String label = stack.name() + "." + path.name() + "." + hop.name();
                add(all, hop.cost(), Set.of(hop.per() == Hop.Per.BYTE ? Unit.NANOSECONDS_PER_BYTE : Unit.NANOSECONDS), label);
                add(all, hop.copyCost(), Set.of(Unit.NANOSECONDS_PER_BYTE), label);
            }
        }
        for (Region region : stack.memory().regions()) {
            add(all, region.size(), Set.of(Unit.BYTES), stack.name() + "." + region.name());
        }
        for (DiskImage.Part part : stack.disk().parts()) {
            add(all, part.size(), Set.of(Unit.BYTES), stack.name() + "." + part.name());
        }
        return all;
    }

    private static void add(List<Costs> all, String name, Set<Unit> units, String neededBy) {
        if (!name.isEmpty()) {
            all.add(new Costs(name, units, neededBy));
        }
    }

    private static Set<Unit> units(Step.Per per) {
        return switch (per) {
            case ONCE, MODULE, INVOCATION, FIRST_RUN, COOLED, DISPLACED, ARRIVAL, FOLLOW_UP, COOLED_ARRIVAL, NEIGHBOUR, UNSHARED, FIRST_TRANSFER,
                    DOCUMENT, TOUCH, WAIT -> Set.of(Unit.NANOSECONDS);
            case CODE_BYTE -> Set.of(Unit.NANOSECONDS, Unit.NANOSECONDS_PER_BYTE);
            case DIRTY_PAGE, IMAGE_PAGE, FIRST_TOUCH, SHARED_FIRST_TOUCH, SENT_PAGE, COPIED_PAGE, COOLED_COPIED_PAGE, DROPPED_PAGE ->
                    Set.of(Unit.NANOSECONDS, Unit.NANOSECONDS_PER_PAGE);
        };
    }
}
