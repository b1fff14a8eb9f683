package sandglass.kvm.probe;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.measure.KernelCounters;
import sandglass.kvm.stack.Call;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;
import sandglass.result.Metrics;
import sandglass.result.RunResult;
import sandglass.result.Samples;
import sandglass.scenario.Boundary;
import sandglass.scenario.DiskImage;
import sandglass.scenario.Host;
import sandglass.scenario.MemoryImage;
import sandglass.scenario.Phase;
import sandglass.scenario.Scenario;
import sandglass.scenario.Stack;

/**
 * What the control plane itself takes to tell a worker what to do. Its sandboxes are empty: a call spins for a while, and making,
 * recycling and destroying them takes no time, so that what is measured of these phases is the way to the worker.
 */
public final class ControlPlane {

    /** About a call: long enough for the telling thread to fall asleep, as it does beside one. */
    private static final long CALL_NS = 300_000;
    private static final int SETTLING = 400;

    private ControlPlane() {
    }

    /**
     * How long a worker's beginning lags behind what causes it.
     *
     * @param arrivalNs after the time at which an invocation was due, by invocation
     * @param endNs     after the end of a call, whose worker is still awake, by recycling
     */
    public record Lags(double[] arrivalNs, double[] endNs) {
    }

    /** @param pauseNs between the end of a call and the next */
    public static Lags measure(LongSupplier clockNs, LiveConfig config, long pauseNs, int invocations) {
        try (DocumentServer server = new DocumentServer(path -> Optional.empty())) {
            run(SETTLING, 0, server, clockNs, config);
            RunResult result = run(invocations, pauseNs, server, clockNs, config);
            return new Lags(raw(result, Metrics.START_POOLED.id()), raw(result, Metrics.RECYCLE.id()));
        }
    }

    private static RunResult run(int invocations, long pauseNs, DocumentServer server, LongSupplier clockNs, LiveConfig config) {
        Scenario scenario = Rehearsal.warm(stack(), Host.UNLIMITED, invocations, pauseNs);
        return new ProbeRun(scenario, 0, (s, streams) -> {
            throw new IllegalStateException("a closed load has no arrivals of its own");
        }, new Empty(clockNs), server, 0, clockNs, true).run("", config);
    }

    private static double[] raw(RunResult result, String metric) {
        Samples samples = result.measurement(metric).orElseThrow(() -> new IllegalStateException(metric + " was not measured")).samples();
        if (samples instanceof Samples.Raw raw) {
            return raw.values();
        }
        throw new IllegalStateException("too many samples of " + metric + " to keep each");
    }

    /** Sandboxes of which nothing is known. */
    static Stack stack() {
        return new Stack("empty", "empty", Boundary.PROCESS, Map.of(), Map.of(), new MemoryImage(List.of()), new DiskImage(List.of()), Map.of(),
                "", Stack.GuestScheduler.HOST_ONLY, Stack.Interchangeable.PER_RUNTIME, Stack.Recycle.RESTORE);
    }

    /** Sandboxes of nothing. */
    private record Empty(LongSupplier clockNs) implements LiveStack {

        @Override
        public String name() {
            return "empty";
        }

        @Override
        public LiveSandbox create() {
            return new Nothing(clockNs);
        }

        @Override
        public Map<String, Long> preparationNs() {
            return Map.of();
        }

        @Override
        public Map<String, String> unsupported() {
            return Map.of();
        }

        @Override
        public void close() {
        }
    }

    private record Nothing(LongSupplier clockNs) implements LiveSandbox {

        @Override
        public Map<Phase, Long> startNs() {
            return Map.of(Phase.CREATE, 0L);
        }

        @Override
        public Call call(String source, String event) {
            long beginNs = clockNs.getAsLong();
            long nowNs = beginNs;
            while (nowNs < beginNs + CALL_NS) {
                Thread.onSpinWait();
                nowNs = clockNs.getAsLong();
            }
            return new Call(new Call.Ending.Returned("null"), "", nowNs - beginNs, Map.of(), Map.of(), KernelCounters.NONE);
        }

        @Override
        public Cleanup recycle() {
            return new Cleanup(-1, 0);
        }

        @Override
        public Footprint footprint() {
            return Footprint.NONE;
        }

        @Override
        public void close() {
        }
    }
}
