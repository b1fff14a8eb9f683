package sandglass.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sandglass.scenario.IoPath;
import sandglass.scenario.Load;
import sandglass.scenario.Op;
import sandglass.scenario.Phase;
import sandglass.scenario.Region;
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

    private static final Repetitions ONCE = new Repetitions(Step.Per.ONCE, 1, true);

    /** Steps of READY that come before each invocation, also of a function that the sandbox has served before. */
    private static final Set<Step.Per> EACH_TIME = EnumSet.of(Step.Per.INVOCATION, Step.Per.COOLED, Step.Per.ARRIVAL, Step.Per.FOLLOW_UP,
            Step.Per.COOLED_ARRIVAL);

    /** What recycling right after a sandbox has met its pages does not meet: they were just copied. */
    private static final Set<Step.Per> COLD = EnumSet.of(Step.Per.COOLED, Step.Per.COOLED_COPIED_PAGE);

    /** Steps of RUN that come once an invocation, whatever it does. */
    private static final Set<Step.Per> BEFORE_WORK = EnumSet.complementOf(EnumSet.of(Step.Per.DIRTY_PAGE, Step.Per.TOUCH, Step.Per.WAIT,
            Step.Per.FIRST_TRANSFER));

    private final Stack stack;
    private final boolean recordedIsCompute;
    private final CostBook costs;
    private final StageMaker make;
    private final PathCompiler paths;
    private final Place computing;
    private final Cost overhead;
    private final Uniforms overheadUniforms;
    private final Cost dirtied;
    private final Cost firstTouched;
    private final Cost copiedBack;
    private final Cost fetchedKept;
    private final Cost sentKept;
    private final boolean asksForMemory;
    private final boolean warmed;
    private final boolean recyclesInPlace;

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
        firstTouched = optional(stack.memory().firstTouched(), "first-touched of stack " + stack.name(), Unit.PAGES);
        copiedBack = optional(stack.memory().copiedBack(), "copied-back of stack " + stack.name(), Unit.PAGES);
        fetchedKept = optional(stack.memory().fetchedKept(), "fetched-kept of stack " + stack.name(), Unit.BYTES);
        sentKept = optional(stack.memory().sentKept(), "sent-kept of stack " + stack.name(), Unit.RATIO);
        asksForMemory = has(Phase.RUN, Step.Per.TOUCH);
        recyclesInPlace = has(Phase.RECYCLE, Step.Per.COPIED_PAGE);
        warmed = stack.warmed() && scenario.start() == Scenario.Start.POOL;
    }

    /** The stages of a phase's steps; INIT of a sandbox that is warmed ends with an invocation that does nothing, and its recycling. */
    Stage[] phase(Phase phase) {
        List<Stage> stages = new ArrayList<>();
        stack.steps(phase).forEach(step -> make.step(stages, phase, step));
        if (phase == Phase.INIT && warmed) {
            stages.add(new Occupies(ImageLayout.bits(Region.MetBy.CALLS), 0));
            begun(stages, Phase.INIT);
            stack.steps(Phase.RECYCLE).stream().filter(step -> step.per() != Step.Per.INVOCATION && !COLD.contains(step.per()))
                    .forEach(step -> make.step(stages, Phase.INIT, step, false));
        }
        return stages.toArray(Stage[]::new);
    }

    /** The stages of READY for a function that the sandbox has served before. */
    Stage[] again() {
        List<Stage> stages = new ArrayList<>();
        stack.steps(Phase.READY).stream().filter(step -> EACH_TIME.contains(step.per()))
                .forEach(step -> make.step(stages, Phase.READY, step));
        return stages.toArray(Stage[]::new);
    }

    /** Whether a sandbox has run an invocation, which did nothing, before it is ready. */
    boolean warmed() {
        return warmed;
    }

    /** Pages that the first invocation meets for the first time. */
    long firstTouched() {
        return firstTouched == null ? 0 : firstTouched.whole();
    }

    /** How many of so many written pages stay private when the sandbox is recycled. */
    long keptPages(long dirtyPages) {
        if (!recyclesInPlace) {
            return 0;
        }
        boolean all = copiedBack == null || dirtyPages <= copiedBack.whole();
        return all ? dirtyPages : Math.min(dirtyPages, dirtied == null ? 0 : dirtied.whole());
    }

    private boolean has(Phase phase, Step.Per per) {
        return stack.steps(phase).stream().anyMatch(step -> step.per() == per);
    }

    /** The stages of one invocation: the stack's RUN steps and what it dirties itself, then the ops. */
    Stage[] work(Work work) {
        List<Stage> stages = begun(new ArrayList<>(List.of(occupies(work))), Phase.RUN);
        int draws = 0;
        long fetched = 0;
        for (Op op : work.ops()) {
            if (op instanceof Op.Post post && post.bytes() > fetched) {
                // It sends what it fetched, if that is enough; if not, it asks for memory first.
                stages.add(new Touch(null, 0, asksForMemory));
                addSteps(stages, Phase.RUN, Step.Per.TOUCH);
            }
            fetched = op instanceof Op.Get get ? get.bytes() : fetched;
            if (op instanceof Op.Compute compute) {
                stages.add(computing(compute.ns(), draws++));
            } else if (op instanceof Op.Wait wait) {
                addSteps(stages, Phase.RUN, Step.Per.WAIT);
                stages.add(elapsing(wait.ns(), draws++));
            } else {
                addOp(stages, op);
            }
        }
        return stages.toArray(Stage[]::new);
    }

    /** What work leaves with its sandbox: of a document that was fetched, and of memory that it asked for because it sends more than that. */
    private Occupies occupies(Work work) {
        int met = ImageLayout.bits(Region.MetBy.CALLS);
        long fetched = 0;
        long fetchedMost = 0;
        long sentMost = 0;
        for (Op op : work.ops()) {
            met |= ImageLayout.bits(metBy(op));
            if (op instanceof Op.Get get) {
                fetched = get.bytes();
                fetchedMost = Math.max(fetchedMost, fetchedKept != null && fetched <= fetchedKept.mean() ? fetched : 0);
            } else if (op instanceof Op.Post post && post.bytes() > fetched) {
                met |= ImageLayout.bits(Region.MetBy.POSTS);
                sentMost = Math.max(sentMost, sentKept == null ? 0 : Math.round(sentKept.mean() * post.bytes()));
            }
        }
        return new Occupies(met, fetchedMost + sentMost);
    }

    private static Region.MetBy metBy(Op op) {
        if (op instanceof Op.Get || op instanceof Op.Post) {
            return Region.MetBy.TRANSFERS;
        }
        return op instanceof Op.Touch ? Region.MetBy.TOUCHES : op instanceof Op.Wait ? Region.MetBy.WAITS : Region.MetBy.ALL;
    }

    /** The same with one recorded service time in the place of all computing and waiting: where the first of it was, or at the end. */
    Stage[] recordedWork(Work work) {
        List<Stage> stages = begun(new ArrayList<>(List.of(occupies(work))), Phase.RUN);
        boolean placed = false;
        for (Op op : work.ops()) {
            if (!(op instanceof Op.Compute) && !(op instanceof Op.Wait)) {
                addOp(stages, op);
            } else if (!placed) {
                addRecorded(stages);
                placed = true;
            }
        }
        if (!placed) {
            addRecorded(stages);
        }
        return stages.toArray(Stage[]::new);
    }

    /** A cold service, which stands for everything. */
    Stage[] coldWork(Distribution ns) {
        return new Stage[] {elapsing(ns, 0)};
    }

    /** A recorded time that is waited for is a wait of the function, as the probe replays it. */
    private void addRecorded(List<Stage> stages) {
        if (!recordedIsCompute) {
            addSteps(stages, Phase.RUN, Step.Per.WAIT);
        }
        stages.add(recordedIsCompute ? computing(null, 0) : elapsing(null, 0));
    }

    private Stage elapsing(Distribution ns, int index) {
        return new Service(Place.ELAPSE, false, ns, index, null, null, make.books());
    }

    private Stage computing(Distribution ns, int index) {
        return new Service(computing, true, ns, index, overhead, overheadUniforms, make.books());
    }

    /** What an invocation costs beside its work. What a stack counts as touched first contains what it dirties itself. */
    private List<Stage> begun(List<Stage> stages, Phase phase) {
        boolean warming = phase != Phase.RUN;
        stack.steps(Phase.RUN).stream().filter(step -> BEFORE_WORK.contains(step.per()))
                .filter(step -> !warming || step.per() != Step.Per.MODULE && step.per() != Step.Per.CODE_BYTE)
                .forEach(step -> make.step(stages, phase, step, true));
        if (dirtied != null) {
            stages.add(new Touch(dirtied, 0, false));
            if (!has(Phase.RUN, Step.Per.FIRST_TOUCH)) {
                stack.steps(Phase.RUN).stream().filter(step -> step.per() == Step.Per.DIRTY_PAGE)
                        .forEach(step -> make.step(stages, phase, step, true));
            }
        }
        if (!warming && recyclesInPlace) {
            stages.add(new Warming());
        }
        return stages;
    }

    private void addSteps(List<Stage> stages, Phase phase, Step.Per per) {
        stack.steps(phase).stream().filter(step -> step.per() == per).forEach(step -> make.step(stages, phase, step));
    }

    private void addOp(List<Stage> stages, Op op) {
        if (op instanceof Op.Switch crossing) {
            make.crossings(stages, Server.CPU, Phase.RUN, ONCE, Map.of(crossing.kind(), crossing.times()), "op switch");
        } else if (op instanceof Op.Touch touch) {
            addTouch(stages, new Touch(null, touch.pages(), asksForMemory));
        } else if (op instanceof Op.Get get) {
            addTransfer(stages, op, get.path(), get.bytes());
        } else if (op instanceof Op.Post post) {
            addTransfer(stages, op, post.path(), post.bytes());
        }
    }

    private void addTouch(List<Stage> stages, Touch touch) {
        stages.add(touch);
        addSteps(stages, Phase.RUN, Step.Per.TOUCH);
        addSteps(stages, Phase.RUN, Step.Per.DIRTY_PAGE);
    }

    private void addTransfer(List<Stage> stages, Op op, String name, long bytes) {
        IoPath path = stack.paths().get(name);
        if (path == null) {
            costs.lacks("stack " + stack.name() + " has no path '" + name + "', which an op goes through; it has " + stack.paths().keySet());
            return;
        }
        addSteps(stages, Phase.RUN, Step.Per.FIRST_TRANSFER);
        paths.add(stages, op, path, bytes);
    }

    private Cost optional(String name, String neededBy, Unit unit) {
        return name.isEmpty() ? null : costs.require(name, neededBy, unit);
    }
}
