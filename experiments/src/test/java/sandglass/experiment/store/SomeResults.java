package sandglass.experiment.store;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import sandglass.result.Clock;
import sandglass.result.Guard;
import sandglass.result.LedgerEntry;
import sandglass.result.Measurement;
import sandglass.result.Metric;
import sandglass.result.Metrics;
import sandglass.result.ParameterUse;
import sandglass.result.RunProvenance;
import sandglass.result.RunResult;
import sandglass.result.Samples;
import sandglass.result.Series;
import sandglass.result.Unsupported;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.scenario.Scenario;
import sandglass.unit.Unit;

/** Results for tests; one has something in every field. */
public final class SomeResults {

    private SomeResults() {}

    /** A result that uses every field, with numbers that are hard to write. */
    public static RunResult full() {
        Histogram histogram = new Histogram(3);
        for (long value = 1; value < 5_000_000_000L; value *= 3) {
            histogram.recordValueWithCount(value, value % 7 + 1);
        }
        Metric own = new Metric("own.metric", Unit.RATIO, Metric.Better.HIGHER, "A metric of one's own");
        return new RunResult("e.box-123456", "sha256:ab", "e", "box", Scenario.Role.VALIDATE, Map.of("stack", "box", "get", "2MB"),
                "{\"a\":1,\"b\":0.1}", Map.of("start.cold", 0.05), -7, 3, "sim",
                new RunProvenance("0.1", "17", Map.of("cpu", "some \"CPU\" µ"), "sha256:cd"),
                List.of(new Measurement(Metrics.START_COLD, Clock.VIRTUAL, Samples.Raw.of(1, 0.1, 1e300, 4.9e-324, 123456789.123456789)),
                        new Measurement(Metrics.COLD_SHARE, Clock.NONE, Samples.Raw.of(Double.NaN, Double.POSITIVE_INFINITY)),
                        new Measurement(Metrics.WAIT, Clock.WALL, new Samples.Sketch(histogram, 12.5, 3.25, 1, 5e9)),
                        new Measurement(Metrics.MEMORY_MEAN, Clock.NONE, Samples.Raw.mean(7, new double[] {6.5, 1e300, 0.1})),
                        new Measurement(own, Clock.GUEST_TSC, Samples.Raw.of())),
                List.of(new Series("memory", Unit.BYTES, "Memory", new long[] {0, 5}, new double[] {1.5, 2})),
                List.of(new LedgerEntry(Phase.RUN, ModeSwitch.PIO_EXIT, 2, 84_000)),
                List.of(new Guard("emulated_insn_per_run", 1.0, 1.0, true)), List.of(new Unsupported("recycle", "no \n such thing")),
                List.of(new ParameterUse("a.b", "assumed", 12.5)), Map.of("invocations in the trace", "12"), List.of("first create slow"));
    }

    /** A result with one measurement. */
    public static RunResult small(String digest, int replication, double value) {
        return new RunResult("e-" + digest, digest, "e", "box", Scenario.Role.VALIDATE, Map.of(), "{}", Map.of(), 1, replication, "sim",
                new RunProvenance("0.1", "17", Map.of(), "sha256:cd"),
                List.of(new Measurement(Metrics.WAIT, Clock.VIRTUAL, Samples.Raw.of(value))), List.of(), List.of(), List.of(), List.of(),
                List.of(), Map.of(), List.of());
    }
}
