package sandglass.experiment.claims;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import sandglass.result.LedgerEntry;
import sandglass.result.Metric;
import sandglass.result.Metrics;
import sandglass.result.Pooled;
import sandglass.result.RunResult;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.unit.Quantities;

/** Some recorded runs, and what they say together. */
record MeasuredRuns(List<RunResult> list) {

    /** Kinds of switches that a reason names, the most frequent first. */
    private static final int KINDS = 3;

    /** Those of one experiment. */
    MeasuredRuns of(String experiment) {
        return where(run -> run.experiment().equals(experiment));
    }

    /** Those of one stack. */
    MeasuredRuns on(String stack) {
        return where(run -> run.stack().equals(stack));
    }

    /** Those whose scenario has this value on this axis. */
    MeasuredRuns with(String axis, String value) {
        return where(run -> value.equals(run.axes().get(axis)));
    }

    private MeasuredRuns where(Predicate<RunResult> wanted) {
        return new MeasuredRuns(list.stream().filter(wanted).toList());
    }

    List<String> stacks() {
        return list.stream().map(RunResult::stack).distinct().toList();
    }

    List<String> values(String axis) {
        return list.stream().map(run -> run.axes().get(axis)).filter(value -> value != null).distinct().toList();
    }

    /** Scenarios in their order, each with its runs. */
    List<MeasuredRuns> scenarios() {
        return list.stream().map(RunResult::scenarioId).distinct().map(id -> where(run -> run.scenarioId().equals(id))).toList();
    }

    private Pooled samples(Metric metric) {
        return Pooled.of(list.stream().flatMap(run -> run.measurement(metric.id()).stream()).map(m -> m.samples()).toList());
    }

    /** The median over all samples in the metric's unit. */
    Optional<Double> median(Metric metric) {
        Pooled pooled = samples(metric);
        return pooled.n() == 0 ? Optional.empty() : Optional.of(pooled.quantile(0.5));
    }

    /** The median as people write it, with n; empty if there is none. */
    String print(Metric metric) {
        return median(metric).map(value -> Quantities.print(value, metric.unit()) + " (n=" + samples(metric).n() + ")").orElse("");
    }

    /** Standard deviation over all samples. */
    double sd(Metric metric) {
        return samples(metric).sd();
    }

    /** Switches of one kind in one phase, an invocation. */
    double perCall(Phase phase, ModeSwitch kind) {
        return ledger(entry -> entry.phase() == phase && entry.kind() == kind) / (double) calls();
    }

    private long ledger(Predicate<LedgerEntry> wanted) {
        return list.stream().flatMap(run -> run.ledger().stream()).filter(wanted).mapToLong(LedgerEntry::count).sum();
    }

    private long calls() {
        return Math.max(1, Math.round(list.stream().flatMap(run -> run.measurement(Metrics.INVOCATIONS.id()).stream())
                .mapToDouble(m -> m.samples().quantile(0.5)).sum()));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The ledger of a call in words: its most frequent switches by phase. */
    String ledgerOfACall() {
        Map<String, Long> counts = new TreeMap<>();
        list.forEach(run -> run.ledger().stream().filter(entry -> entry.count() > 0)
                .forEach(entry -> counts.merge(word(entry.kind()) + " (" + word(entry.phase()) + ")", entry.count(), Long::sum)));
        List<String> parts = new ArrayList<>();
        counts.entrySet().stream().sorted(Map.Entry.comparingByValue(Comparator.reverseOrder())).limit(KINDS)
                .forEach(entry -> parts.add(Quantities.digits(entry.getValue() / (double) calls()) + " " + entry.getKey()));
        return parts.isEmpty() ? "no switch that was counted" : String.join(", ", parts);
    }
}
