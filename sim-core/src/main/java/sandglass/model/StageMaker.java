package sandglass.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import sandglass.calibration.WellKnown;
import sandglass.scenario.Host;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.scenario.Scenario;
import sandglass.scenario.Server;
import sandglass.scenario.Stack;
import sandglass.scenario.Step;
import sandglass.scenario.Streams;
import sandglass.scenario.Uniforms;
import sandglass.unit.Unit;

/** Makes the stages that steps, hops and ops have in common, resolving each cost by name. */
final class StageMaker {

    private final Stack stack;
    private final boolean unlimitedCores;
    private final CostBook costs;
    private final Streams streams;
    private final Books books;
    private final Map<String, Uniforms> byPurpose = new HashMap<>();

    StageMaker(Scenario scenario, CostBook costs, Streams streams, Books books) {
        stack = scenario.stack();
        unlimitedCores = scenario.host().cores() == Host.UNLIMITED;
        this.costs = costs;
        this.streams = streams;
        this.books = books;
    }

    Books books() {
        return books;
    }

    Place place(Server server) {
        return Place.of(server == Server.ADDRESS_SPACE && exclusiveShare() == 0 ? Server.CPU : server, unlimitedCores);
    }

    /** The share of what is done in the address space that excludes others there, 0 to 1; 0 where the stack does nothing there. */
    double exclusiveShare() {
        boolean any = stack.lifecycle().values().stream().flatMap(List::stream).anyMatch(step -> step.server() == Server.ADDRESS_SPACE);
        return !any || !costs.has(WellKnown.ADDRESS_SPACE_EXCLUSIVE) ? 0
                : Math.min(1, costs.require(WellKnown.ADDRESS_SPACE_EXCLUSIVE, "server address-space", Unit.RATIO).mean());
    }

    /** The stream of this purpose, or null where the cost needs none. */
    Uniforms stream(String purpose, Cost cost) {
        return cost.constant() ? null : stream(purpose);
    }

    /** The stream of this purpose: one for all who name it. */
    Uniforms stream(String purpose) {
        return byPurpose.computeIfAbsent(purpose, streams::named);
    }

    /** The stages of one step: its switches on a core, then its cost at its server. */
    void step(List<Stage> stages, Phase phase, Step step) {
        step(stages, phase, step, phase == Phase.RUN);
    }

    /** The same for a step that belongs to {@code RUN} if it is {@code serving}, carried out within {@code phase}. */
    void step(List<Stage> stages, Phase phase, Step step, boolean serving) {
        String label = "step " + phase.name().toLowerCase(Locale.ROOT) + "." + step.name() + " of stack " + stack.name();
        Repetitions repetitions = new Repetitions(step.per(), step.times(), serving);
        crossings(stages, step.server().computes() ? step.server() : Server.CPU, phase, repetitions, step.switches(), label);
        if (!step.cost().isEmpty()) {
            Cost cost = costs.require(step.cost(), label, Unit.NANOSECONDS, rate(step.per()));
            stages.add(new Charge(place(step.server()), step.server().computes(), step.wakeUps(), repetitions, cost,
                    stream("cost." + phase + "." + step.name(), cost), books));
        }
    }

    /** The stage of some mode switches, if there are any, whose time passes at {@code server}. */
    void crossings(List<Stage> stages, Server server, Phase phase, Repetitions repetitions, Map<ModeSwitch, ? extends Number> switches,
            String neededBy) {
        List<Crossings.Kind> kinds = new ArrayList<>();
        new TreeMap<>(switches).forEach((kind, times) -> {
            if (times.longValue() != 0) {
                Cost cost = switchCost(kind, neededBy);
                kinds.add(new Crossings.Kind(kind, times.longValue(), cost, stream("switch." + phase + "." + kind, cost)));
            }
        });
        if (!kinds.isEmpty()) {
            stages.add(new Crossings(place(server), phase, repetitions, List.copyOf(kinds), books));
        }
    }

    /** What one mode switch of this kind costs on the stack. */
    Cost switchCost(ModeSwitch kind, String neededBy) {
        String parameter = stack.switchCosts().get(kind);
        if (parameter == null) {
            costs.lacks("stack " + stack.name() + " has no switch-costs entry for " + kind.name().toLowerCase(Locale.ROOT).replace('_', '-')
                    + ", which " + neededBy + " needs");
            return new Cost(CostBook.standIn(kind.name(), Unit.NANOSECONDS));
        }
        return costs.require(parameter, kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + " of " + neededBy, Unit.NANOSECONDS);
    }

    private static Unit rate(Step.Per per) {
        return switch (per) {
            case DIRTY_PAGE, IMAGE_PAGE, FIRST_TOUCH, SHARED_FIRST_TOUCH, SENT_PAGE, COPIED_PAGE, COOLED_COPIED_PAGE, DROPPED_PAGE ->
                    Unit.NANOSECONDS_PER_PAGE;
            case CODE_BYTE -> Unit.NANOSECONDS_PER_BYTE;
            case ONCE, MODULE, INVOCATION, FIRST_RUN, COOLED, DISPLACED, ARRIVAL, FOLLOW_UP, COOLED_ARRIVAL, NEIGHBOUR, UNSHARED, FIRST_TRANSFER,
                    DOCUMENT, TOUCH, WAIT -> Unit.NANOSECONDS;
        };
    }
}
