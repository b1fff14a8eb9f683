package sandglass.kvm.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.measure.KernelCounters;
import sandglass.kvm.stack.Call;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;
import sandglass.result.Metrics;
import sandglass.result.RunResult;
import sandglass.scenario.Host;
import sandglass.scenario.Phase;

/**
 * Which core time counts. Oracle: sandboxes that say themselves how much they used, an hour to become ready, an hour a call and an hour to
 * end, beside which the threads' own is nothing.
 */
class CoreTimeTest {

    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final int CALLS = 20;

    @Test
    void countsEachCallOnceAndNothingBeforeOrAfterTheMeasuredTime() throws Exception {
        try (DocumentServer server = new DocumentServer(path -> Optional.empty())) {
            Clockwork stack = new Clockwork(new AtomicLong());
            RunResult result = new ProbeRun(Rehearsal.warm(ControlPlane.stack(), Host.UNLIMITED, CALLS, 0), 0, (s, streams) -> {
                throw new IllegalStateException("a closed load has no arrivals of its own");
            }, stack, server, 0, System::nanoTime, true).run("", LiveConfig.defaults());

            double hours = CALLS * result.measurement(Metrics.CPU_PER_INVOCATION.id()).orElseThrow().samples().mean() / HOUR_NS;
            // The first was ready before; others were made because it was being recycled.
            long madeMeanwhile = stack.made.get() - 1;
            assertThat(hours).isBetween((double) CALLS + madeMeanwhile, CALLS + madeMeanwhile + 0.5);
        }
    }

    /** Sandboxes whose core time is what this class says. */
    private record Clockwork(AtomicLong made) implements LiveStack {

        @Override
        public String name() {
            return "clockwork";
        }

        @Override
        public LiveSandbox create() {
            made.incrementAndGet();
            return new Hours(new AtomicLong(HOUR_NS));
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

    private record Hours(AtomicLong used) implements LiveSandbox {

        @Override
        public Map<Phase, Long> startNs() {
            return Map.of(Phase.CREATE, 0L);
        }

        @Override
        public Call call(String source, String event) {
            used.addAndGet(HOUR_NS);
            return new Call(new Call.Ending.Returned("null"), "", 1, Map.of(), Map.of(), KernelCounters.NONE);
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
        public long cpuNs() {
            return used.get();
        }

        @Override
        public void close() {
            used.addAndGet(HOUR_NS);
        }
    }
}
