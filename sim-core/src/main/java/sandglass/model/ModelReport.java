package sandglass.model;

import java.util.List;
import java.util.Map;
import sandglass.result.LedgerEntry;
import sandglass.result.Measurement;
import sandglass.result.ParameterUse;
import sandglass.result.Series;
import sandglass.result.Unsupported;

/**
 * What the model knows at the end of a run, beside what the platform measured. Everything is counted from the end of the
 * warm-up.
 *
 * @param facts statements that are no metrics, by name
 */
public record ModelReport(List<Measurement> measurements, List<Series> series, List<LedgerEntry> ledger, List<ParameterUse> parameters,
        List<Unsupported> unsupported, Map<String, String> facts) {

    public ModelReport {
        measurements = List.copyOf(measurements);
        series = List.copyOf(series);
        ledger = List.copyOf(ledger);
        parameters = List.copyOf(parameters);
        unsupported = List.copyOf(unsupported);
        facts = Map.copyOf(facts);
    }

    /** The same with another ledger. */
    ModelReport withLedger(List<LedgerEntry> other) {
        return new ModelReport(measurements, series, other, parameters, unsupported, facts);
    }
}
