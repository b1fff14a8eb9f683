package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.PausableSandbox;
import sandglass.kvm.sys.NetworkNamespace;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;
import sandglass.scenario.Phase;

/**
 * What each step of making and ending a container costs, whoever makes it: the time that it takes, and how much of that is core time of all
 * who take part. The rest is waiting, which goes on beside other work: on a host with few cores only core time limits a burst.
 */
final class SteppedStarts {

    private static final int ROUNDS = 40;
    private static final int UNCOUNTED = 2;
    /**
     * Before each second making: longer than the kernel remembers that somebody changed a control group's members or a mount. Within that time
     * the next one is spared a grace period (rcu_sync), which on a host that was idle it waits for.
     */
    private static final long IDLE_NS = 50_000_000;
    private static final String CPU = "-cpu";
    private static final String COLD_CREATE = ".cold-create";
    private static final String NAMESPACES = "namespaces";

    private final String stack;
    private final List<Step> steps;
    private final Map<String, Quantity> beside;

    /**
     * A step.
     *
     * @param waiting what it is besides core time: told apart, {@code name} is what it waits, and {@code name-cpu} its core time
     * @param meaning from when to when
     */
    private record Step(String name, String as, Waiting waiting, String meaning) {

        enum Waiting {
            NONE, APART,
            /** For a grace period, from which it is spared right after another: taken as long as after a pause. */
            GRACE
        }

        static Step busy(String name, String as, String meaning) {
            return new Step(name, as, Waiting.NONE, meaning);
        }

        static Step waiting(String name, String as, String meaning) {
            return new Step(name, as, Waiting.APART, meaning);
        }

        static Step graceful(String name, String as, String meaning) {
            return new Step(name, as, Waiting.GRACE, meaning);
        }

        boolean waits() {
            return waiting != Waiting.NONE;
        }

        boolean graceful() {
            return waiting == Waiting.GRACE;
        }
    }

    private SteppedStarts(String stack, List<Step> steps, Map<String, Quantity> beside) {
        this.stack = stack;
        this.steps = steps;
        this.beside = beside;
    }

    static Atom container() {
        Map<String, Quantity> beside = new LinkedHashMap<>();
        beside.put(NAMESPACES, new Quantity("container.namespaces", NANOSECONDS, "a network namespace, made and given up"));
        beside.put("pause", new Quantity("container.pause", NANOSECONDS, "runc pause: the freezer stops it"));
        beside.put("resume", new Quantity("container.resume", NANOSECONDS, "runc resume"));
        return new SteppedStarts("container", List.of(
                Step.busy("bundle", "bundle", "its directory, configuration and socket"),
                Step.waiting("runc-create", "runc-create", "runc create, less a network namespace: control groups, mounts, system call filter"),
                Step.busy("network", "network", "the Ethernet pair with addresses, routes and neighbours"),
                Step.waiting("runc-start", "runc-start", "runc start, until it has ended"),
                Step.busy("interpreter", "python-init", "from then until the runner waits for a function"),
                Step.waiting("exit", "exit", "killing it, until its first process has ended"),
                Step.waiting("delete", "delete", "runc delete, until nothing of it is left")), beside)
                .atom("containers made, called, paused, resumed and destroyed, one right after another and one on a host that was idle, in turn;"
                        + " a network namespace made beside each");
    }

    static Atom zygote() {
        return new SteppedStarts("zygote", List.of(
                Step.busy("control-group", "control-group", "making a control group and setting its limits"),
                Step.waiting("fork", "fork", "the order to the zygote, until its answer: connect, unshare, fork, setns"),
                Step.graceful("admit", "admit", "putting the fork into its control groups"),
                Step.waiting("enclose", "enclose", "from then until the fork says that it is behind its namespaces"),
                Step.busy("runner", "runner", "from then until the runner waits for a function"),
                Step.waiting("exit", "exit", "killing it, until its first process has ended"),
                Step.waiting("remove", "remove", "taking its control group away")), Map.of())
                .atom("forks of the zygote made, called and destroyed, one right after another and one on a host that was idle, in turn");
    }

    static Atom criu() {
        return new SteppedStarts("criu", List.of(
                Step.busy("control-group", "control-group", "making a control group and setting its limits"),
                Step.waiting("restore", "restore", "criu restore, until the copy has connected: namespaces, processes, memory"),
                Step.waiting("enclose", "enclose", "from then until the copy has given up its privileges"),
                Step.busy("runner", "runner", "from then until the runner waits for a function"),
                Step.waiting("exit", "exit", "killing it, until its first process has ended"),
                Step.waiting("remove", "remove", "taking its control group and its directory away")), Map.of())
                .atom("copies restored, called and destroyed, one right after another and one on a host that was idle, in turn");
    }

    private String parameter(Step step) {
        return stack + "." + step.as;
    }

    private Atom atom(String method) {
        List<Quantity> quantities = new ArrayList<>();
        for (Step step : steps) {
            quantities.add(new Quantity(parameter(step), NANOSECONDS, step.meaning + (step.waits() ? "; less core time" : "")));
            if (step.waits()) {
                quantities.add(new Quantity(parameter(step) + CPU, NANOSECONDS, "core time of all who take part in: " + step.meaning));
            }
        }
        quantities.add(new Quantity(stack + COLD_CREATE, NANOSECONDS,
                "what a pause of 50 ms before it adds to the making, without waiting for a grace period"));
        quantities.addAll(beside.values());
        return new Atom(stack + "-start", Set.of(stack), quantities, method
                + "; core time is that of the thread, of commands that ended (getrusage), of the first process and of who forks it", Clock.WALL,
                stack.equals("zygote") ? new Atom.Seconds(9, 2) : new Atom.Seconds(20, 3), this::measure);
    }

    private List<Reading> measure(Bench bench) throws UnsupportedHereException {
        Map<String, Sample> samples = new LinkedHashMap<>();
        Function<String, Sample> of = name -> samples.computeIfAbsent(name, Sample::new);
        Sample warm = new Sample("making right after another");
        Sample cold = new Sample("making after a pause");
        int rounds = bench.rounds(ROUNDS);
        int answered = 0;
        try (LiveBench live = new LiveBench(bench, bench.config(), stack)) {
            for (int i = -UNCOUNTED; i < rounds; i++) {
                boolean counts = i >= 0;
                Made afterPause = make(bench, live, IDLE_NS);
                Made atOnce = make(bench, live, 0);
                if (counts) {
                    answered += afterPause.answered && atOnce.answered ? 1 : 0;
                    cold.add(createdNs(afterPause));
                    warm.add(createdNs(atOnce));
                    atOnce.besideNs.forEach((name, ns) -> of.apply(beside.get(name).parameter()).add(ns));
                    steps.forEach(step -> add(of, step, atOnce, afterPause));
                }
            }
        }
        List<Reading> readings = new ArrayList<>();
        for (Sample sample : samples.values()) {
            readings.add(sample.exactly("containers that answered", answered, rounds).reading());
        }
        readings.add(Sample.less(stack + COLD_CREATE, cold, warm.median()).middle());
        return readings;
    }

    /**
     * What one was made, called and ended by.
     *
     * @param taken    its steps
     * @param createNs how long it took until it was there
     */
    private record Made(Map<String, LiveSandbox.Step> taken, long createNs, Map<String, Long> besideNs, boolean answered) {
    }

    private Made make(Bench bench, LiveBench live, long idleNs) {
        live.comeAfter(idleNs);
        live.renew();
        long createNs = live.startNs(Phase.CREATE);
        boolean answers = live.callAfter(0, LiveBench.WORK, LiveBench.NOTHING).call().result() != null;
        LiveSandbox sandbox = live.sandbox();
        Map<String, Long> besideNs = beside.isEmpty() ? Map.of() : beside(bench, (PausableSandbox) sandbox);
        Map<String, LiveSandbox.Step> taken = new LinkedHashMap<>(sandbox.steps());
        live.destroy();
        taken.putAll(sandbox.steps());
        return new Made(taken, createNs, besideNs, answers);
    }

    /** How long it took until it was there, without waiting for grace periods. */
    private long createdNs(Made made) {
        return made.createNs - steps.stream().filter(Step::graceful).mapToLong(step -> waitedNs(step, made)).sum();
    }

    private void add(Function<String, Sample> of, Step step, Made atOnce, Made afterPause) {
        if (step.waits()) {
            of.apply(parameter(step) + CPU).add(cpuNs(step, atOnce));
            of.apply(parameter(step)).add(waitedNs(step, step.graceful() ? afterPause : atOnce));
        } else {
            of.apply(parameter(step)).add(ns(step, atOnce));
        }
    }

    private static long ns(Step step, Made made) {
        return Math.max(0, made.taken.get(step.name).ns() - namespaceNs(step, made));
    }

    /** What goes on beside the step, on another core, such as the first process that runc has just let go, is in the next one. */
    private static long cpuNs(Step step, Made made) {
        return Math.min(ns(step, made), Math.max(0, made.taken.get(step.name).cpuNs() - namespaceNs(step, made)));
    }

    private static long waitedNs(Step step, Made made) {
        return ns(step, made) - cpuNs(step, made);
    }

    private static long namespaceNs(Step step, Made made) {
        return step.name.equals("runc-create") ? made.besideNs.get(NAMESPACES) : 0;
    }

    private static Map<String, Long> beside(Bench bench, PausableSandbox sandbox) {
        long pauseNs = sandbox.pauseNs();
        long resumeNs = sandbox.resumeNs();
        long beginNs = bench.nowNs();
        NetworkNamespace.create().close();
        return Map.of("pause", pauseNs, "resume", resumeNs, NAMESPACES, bench.nowNs() - beginNs);
    }
}
