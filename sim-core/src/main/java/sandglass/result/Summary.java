package sandglass.result;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Condenses the replications of every scenario into one row a metric. */
public final class Summary {

    private Summary() {}

    /**
     * The rows for these results: scenarios in the order in which they first appear, metrics in the order of the catalogue as each run lists
     * them. Replications of one scenario by one executor are merged in the order of seed and number, so that the order in which they ended does
     * not matter. A metric of which there is no sample has no row.
     */
    public static List<SummaryRow> rows(List<RunResult> results) {
        List<SummaryRow> rows = new ArrayList<>();
        for (List<RunResult> runs : byScenario(results).values()) {
            Map<String, List<Measurement>> byMetric = new LinkedHashMap<>();
            runs.forEach(run -> run.measurements().forEach(
                    m -> byMetric.computeIfAbsent(m.metric().id(), id -> new ArrayList<>()).add(m)));
            double assumedShare = assumedShare(runs);
            for (List<Measurement> measurements : byMetric.values()) {
                SummaryRow row = row(runs.get(0), measurements, assumedShare);
                if (row.n() > 0) {
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    /** Results by scenario and executor, each list in the order of seed and replication. */
    public static Map<String, List<RunResult>> byScenario(List<RunResult> results) {
        Map<String, List<RunResult>> groups = new LinkedHashMap<>();
        for (RunResult result : results) {
            groups.computeIfAbsent(result.scenarioId() + " " + result.executor(), key -> new ArrayList<>()).add(result);
        }
        groups.values().forEach(runs -> runs.sort(Comparator.comparingLong(RunResult::seed).thenComparingInt(RunResult::replication)));
        return groups;
    }

    /** Share of the time charged in all these runs that rests on assumed parameters, 0 to 1. */
    public static double assumedShare(List<RunResult> runs) {
        double all = 0;
        double assumed = 0;
        for (RunResult run : runs) {
            for (ParameterUse use : run.parameters()) {
                all += use.ns();
                assumed += use.origin().equals("assumed") ? use.ns() : 0;
            }
        }
        return all == 0 ? 0 : assumed / all;
    }

    private static SummaryRow row(RunResult run, List<Measurement> measurements, double assumedShare) {
        Pooled pooled = Pooled.of(measurements.stream().map(Measurement::samples).toList());
        Measurement first = measurements.get(0);
        return new SummaryRow(run.experiment(), run.scenarioId(), run.stack(), run.executor(), first.metric(), first.clock(),
                measurements.size(), pooled.n(), pooled.mean(), pooled.sd(), pooled.min(), pooled.quantile(0.5), pooled.quantile(0.9),
                pooled.quantile(0.99), pooled.quantile(0.999), pooled.max(), pooled.meanInterval(Intervals.CONFIDENCE),
                pooled.quantileInterval(0.5, Intervals.CONFIDENCE), pooled.quantileInterval(0.99, Intervals.CONFIDENCE), assumedShare,
                run.axes());
    }
}
