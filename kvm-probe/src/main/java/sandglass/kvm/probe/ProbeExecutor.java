package sandglass.kvm.probe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import sandglass.kvm.measure.LoopSpeed;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.stack.LiveStacks;
import sandglass.result.RunResult;
import sandglass.run.Executor;
import sandglass.run.UnsupportedHereException;
import sandglass.scenario.ArrivalSource;
import sandglass.scenario.Load;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Op;
import sandglass.scenario.Scenario;
import sandglass.scenario.Stack;

/** Runs scenarios for real, on this host, by the wall clock: one at a time, since two would disturb each other. */
public final class ProbeExecutor implements Executor {

    private static final Duration TIME_LIMIT = Duration.ofMinutes(1);

    private final ArrivalSource arrivals;
    private final Function<String, Optional<byte[]>> documents;
    private final String version;
    private final LongSupplier clockNs;
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
        try (DocumentServer server = new DocumentServer(documents)) {
            LiveConfig config = config(scenario).withAllowedHosts(Set.of(server.hostAndPort()));
            if (turnNs == 0 && Programs.compute(scenario.functions())) {
                turnNs = LoopSpeed.turnNs(config.interpreter());
            }
            try (LiveStack stack = LiveStacks.open(scenario.stack().name(), config, clockNs)) {
                return new ProbeRun(scenario, replication, arrivals, stack, server, turnNs, clockNs).run(version, config);
            }
        }
    }

    private static LiveConfig config(Scenario scenario) {
        LiveConfig config = LiveConfig.defaults();
        long functionBytes = scenario.functions().stream().mapToLong(sandglass.scenario.Function::memoryBytes).max().orElse(0);
        long bytes = LiveConfig.wholeLargePages(Math.min(LiveConfig.MAX_MEMORY_BYTES, config.memoryBytes() + functionBytes));
        return config.withLimits(bytes, TIME_LIMIT);
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
        if (scenario.load() instanceof Load.Trace) {
            reasons.add("traces are simulated only: a recorded day would take a day");
        }
        scenario.functions().stream().flatMap(function -> function.work().ops().stream()).filter(op -> op instanceof Op.Switch)
                .map(op -> ((Op.Switch) op).kind()).distinct().filter(kind -> !can(stack, kind))
                .forEach(kind -> reasons.add("on the stack '" + stack + "' no function can cause a " + kind + " at will"));
        if (!reasons.isEmpty()) {
            throw new UnsupportedHereException("scenario " + scenario.id() + ": " + String.join("; ", reasons),
                    "leave it out, for example with --set 'stack=[process, usetl]', or simulate it with --executor sim");
        }
    }

    private static boolean can(String stack, ModeSwitch kind) {
        return kind == (stack.equals("usetl") ? ModeSwitch.PIO_EXIT : ModeSwitch.SYSCALL);
    }
}
