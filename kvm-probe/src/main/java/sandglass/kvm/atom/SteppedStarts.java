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

/**
 * What each step of making and ending a container costs, whoever makes it: the time that it takes, and how much of that is core time of all
 * who take part. The rest is waiting, which goes on beside other work: on a host with few cores only core time limits a burst.
 */
final class SteppedStarts {

    private static final int ROUNDS = 40;
    private static final int UNCOUNTED = 2;
    /**
     * Before each making: longer than the kernel remembers that somebody changed a control group's members or a mount. Within that time
     * the next one is spared a grace period (rcu_sync), which on a host that was idle it waits for.
     */
    private static final long IDLE_NS = 50_000_000;
    private static final String CPU = "-cpu";
    private static final String NAMESPACES = "namespaces";

    private final String stack;
    private final List<Step> steps;
    private final Map<String, Quantity> beside;

    /**
     * A step.
     *
     * @param waits   whether its waiting is told apart: {@code name} is what it waits then, and {@code name-cpu} its core time
     * @param meaning from when to when
     */
    private record Step(String name, String as, boolean waits, String meaning) {

        static Step busy(String name, String as, String meaning) {
            return new Step(name, as, false, meaning);
        }

        static Step waiting(String name, String as, String meaning) {
            return new Step(name, as, true, meaning);
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
                .atom("containers made one by one on a host that was idle, paused, resumed and destroyed; a network namespace made beside each");
    }

    static Atom zygote() {
        return new SteppedStarts("zygote", List.of(
                Step.busy("control-group", "control-group", "making a control group and setting its limits"),
                Step.waiting("fork", "fork", "the order to the zygote, until its answer: connect, unshare, fork, setns"),
                Step.waiting("admit", "admit", "putting the fork into its control groups"),
                Step.waiting("enclose", "enclose", "from then until the fork says that it is behind its namespaces"),
                Step.busy("runner", "runner", "from then until the runner waits for a function"),
                Step.waiting("exit", "exit", "killing it, until its first process has ended"),
                Step.waiting("remove", "remove", "taking its control group away")), Map.of())
                .atom("forks of the zygote made one after the other on a host that was idle, called and destroyed");
    }

    static Atom criu() {
        return new SteppedStarts("criu", List.of(
                Step.busy("control-group", "control-group", "making a control group and setting its limits"),
                Step.waiting("restore", "restore", "criu restore, until the copy has connected: namespaces, processes, memory"),
                Step.waiting("enclose", "enclose", "from then until the copy has given up its privileges"),
                Step.busy("runner", "runner", "from then until the runner waits for a function"),
                Step.waiting("exit", "exit", "killing it, until its first process has ended"),
                Step.waiting("remove", "remove", "taking its control group and its directory away")), Map.of())
                .atom("copies restored one after the other on a host that was idle, called and destroyed");
    }

    private String parameter(Step step) {
        return stack + "." + step.as;
    }

    private Atom atom(String method) {
        List<Quantity> quantities = new ArrayList<>();
        for (Step step : steps) {
            quantities.add(new Quantity(parameter(step), NANOSECONDS, step.meaning + (step.waits ? "; less core time" : "")));
            if (step.waits) {
                quantities.add(new Quantity(parameter(step) + CPU, NANOSECONDS, "core time of all who take part in: " + step.meaning));
            }
        }
        quantities.addAll(beside.values());
        return new Atom(stack + "-start", Set.of(stack), quantities, method
                + "; core time is that of the thread, of commands that ended (getrusage), of the first process and of who forks it", Clock.WALL,
                stack.equals("zygote") ? new Atom.Seconds(7, 2) : new Atom.Seconds(16, 3), this::measure);
    }

    private List<Reading> measure(Bench bench) throws UnsupportedHereException {
        Map<String, Sample> samples = new LinkedHashMap<>();
        Function<String, Sample> of = name -> samples.computeIfAbsent(name, Sample::new);
        int rounds = bench.rounds(ROUNDS);
        int answered = 0;
        try (LiveBench live = new LiveBench(bench, bench.config(), stack)) {
            live.comeAfter(IDLE_NS);
            for (int i = -UNCOUNTED; i < rounds; i++) {
                live.renew();
                boolean answers = live.call(LiveBench.WORK, LiveBench.NOTHING).call().result() != null;
                LiveSandbox sandbox = live.sandbox();
                Map<String, Long> besideNs = beside.isEmpty() ? Map.of() : beside(bench, (PausableSandbox) sandbox);
                Map<String, LiveSandbox.Step> taken = new LinkedHashMap<>(sandbox.steps());
                live.destroy();
                taken.putAll(sandbox.steps());
                if (i >= 0) {
                    answered += answers ? 1 : 0;
                    besideNs.forEach((name, ns) -> of.apply(beside.get(name).parameter()).add(ns));
                    for (Step step : steps) {
                        long namespaceNs = step.name.equals("runc-create") ? besideNs.get(NAMESPACES) : 0;
                        add(of, step, taken.get(step.name), namespaceNs);
                    }
                }
            }
        }
        List<Reading> readings = new ArrayList<>();
        for (Sample sample : samples.values()) {
            readings.add(sample.exactly("containers that answered", answered, rounds).reading());
        }
        return readings;
    }

    private void add(Function<String, Sample> of, Step step, LiveSandbox.Step taken, long namespaceNs) {
        long ns = Math.max(0, taken.ns() - namespaceNs);
        if (step.waits) {
            // What goes on beside the step, on another core, such as the first process that runc has just let go, is in the next one.
            long cpuNs = Math.min(ns, Math.max(0, taken.cpuNs() - namespaceNs));
            of.apply(parameter(step) + CPU).add(cpuNs);
            of.apply(parameter(step)).add(ns - cpuNs);
        } else {
            of.apply(parameter(step)).add(ns);
        }
    }

    private static Map<String, Long> beside(Bench bench, PausableSandbox sandbox) {
        long pauseNs = sandbox.pauseNs();
        long resumeNs = sandbox.resumeNs();
        long beginNs = bench.nowNs();
        NetworkNamespace.create().close();
        return Map.of("pause", pauseNs, "resume", resumeNs, NAMESPACES, bench.nowNs() - beginNs);
    }
}
