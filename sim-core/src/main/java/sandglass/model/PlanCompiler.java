package sandglass.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import sandglass.scenario.Host;
import sandglass.scenario.Load;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Op;
import sandglass.scenario.Phase;
import sandglass.scenario.Scenario;
import sandglass.scenario.Server;
import sandglass.scenario.Stack;
import sandglass.scenario.Step;
import sandglass.scenario.Streams;
import sandglass.scenario.Uniforms;
import sandglass.scenario.Work;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

/** Turns a stack's steps and a function's ops into stages, resolving each cost by name. */
final class PlanCompiler {

    private final Stack stack;
    private final boolean unlimitedCores;
    private final boolean recordedIsCompute;
    private final CostBook costs;
    private final Streams streams;
    private final Books books;
    private final Cost overhead;
    private final Uniforms overheadUniforms;

    PlanCompiler(Scenario scenario, CostBook costs, Streams streams, Books books) {
        stack = scenario.stack();
        unlimitedCores = scenario.host().cores() == Host.UNLIMITED;
        recordedIsCompute = scenario.load() instanceof Load.Trace trace && trace.service() == Load.Trace.Service.COMPUTE;
        this.costs = costs;
        this.streams = streams;
        this.books = books;
        overhead = stack.computeOverhead().isEmpty()
                ? null
                : costs.require(stack.computeOverhead(), "the compute-overhead of stack " + stack.name(), Unit.RATIO);
        overheadUniforms = overhead == null ? null : stream("compute-overhead", overhead);
    }

    /** The stages of a phase's steps. */
    Stage[] phase(Phase phase) {
        List<Stage> stages = new ArrayList<>();
        stack.steps(phase).forEach(step -> addStep(stages, phase, step));
        return stages.toArray(Stage[]::new);
    }

    /** The stages of one invocation: the stack's RUN steps, then the ops. */
    Stage[] work(Work work) {
        List<Stage> stages = begun();
        int draws = 0;
        for (Op op : work.ops()) {
            if (op instanceof Op.Compute compute) {
                stages.add(computing(compute.ns(), draws++));
            } else if (op instanceof Op.Wait wait) {
                stages.add(elapsing(wait.ns(), draws++));
            } else {
                addOp(stages, op);
            }
        }
        return stages.toArray(Stage[]::new);
    }

    /** The same with one recorded service time in the place of all computing and waiting: where the first of it was, or at the end. */
    Stage[] recordedWork(Work work) {
        List<Stage> stages = begun();
        boolean placed = false;
        for (Op op : work.ops()) {
            if (!(op instanceof Op.Compute) && !(op instanceof Op.Wait)) {
                addOp(stages, op);
            } else if (!placed) {
                stages.add(recordedIsCompute ? computing(null, 0) : elapsing(null, 0));
                placed = true;
            }
        }
        if (!placed) {
            stages.add(recordedIsCompute ? computing(null, 0) : elapsing(null, 0));
        }
        return stages.toArray(Stage[]::new);
    }

    /** A time that passes whatever else happens, by the invocation's first draw. */
    Stage elapsing(Distribution ns) {
        return elapsing(ns, 0);
    }

    private Stage elapsing(Distribution ns, int index) {
        return new Service(Place.ELAPSE, false, ns, index, null, null, books);
    }

    private Stage computing(Distribution ns, int index) {
        return new Service(Place.of(Server.CPU, unlimitedCores), true, ns, index, overhead, overheadUniforms, books);
    }

    private List<Stage> begun() {
        List<Stage> stages = new ArrayList<>();
        stack.steps(Phase.RUN).stream().filter(step -> step.per() != Step.Per.DIRTY_PAGE).forEach(step -> addStep(stages, Phase.RUN, step));
        return stages;
    }

    private void addOp(List<Stage> stages, Op op) {
        if (op instanceof Op.Switch crossing) {
            addCrossings(stages, Phase.RUN, new Repetitions(Step.Per.ONCE, 1), Map.of(crossing.kind(), crossing.times()), "op switch");
        }
    }

    private void addStep(List<Stage> stages, Phase phase, Step step) {
        String label = "step " + phase.name().toLowerCase(Locale.ROOT) + "." + step.name() + " of stack " + stack.name();
        Repetitions repetitions = new Repetitions(step.per(), step.times());
        Map<ModeSwitch, Long> switches = new TreeMap<>();
        step.switches().forEach((kind, times) -> switches.put(kind, (long) times));
        addCrossings(stages, phase, repetitions, switches, label);
        if (!step.cost().isEmpty()) {
            Cost cost = costs.require(step.cost(), label, Unit.NANOSECONDS, rate(step.per()));
            stages.add(new Charge(Place.of(step.server(), unlimitedCores), step.server() == Server.CPU, repetitions, cost,
                    stream("cost." + phase + "." + step.name(), cost), books));
        }
    }

    private void addCrossings(List<Stage> stages, Phase phase, Repetitions repetitions, Map<ModeSwitch, Long> switches, String neededBy) {
        List<Crossings.Kind> kinds = new ArrayList<>();
        switches.forEach((kind, times) -> {
            if (times != 0) {
                Cost cost = switchCost(kind, neededBy);
                kinds.add(new Crossings.Kind(kind, times, cost, stream("switch." + phase + "." + kind, cost)));
            }
        });
        if (!kinds.isEmpty()) {
            stages.add(new Crossings(Place.of(Server.CPU, unlimitedCores), phase, repetitions, List.copyOf(kinds), books));
        }
    }

    private Cost switchCost(ModeSwitch kind, String neededBy) {
        String parameter = stack.switchCosts().get(kind);
        if (parameter == null) {
            costs.lacks("stack " + stack.name() + " gives no switch-costs entry for " + kind + ", which " + neededBy + " needs");
            return new Cost(CostBook.standIn(kind.name(), Unit.NANOSECONDS));
        }
        return costs.require(parameter, "switch " + kind + " of " + neededBy, Unit.NANOSECONDS);
    }

    private Uniforms stream(String purpose, Cost cost) {
        return cost.constant() ? null : streams.named(purpose);
    }

    private static Unit rate(Step.Per per) {
        return switch (per) {
            case DIRTY_PAGE, IMAGE_PAGE -> Unit.NANOSECONDS_PER_PAGE;
            case CODE_BYTE -> Unit.NANOSECONDS_PER_BYTE;
            case ONCE, MODULE -> Unit.NANOSECONDS;
        };
    }
}
