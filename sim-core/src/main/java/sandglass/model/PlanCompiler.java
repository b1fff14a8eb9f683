package sandglass.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sandglass.scenario.IoPath;
import sandglass.scenario.Load;
import sandglass.scenario.Op;
import sandglass.scenario.Phase;
import sandglass.scenario.Scenario;
import sandglass.scenario.Server;
import sandglass.scenario.Stack;
import sandglass.scenario.Step;
import sandglass.scenario.Uniforms;
import sandglass.scenario.Work;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

/** Turns a stack's phases and a function's work into stages. */
final class PlanCompiler {

    private static final Repetitions ONCE = new Repetitions(Step.Per.ONCE, 1);

    private final Stack stack;
    private final boolean recordedIsCompute;
    private final CostBook costs;
    private final StageMaker make;
    private final PathCompiler paths;
    private final Place computing;
    private final Cost overhead;
    private final Uniforms overheadUniforms;
    private final Cost dirtied;

    /** @param computing where a function computes */
    PlanCompiler(Scenario scenario, CostBook costs, StageMaker make, PathCompiler paths, Place computing) {
        stack = scenario.stack();
        recordedIsCompute = scenario.load() instanceof Load.Trace trace && trace.service() == Load.Trace.Service.COMPUTE;
        this.costs = costs;
        this.make = make;
        this.paths = paths;
        this.computing = computing;
        overhead = optional(stack.computeOverhead(), "compute-overhead of stack " + stack.name(), Unit.RATIO);
        overheadUniforms = overhead == null ? null : make.stream("compute-overhead", overhead);
        dirtied = optional(stack.memory().dirtied(), "dirtied of stack " + stack.name(), Unit.PAGES);
    }

    /** The stages of a phase's steps. */
    Stage[] phase(Phase phase) {
        List<Stage> stages = new ArrayList<>();
        stack.steps(phase).forEach(step -> make.step(stages, phase, step));
        return stages.toArray(Stage[]::new);
    }

    /** The stages of one invocation: the stack's RUN steps and what it dirties itself, then the ops. */
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
                stages.add(recorded());
                placed = true;
            }
        }
        if (!placed) {
            stages.add(recorded());
        }
        return stages.toArray(Stage[]::new);
    }

    /** A cold service, which stands for everything. */
    Stage[] coldWork(Distribution ns) {
        return new Stage[] {elapsing(ns, 0)};
    }

    private Stage recorded() {
        return recordedIsCompute ? computing(null, 0) : elapsing(null, 0);
    }

    private Stage elapsing(Distribution ns, int index) {
        return new Service(Place.ELAPSE, false, ns, index, null, null, make.books());
    }

    private Stage computing(Distribution ns, int index) {
        return new Service(computing, true, ns, index, overhead, overheadUniforms, make.books());
    }

    private List<Stage> begun() {
        List<Stage> stages = new ArrayList<>();
        stack.steps(Phase.RUN).stream().filter(step -> step.per() != Step.Per.DIRTY_PAGE).forEach(step -> make.step(stages, Phase.RUN, step));
        if (dirtied != null) {
            addTouch(stages, new Touch(dirtied, 0));
        }
        return stages;
    }

    private void addOp(List<Stage> stages, Op op) {
        if (op instanceof Op.Switch crossing) {
            make.crossings(stages, Phase.RUN, ONCE, Map.of(crossing.kind(), crossing.times()), "op switch");
        } else if (op instanceof Op.Touch touch) {
            addTouch(stages, new Touch(null, touch.pages()));
        } else if (op instanceof Op.Get get) {
            addTransfer(stages, op, get.path(), get.bytes());
        } else if (op instanceof Op.Post post) {
            addTransfer(stages, op, post.path(), post.bytes());
        }
    }

    private void addTouch(List<Stage> stages, Touch touch) {
        stages.add(touch);
        stack.steps(Phase.RUN).stream().filter(step -> step.per() == Step.Per.DIRTY_PAGE).forEach(step -> make.step(stages, Phase.RUN, step));
    }

    private void addTransfer(List<Stage> stages, Op op, String name, long bytes) {
        IoPath path = stack.paths().get(name);
        if (path == null) {
            costs.lacks("stack " + stack.name() + " has no path '" + name + "', which an op goes through; it has " + stack.paths().keySet());
            return;
        }
        paths.add(stages, op, path, bytes);
    }

    private Cost optional(String name, String neededBy, Unit unit) {
        return name.isEmpty() ? null : costs.require(name, neededBy, unit);
    }
}
