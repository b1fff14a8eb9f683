package sandglass.kvm.probe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import sandglass.kvm.ksm.Ksm;
import sandglass.kvm.ksm.KsmThread;
import java.util.stream.Stream;
import sandglass.kvm.measure.LoopSpeed;
import sandglass.kvm.measure.WakefulCores;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.stack.LiveStacks;
import sandglass.kvm.usf.file.PythonImage;
import sandglass.kvm.worker.HostLimitException;
import sandglass.kvm.worker.SpreadStack;
import sandglass.kvm.worker.WorkerLostException;
import sandglass.kvm.worker.WorkerPoolConfig;
import sandglass.result.RunResult;
import sandglass.run.Executor;
import sandglass.run.UnsupportedHereException;
import sandglass.scenario.ArrivalSource;
import sandglass.scenario.Load;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Op;
import sandglass.scenario.Policies;
import sandglass.scenario.Scenario;
import sandglass.scenario.Stack;

/** Runs scenarios for real, on this host, by the wall clock: one at a time, since two would disturb each other. */
public final class ProbeExecutor implements Executor {

    private static final Duration TIME_LIMIT = Duration.ofMinutes(1);
    /** Functions of published traces may run for many minutes. */
    private static final Duration TRACE_TIME_LIMIT = Duration.ofHours(2);
    /** Where sandboxes are made fast, the program is what is slow before it is compiled. */
    private static final int REHEARSALS = 20;
    /** What the function that acts out described work does; none of it touches a disk. */
    private static final List<String> PATHS = List.of("get", "get-memory", "post");
    private static final long NS_PER_MS = 1_000_000;

    private final ArrivalSource arrivals;
    private final Function<String, Optional<byte[]>> documents;
    private final String version;
    private final LongSupplier clockNs;
    private final Set<String> settled = new HashSet<>();
    /** Of the loop that stands for computing, at the time of the run: a core's clock changes within minutes, and 8 ms shall be 8 ms. */
    private double turnNs;

    /**
     * @param arrivals  makes the arrivals of open loads, bursts and traces
     * @param documents what the loopback server gives beside {@code /bytes/N}, by path
     * @param version   of Sandglass, for the results
     * @param clockNs   a clock that never goes back and is the same for all threads
     */
    public ProbeExecutor(ArrivalSource arrivals, Function<String, Optional<byte[]>> documents, String version, LongSupplier clockNs) {
        this.arrivals = arrivals;
        this.documents = documents;
        this.version = version;
        this.clockNs = clockNs;
    }

    @Override
    public String name() {
        return "probe";
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the scenario's load and length do not fit
     */
    @Override
    public synchronized RunResult run(Scenario scenario, int replication) throws UnsupportedHereException {
        check(scenario);
        try (WakefulCores awake = WakefulCores.request(); DocumentServer server = server(scenario)) {
            LiveConfig config = config(scenario).withAllowedHosts(Set.of(server.hostAndPort()));
            boolean computes = Programs.compute(scenario.functions()) || replaysComputing(scenario.load());
            turnNs = computes ? LoopSpeed.turnNs(config.interpreter()) : 0;
            try (LiveStack stack = open(scenario, config)) {
                stack.reach(server);
                if (settled.isEmpty()) {
                    ControlPlane.settle(clockNs);
                }
                if (settled.add(scenario.stack().name())) {
                    settle(scenario, stack, server, config);
                } else if (scenario.stack().warmed()) {
                    Settling.template(stack);
                }
                try (Neighbours neighbours = Neighbours.start(scenario.host().neighbours(), config.interpreter())) {
                    RunResult result = run(scenario, replication, stack, server, awake.granted(), config);
                    if (neighbours.alive() < scenario.host().neighbours()) {
                        throw new IllegalStateException("replication " + replication + ": a neighbour has ended before the run");
                    }
                    return result;
                }
            }
        }
    }

    /** One with a thread for each socket of each sandbox that runs at a time, where they spin meanwhile. */
    private DocumentServer server(Scenario scenario) {
        return scenario.policies().notification() instanceof Policies.Notification.Polling ? new DocumentServer(documents, ProbeRun.WORKERS + 2)
                : new DocumentServer(documents);
    }

    private RunResult run(Scenario scenario, int replication, LiveStack stack, DocumentServer server, boolean awake, LiveConfig config)
            throws UnsupportedHereException {
        if (!(scenario.policies().sharing() instanceof Policies.Sharing.Ksm policy)) {
            return new ProbeRun(scenario, replication, arrivals, stack, server, turnNs, clockNs, awake).run(version, config);
        }
        KsmThread thread = KsmThread.find();
        try (Ksm ksm = Ksm.start(new Ksm.Pace(policy.pagesToScan(), policy.sleepNs() / NS_PER_MS))) {
            return new ProbeRun(scenario, replication, arrivals, stack, server, turnNs, clockNs, awake,
                    nowNs -> new Merging(ksm, thread, nowNs)).run(version, config);
        }
    }

    private void settle(Scenario scenario, LiveStack stack, DocumentServer server, LiveConfig config) {
        Settling.of(stack, server.url(), clockNs);
        int most = scenario.stack().recycle() == Stack.Recycle.REPLACE ? 1 : REHEARSALS;
        for (Scenario rehearsal : Rehearsal.before(scenario)) {
            new Compiling(clockNs).repeatUntilQuiet(most,
                    () -> new ProbeRun(rehearsal, 0, arrivals, stack, server, turnNs, clockNs, true).run(version, config));
        }
    }

    private static boolean replaysComputing(Load load) {
        return load instanceof Load.Trace trace && trace.service() == Load.Trace.Service.COMPUTE;
    }

    /** One process holds some hundred unikernels well; more of them are spread over several, which nobody notices but for the times. */
    private LiveStack open(Scenario scenario, LiveConfig config) throws UnsupportedHereException {
        if (!scenario.stack().name().equals("usetl") || sandboxes(scenario) <= scenario.stack().perProcess()) {
            return LiveStacks.open(scenario.stack().name(), config, clockNs);
        }
        try {
            return new SpreadStack(WorkerPoolConfig.defaults().withUsf(LiveStacks.usfConfig(config))
                    .withUsfsPerWorker(scenario.stack().perProcess()).withRunsPerWorker(ProbeRun.WORKERS));
        } catch (HostLimitException e) {
            throw new UnsupportedHereException(e.shortage(), e.remedy());
        } catch (WorkerLostException | PythonImage.MissingRuntimeException e) {
            throw new UnsupportedHereException(e.getMessage(), "'sandglass doctor' says whether this host has what it takes");
        }
    }

    /** How many sandboxes a scenario has at once, as far as its load says. */
    private static long sandboxes(Scenario scenario) {
        if (scenario.load() instanceof Load.Population population) {
            return population.sandboxes();
        }
        return scenario.load() instanceof Load.Burst burst ? burst.size() : 0;
    }

    private static LiveConfig.Memory memory(Policies.Sharing sharing) {
        if (sharing instanceof Policies.Sharing.ByConstruction) {
            return LiveConfig.Memory.BY_CONSTRUCTION;
        }
        return sharing instanceof Policies.Sharing.None ? LiveConfig.Memory.OWN : LiveConfig.Memory.MERGEABLE;
    }

    private static LiveConfig config(Scenario scenario) {
        LiveConfig config = LiveConfig.defaults();
        long functionBytes = scenario.functions().stream().mapToLong(sandglass.scenario.Function::memoryBytes).max().orElse(0);
        long bytes = LiveConfig.wholeLargePages(Math.min(LiveConfig.MAX_MEMORY_BYTES, config.memoryBytes() + functionBytes));
        return config.withMemory(memory(scenario.policies().sharing()))
                .withLimits(bytes, scenario.load() instanceof Load.Trace ? TRACE_TIME_LIMIT : TIME_LIMIT)
                .withPolling(scenario.policies().notification() instanceof Policies.Notification.Polling polling ? polling.intervalNs() : 0);
    }

    /**
     * Whether this program can run a scenario for real.
     *
     * @throws UnsupportedHereException with everything that it cannot
     */
    public void check(Scenario scenario) throws UnsupportedHereException {
        List<String> reasons = new ArrayList<>();
        String stack = scenario.stack().name();
        if (!LiveStacks.NAMES.contains(stack)) {
            reasons.add("the stack '" + stack + "' cannot be run for real, only " + String.join(" and ", LiveStacks.NAMES));
        }
        if (stack.equals("usetl") && scenario.stack().recycle() == Stack.Recycle.KEEP) {
            reasons.add("a real unikernel cannot be kept without being recycled");
        }
        if (scenario.policies().notification() instanceof Policies.Notification.Polling && !stack.equals("usetl")) {
            reasons.add("on the stack '" + stack + "' there is no call of a guest that the host could notice by polling");
        }
        sharing(scenario, reasons);
        scenario.functions().stream().flatMap(function -> function.work().ops().stream()).filter(op -> op instanceof Op.Switch)
                .map(op -> ((Op.Switch) op).kind()).distinct().filter(kind -> !can(stack, kind))
                .forEach(kind -> reasons.add("on the stack '" + stack + "' no function can cause a " + kind + " at will"));
        scenario.functions().stream().filter(function -> function.program().isEmpty()).flatMap(function -> function.work().ops().stream())
                .flatMap(ProbeExecutor::path).distinct().filter(path -> !PATHS.contains(path))
                .forEach(path -> reasons.add("no function goes the path '" + path + "' for real, only " + String.join(", ", PATHS)
                        + ": what is fetched stays in memory"));
        if (!reasons.isEmpty()) {
            throw new UnsupportedHereException("scenario " + scenario.id() + ": " + String.join("; ", reasons),
                    "leave it out, for example with --set 'stack=[process, usetl]', or simulate it with --executor sim");
        }
    }

    private static Stream<String> path(Op op) {
        return op instanceof Op.Get get ? Stream.of(get.path()) : op instanceof Op.Post post ? Stream.of(post.path()) : Stream.empty();
    }

    private static void sharing(Scenario scenario, List<String> reasons) {
        Policies.Sharing sharing = scenario.policies().sharing();
        if (sharing instanceof Policies.Sharing.ByConstruction) {
            return;
        }
        if (!scenario.stack().name().equals("usetl")) {
            reasons.add("sandboxes of the stack '" + scenario.stack().name() + "' share the files of their image by the host's page cache, "
                    + "whatever the policy says of sharing");
        } else if (sandboxes(scenario) > scenario.stack().perProcess()) {
            reasons.add("unikernels that share nothing are not spread over processes, and one holds at most " + scenario.stack().perProcess());
        }
        if (sharing instanceof Policies.Sharing.Ksm ksm && ksm.sleepNs() % NS_PER_MS != 0) {
            reasons.add("the kernel's scanner sleeps whole milliseconds, not " + ksm.sleepNs() + " ns");
        }
    }

    private static boolean can(String stack, ModeSwitch kind) {
        return kind == (stack.equals("usetl") ? ModeSwitch.PIO_EXIT : ModeSwitch.SYSCALL);
    }
}
