package sandglass.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.scenario.Scenario;

/** Small results made by hand; each method gives a changed copy. */
final class TestResults {

    private TestResults() {}

    static RunResult run(String executor, int replication, Measurement... measurements) {
        return new RunResult("test.a-12345678", "sha256:12345678", "test", "usetl", Scenario.Role.VALIDATE, Map.of("stack", "usetl"), "{}",
                Map.of(), 7, replication, executor, new RunProvenance("0.1.0", "17", Map.of(), ""), List.of(measurements), List.of(),
                List.of(), List.of(), List.of(), List.of(), Map.of(), List.of());
    }

    static RunResult in(RunResult r, String scenarioId, Scenario.Role role) {
        return new RunResult(scenarioId, "sha256:" + scenarioId, r.experiment(), r.stack(), role, r.axes(), r.spec(), r.tolerances(),
                r.seed(), r.replication(), r.executor(), r.provenance(), r.measurements(), r.series(), r.ledger(), r.guards(),
                r.unsupported(), r.parameters(), r.facts(), r.warnings());
    }

    static RunResult with(RunResult r, Object part) {
        List<LedgerEntry> ledger = new ArrayList<>(r.ledger());
        List<Guard> guards = new ArrayList<>(r.guards());
        List<Unsupported> unsupported = new ArrayList<>(r.unsupported());
        List<ParameterUse> parameters = new ArrayList<>(r.parameters());
        Map<String, Double> tolerances = new HashMap<>(r.tolerances());
        RunProvenance provenance = r.provenance();
        if (part instanceof LedgerEntry entry) {
            ledger.add(entry);
        } else if (part instanceof Guard guard) {
            guards.add(guard);
        } else if (part instanceof Unsupported missing) {
            unsupported.add(missing);
        } else if (part instanceof ParameterUse use) {
            parameters.add(use);
        } else if (part instanceof Map.Entry<?, ?> tolerance) {
            tolerances.put((String) tolerance.getKey(), (Double) tolerance.getValue());
        } else if (part instanceof RunProvenance other) {
            provenance = other;
        } else {
            throw new IllegalArgumentException("cannot add " + part);
        }
        return new RunResult(r.scenarioId(), r.digest(), r.experiment(), r.stack(), r.role(), r.axes(), r.spec(), tolerances, r.seed(),
                r.replication(), r.executor(), provenance, r.measurements(), r.series(), ledger, guards, unsupported, parameters, r.facts(),
                r.warnings());
    }

    static Measurement raw(Metric metric, double... values) {
        return new Measurement(metric, Clock.VIRTUAL, Samples.Raw.of(values));
    }

    static Samples.Sketch sketch(double... values) {
        Histogram histogram = new Histogram(3);
        Arrays.stream(values).forEach(value -> histogram.recordValue(Math.round(value)));
        Samples.Raw raw = Samples.Raw.of(values);
        return new Samples.Sketch(histogram, raw.mean(), raw.sd(), raw.min(), raw.max());
    }

    static LedgerEntry switches(ModeSwitch kind, long count) {
        return new LedgerEntry(Phase.RUN, kind, count, 100 * count);
    }
}
