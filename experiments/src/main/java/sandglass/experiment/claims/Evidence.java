package sandglass.experiment.claims;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sandglass.result.Interval;
import sandglass.result.Intervals;
import sandglass.result.LedgerEntry;
import sandglass.result.Metric;
import sandglass.result.PairedDifference;
import sandglass.result.ParameterUse;
import sandglass.result.Pooled;
import sandglass.result.RunResult;
import sandglass.scenario.ModeSwitch;
import sandglass.unit.Quantities;
import sandglass.unit.Unit;

/** Finds results by experiment and axes, and remembers which of them a finding used. */
final class Evidence {

    private final Map<String, List<RunResult>> byExperiment;
    private final Set<RunResult> used = new LinkedHashSet<>();

    Evidence(Map<String, List<RunResult>> byExperiment) {
        this.byExperiment = byExperiment;
    }

    /** All replications of one scenario. */
    List<RunResult> runs(Selection selection) {
        List<RunResult> all = byExperiment.get(selection.experiment());
        if (all == null || all.isEmpty()) {
            throw new MissingEvidenceException("there is no result of experiment " + selection.experiment());
        }
        List<RunResult> found = all.stream().filter(run -> matches(run, selection)).toList();
        if (found.isEmpty()) {
            throw new MissingEvidenceException(selection.experiment() + " has no result with " + selection.axes());
        }
        used.addAll(found);
        return found;
    }

    private static boolean matches(RunResult run, Selection selection) {
        return selection.axes().entrySet().stream().allMatch(axis ->
                axis.getValue().equals(axis.getKey().equals("stack") ? run.stack() : run.axes().get(axis.getKey())));
    }

    /** The values that an axis takes in an experiment, in the order of the results. */
    List<String> values(String experiment, String axis) {
        return byExperiment.getOrDefault(experiment, List.of()).stream().map(run -> run.axes().get(axis))
                .filter(value -> value != null).distinct().toList();
    }

    /** The samples of a metric over all replications. */
    Pooled samples(Selection selection, Metric metric) {
        List<RunResult> runs = runs(selection);
        Pooled pooled = Pooled.of(runs.stream().flatMap(run -> run.measurement(metric.id()).stream())
                .map(measurement -> measurement.samples()).toList());
        if (pooled.n() == 0) {
            throw new MissingEvidenceException(selection.experiment() + " with " + selection.axes() + " did not measure " + metric.id());
        }
        return pooled;
    }

    double mean(Selection selection, Metric metric) {
        return samples(selection, metric).mean();
    }

    /** {@code mean [low, high]} in the unit's usual spelling; without brackets where there is no interval or it has no width. */
    String describe(Selection selection, Metric metric) {
        Pooled pooled = samples(selection, metric);
        Interval interval = pooled.meanInterval(Intervals.CONFIDENCE);
        String mean = Quantities.print(pooled.mean(), metric.unit());
        return !interval.known() || interval.halfWidth() == 0 ? mean + " (n=" + pooled.n() + ")"
                : mean + " [" + print(interval.low(), metric.unit()) + ", " + print(interval.high(), metric.unit()) + "]";
    }

    /** Whether the mean of {@code a} is below that of {@code b}: paired where both have replications, by value where nothing varies. */
    ClaimVerdict below(Selection a, Selection b, Metric metric) {
        samples(a, metric);
        samples(b, metric);
        List<RunResult> left = runs(a);
        List<RunResult> right = runs(b);
        if (left.size() < 2 || right.size() < 2) {
            return ClaimVerdict.of(mean(a, metric) < mean(b, metric));
        }
        Interval interval = PairedDifference.of(left, right, metric.id(), Intervals.CONFIDENCE).differenceInterval();
        return interval.high() < 0 ? ClaimVerdict.HOLDS : interval.low() > 0 ? ClaimVerdict.DOES_NOT_HOLD
                : interval.halfWidth() == 0 ? ClaimVerdict.DOES_NOT_HOLD : ClaimVerdict.CANNOT_TELL;
    }

    /** Mode switches of these kinds in one replication, over all phases. */
    long switches(Selection selection, Set<ModeSwitch> kinds) {
        return runs(selection).get(0).ledger().stream().filter(entry -> kinds.contains(entry.kind())).mapToLong(LedgerEntry::count).sum();
    }

    /** A statement of the first replication, as written. */
    String fact(Selection selection, String name) {
        String value = runs(selection).get(0).facts().get(name);
        if (value == null) {
            throw new MissingEvidenceException(selection.experiment() + " with " + selection.axes() + " does not state " + name);
        }
        return value;
    }

    /** Whose numbers the results that were looked at rest on: shares of charged time by origin, and the three largest parameters. */
    String restsOn() {
        Map<String, Double> byOrigin = new TreeMap<>();
        Map<String, Double> byName = new LinkedHashMap<>();
        Map<String, String> origins = new TreeMap<>();
        for (RunResult run : used) {
            for (ParameterUse use : run.parameters()) {
                byOrigin.merge(use.origin(), use.ns(), Double::sum);
                byName.merge(use.name(), use.ns(), Double::sum);
                origins.put(use.name(), use.origin());
            }
        }
        double all = byOrigin.values().stream().mapToDouble(Double::doubleValue).sum();
        List<String> parts = new ArrayList<>();
        if (all > 0) {
            byOrigin.forEach((origin, ns) -> parts.add(percent(ns / all) + " " + origin));
        }
        String largest = byName.entrySet().stream().filter(entry -> entry.getValue() > 0)
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())).limit(3)
                .map(entry -> entry.getKey() + " (" + origins.get(entry.getKey()) + ")").collect(Collectors.joining(", "));
        String experiments = used.stream().map(RunResult::experiment).distinct().collect(Collectors.joining(", "));
        return experiments + (parts.isEmpty() ? "" : ": time " + String.join(", ", parts) + "; most on " + largest);
    }

    static String percent(double share) {
        return Quantities.digits(Math.round(share * 1000) / 10.0) + " %";
    }

    private static String print(double value, Unit unit) {
        return Quantities.print(value, unit);
    }
}
