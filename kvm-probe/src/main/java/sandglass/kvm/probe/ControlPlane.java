package sandglass.kvm.probe;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.stack.LiveStacks;
import sandglass.result.Metric;
import sandglass.result.Metrics;
import sandglass.result.RunResult;
import sandglass.result.Samples;
import sandglass.run.UnsupportedHereException;
import sandglass.scenario.Boundary;
import sandglass.scenario.DiskImage;
import sandglass.scenario.Host;
import sandglass.scenario.MemoryImage;
import sandglass.scenario.Scenario;
import sandglass.scenario.Stack;

/**
 * What the control plane itself takes to tell a worker what to do, beside a real stack whose functions do nothing: real calls take
 * the cores' caches for themselves, so that the control plane finds its own memory as cold as in any run.
 */
public final class ControlPlane implements AutoCloseable {

    /** More than the compiler waits for before it takes its last look at a method. */
    private static final int SETTLING = 12_000;
    private static final int AT_A_TIME = 500;
    /** For so long after a sandbox was made hand-overs may be slower. */
    private static final long UNSETTLED_NS = 100_000_000;
    /** A call takes no less, so that the calls that are left out take longer than that. */
    private static final long LEAST_CALL_NS = 200_000;

    private final LongSupplier clockNs;
    private final LiveConfig config;
    private final DocumentServer server;
    private final LiveStack stack;

    /**
     * How long a worker's beginning lags behind what causes it.
     *
     * @param arrivalNs after the time at which an invocation was due, by invocation
     * @param endNs     after the end of a call, with the recycling if the stack has any, by invocation
     * @param serviceNs the calls themselves
     */
    public record Lags(double[] arrivalNs, double[] endNs, double[] serviceNs) {
    }

    /**
     * Prepares a stack and uses it until the control plane's code is compiled.
     *
     * @param name as {@link LiveStacks} has it
     */
    public ControlPlane(String name, LongSupplier clockNs, LiveConfig config) throws UnsupportedHereException {
        this.clockNs = clockNs;
        this.config = config;
        server = new DocumentServer(path -> Optional.empty());
        try {
            stack = LiveStacks.open(name, config, clockNs);
        } catch (UnsupportedHereException | RuntimeException e) {
            server.close();
            throw e;
        }
        try {
            settle();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Uses a control plane until its code is compiled, whatever stack comes then. */
    static void settle(LongSupplier clockNs) throws UnsupportedHereException {
        new ControlPlane("process", clockNs, LiveConfig.defaults()).close();
    }

    /** A control plane that has compiled its code already is quiet after the first of its calls. */
    private void settle() {
        new Compiling(clockNs).repeatUntilQuiet(SETTLING / AT_A_TIME, () -> pooled(0, AT_A_TIME));
    }

    /**
     * Calls a pooled sandbox, one call after the other.
     *
     * @param pauseNs between the end of a call and the next
     */
    public Lags pooled(long pauseNs, int invocations) {
        RunResult result = run(Rehearsal.warm(stack(), Host.UNLIMITED, invocations, pauseNs));
        return new Lags(raw(result, Metrics.START_POOLED), raw(result, Metrics.RECYCLE), raw(result, Metrics.SERVICE));
    }

    /** The same without the first calls: for some time after a sandbox was made, what follows is slower, however short the pauses are. */
    public Lags settled(long pauseNs, int invocations) {
        int before = Math.toIntExact(UNSETTLED_NS / (pauseNs + LEAST_CALL_NS));
        Lags all = pooled(pauseNs, before + invocations);
        return new Lags(after(before, all.arrivalNs()), after(before, all.endNs()), after(before, all.serviceNs()));
    }

    private static double[] after(int before, double[] all) {
        return Arrays.copyOfRange(all, before, all.length);
    }

    private RunResult run(Scenario scenario) {
        return new ProbeRun(scenario, 0, (s, streams) -> {
            throw new IllegalStateException("a closed load has no arrivals of its own");
        }, stack, server, 0, clockNs, true).run("", config);
    }

    private static double[] raw(RunResult result, Metric metric) {
        Samples samples = result.measurement(metric.id()).orElseThrow(() -> new IllegalStateException(metric.id() + " was not measured"))
                .samples();
        if (samples instanceof Samples.Raw raw) {
            return raw.values();
        }
        throw new IllegalStateException("too many samples of " + metric.id() + " to keep each");
    }

    /** What the platform knows of the stack: that its sandboxes are told to recycle. */
    static Stack stack() {
        return new Stack("empty", "empty", Boundary.PROCESS, Map.of(), Map.of(), new MemoryImage(List.of()), new DiskImage(List.of()), Map.of(),
                "", Stack.GuestScheduler.HOST_ONLY, Stack.Interchangeable.PER_RUNTIME, Stack.Recycle.RESTORE);
    }

    @Override
    public void close() {
        stack.close();
        server.close();
    }
}
