package sandglass.result;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import sandglass.scenario.Scenario;

/**
 * What one replication of one scenario gave, whichever executor ran it.
 *
 * @param scenarioId, digest, experiment, stack, role, axes, spec copied from the scenario, so that a result stands alone
 * @param executor {@code sim} or {@code probe}
 * @param parameters which calibration parameters the time rests on; empty for the probe
 * @param facts statements about the run that are no metrics, for example how many invocations a trace holds
 */
public record RunResult(String scenarioId, String digest, String experiment, String stack, Scenario.Role role, Map<String, String> axes,
        String spec, Map<String, Double> tolerances, long seed, int replication, String executor, RunProvenance provenance,
        List<Measurement> measurements, List<Series> series, List<LedgerEntry> ledger, List<Guard> guards,
        List<Unsupported> unsupported, List<ParameterUse> parameters, Map<String, String> facts, List<String> warnings) {

    public RunResult {
        Objects.requireNonNull(scenarioId);
        Objects.requireNonNull(digest);
        Objects.requireNonNull(executor);
        axes = Map.copyOf(axes);
        tolerances = Map.copyOf(tolerances);
        measurements = List.copyOf(measurements);
        series = List.copyOf(series);
        ledger = List.copyOf(ledger);
        guards = List.copyOf(guards);
        unsupported = List.copyOf(unsupported);
        parameters = List.copyOf(parameters);
        facts = Map.copyOf(facts);
        warnings = List.copyOf(warnings);
    }

    /** The measurement of a metric, if this run has it. */
    public Optional<Measurement> measurement(String metricId) {
        return measurements.stream().filter(m -> m.metric().id().equals(metricId)).findFirst();
    }

    /** Share of the charged time that rests on Assumed parameters, 0 to 1; 0 if no time was charged. */
    public double assumedShare() {
        double all = parameters.stream().mapToDouble(ParameterUse::ns).sum();
        double assumed = parameters.stream().filter(p -> p.origin().equals("assumed")).mapToDouble(ParameterUse::ns).sum();
        return all == 0 ? 0 : assumed / all;
    }
}
