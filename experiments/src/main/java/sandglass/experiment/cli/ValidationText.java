package sandglass.experiment.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sandglass.result.Comparison;
import sandglass.result.CountComparison;
import sandglass.result.Interval;
import sandglass.result.MetricComparison;
import sandglass.result.MetricComparison.Finding;
import sandglass.result.NoiseFloor;
import sandglass.result.RunResult;
import sandglass.unit.Quantities;

/** One table of what was predicted and what was measured, for a terminal or for Markdown. */
final class ValidationText {

    private static final List<String> HEAD = List.of("scenario", "metric", "predicted", "measured", "ratio", "95 %", "noise", "tolerance", "verdict",
            "cause");
    private static final List<String> FLOOR_HEAD = List.of("two measurements differ in", "on", "of", "p50", "pairs", "p99", "pairs");
    private static final int REASON_COLUMNS = 110;

    private ValidationText() {}

    /** How many metrics there are, how many agree, and how many of those only within the noise. */
    record Tally(long metrics, long agree, long noisy, long counts, long equal) {

        static Tally of(List<Comparison> comparisons) {
            List<Finding> findings = comparisons.stream().flatMap(c -> c.metrics().stream()).map(MetricComparison::finding)
                    .filter(finding -> finding != Finding.REPORTED).toList();
            List<CountComparison> counts = comparisons.stream().flatMap(c -> c.counts().stream()).filter(CountComparison::judged).toList();
            long noisy = findings.stream().filter(finding -> finding == Finding.WITHIN_NOISE).count();
            return new Tally(findings.size(), noisy + findings.stream().filter(finding -> finding == Finding.WITHIN).count(), noisy,
                    counts.size(), counts.stream().filter(CountComparison::equal).count());
        }

        String sentence() {
            return String.format(Locale.ROOT, "%d of %d times and sizes agree (%.0f %%), %d of them only within what two measurements differ by; "
                    + "%d of %d counts are equal", agree, metrics, metrics == 0 ? 0 : 100.0 * agree / metrics, noisy, equal, counts);
        }
    }

    static String of(List<Validation.Checked> all) {
        List<Comparison> comparisons = all.stream().flatMap(checked -> checked.comparisons().stream()).toList();
        TextTable table = new TextTable().row(HEAD);
        comparisons.forEach(c -> rows(c).forEach(table::row));
        TextTable verdicts = new TextTable(0, 0, REASON_COLUMNS).row("scenario", "verdict", "because");
        for (Comparison c : comparisons) {
            verdicts.row(c.scenarioId(), kebab(c.verdict().kind()), c.verdict().reason());
            c.notes().forEach(note -> verdicts.row("", "", "note: " + note));
        }
        all.forEach(checked -> checked.skipped().forEach(s -> verdicts.row(s.scenarioId(), "not-run", s.reason())));
        TextTable uncounted = new TextTable(0, 0, REASON_COLUMNS).row("cannot be measured", "stacks", "because");
        uncounted(all).forEach((what, stacks) -> uncounted.row(what.get(0), String.join(", ", stacks), what.get(1)));
        TextTable shares = new TextTable().row(Shares.HEAD);
        shares(comparisons).lines().forEach(shares::row);
        TextTable floor = new TextTable().row(FLOOR_HEAD);
        floor(all).forEach(floor::row);
        return table.text() + "\n" + verdicts.text() + "\n" + uncounted.text() + "\n" + floor.text() + "\n" + shares.text() + "\n"
                + Tally.of(comparisons).sentence() + "\n" + ended(itself(all), "\n") + ended(spread(comparisons), "\n")
                + agreeing(comparisons) + " of " + comparisons.size() + " scenarios agree\n";
    }

    /** The same table for a README. */
    static String markdown(List<Validation.Checked> all) {
        List<Comparison> comparisons = all.stream().flatMap(checked -> checked.comparisons().stream()).toList();
        StringBuilder text = new StringBuilder(line(HEAD)).append(line(HEAD.stream().map(any -> "---").toList()));
        comparisons.forEach(c -> rows(c).forEach(row -> text.append(line(row))));
        text.append('\n').append(line(FLOOR_HEAD)).append(line(FLOOR_HEAD.stream().map(any -> "---").toList()));
        floor(all).forEach(row -> text.append(line(row)));
        text.append('\n').append(line(Shares.HEAD)).append(line(Shares.HEAD.stream().map(any -> "---").toList()));
        shares(comparisons).lines().forEach(row -> text.append(line(row)));
        return text.append('\n').append(Tally.of(comparisons).sentence()).append("; ").append(agreeing(comparisons)).append(" of ")
                .append(comparisons.size()).append(" scenarios agree in everything.\n").append(ended(itself(all), ".\n"))
                .append(ended(spread(comparisons), ".\n")).toString();
    }

    /** What is measured of each stack, and by how much two measurements differ; of nothing that was measured once. */
    private static List<List<String>> floor(List<Validation.Checked> all) {
        return entries(all).stream().map(entry -> {
            boolean far = entry.pairsOfP99s() > 0;
            return List.of(entry.metric(), entry.stack(), entry.experiment().equals(NoiseFloor.SHARED) ? "the others" : entry.experiment(),
                    percent(entry.noise().median()), Long.toString(entry.pairs()), far ? percent(entry.noise().p99()) : "",
                    far ? Long.toString(entry.pairsOfP99s()) : "");
        }).toList();
    }

    private static List<NoiseFloor.Entry> entries(List<Validation.Checked> all) {
        Set<String> judged = all.stream().flatMap(checked -> checked.comparisons().stream()).flatMap(c -> c.metrics().stream())
                .filter(m -> m.finding() != Finding.REPORTED).map(m -> m.metric().id()).collect(Collectors.toSet());
        return all.stream().limit(1).flatMap(checked -> checked.floor().entries().stream()).filter(entry -> judged.contains(entry.metric())).toList();
    }

    /** How well the host predicts itself by the same rule: better than that no prediction can be expected to do. Empty if it was measured once. */
    private static String itself(List<Validation.Checked> all) {
        Tally tally = Tally.of(all.stream().flatMap(checked -> checked.itself().stream()).toList());
        return tally.metrics() == 0 ? "" : String.format(Locale.ROOT,
                "By the same rule the host's second measurement agrees with its first in %d of %d (%.0f %%)", tally.agree(), tally.metrics(),
                100.0 * tally.agree() / tally.metrics());
    }

    private static Shares shares(List<Comparison> comparisons) {
        return Shares.of(comparisons.stream().flatMap(c -> ValidationRow.of(c).stream()).toList());
    }

    private static String spread(List<Comparison> comparisons) {
        return RatioSpread.of(comparisons.stream().flatMap(c -> ValidationRow.of(c).stream()).toList()).sentence();
    }

    private static String ended(String text, String end) {
        return text.isEmpty() ? "" : text + end;
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static long agreeing(List<Comparison> comparisons) {
        return comparisons.stream().filter(c -> ComparisonText.agree(List.of(c))).count();
    }

    /** What some side could not tell, with the stacks concerned. */
    private static Map<List<String>, TreeSet<String>> uncounted(List<Validation.Checked> all) {
        Map<List<String>, TreeSet<String>> uncounted = new TreeMap<>((a, b) -> String.join(" ", a).compareTo(String.join(" ", b)));
        for (Validation.Checked checked : all) {
            for (RunResult run : checked.results()) {
                run.unsupported().forEach(u -> uncounted.computeIfAbsent(List.of(u.metric(), u.reason()), any -> new TreeSet<>()).add(run.stack()));
            }
        }
        return uncounted;
    }

    private static List<List<String>> rows(Comparison c) {
        List<ValidationRow> rows = ValidationRow.of(c);
        Causes causes = new Causes(rows);
        return rows.stream().map(row -> row.ratio().isEmpty()
                ? List.of(c.scenarioId(), row.id(), row.predicted(), row.measured(), "", "", "", "exact", row.outcome().label(), causes.of(row))
                : List.of(c.scenarioId(), row.id() + " " + kebab(row.statistic()), row.predicted(), row.measured(),
                        digits(row.ratio().get().value()), interval(row.ratio().get().interval()), percent(row.noise()),
                        percent(row.tolerance()), row.outcome().label(), causes.of(row))).toList();
    }

    private static String interval(Interval interval) {
        return digits(interval.low()) + " .. " + digits(interval.high());
    }

    private static String digits(double ratio) {
        return Double.isFinite(ratio) ? Quantities.digits(ratio) : "infinite";
    }

    private static String percent(double share) {
        return digits(100 * share) + " %";
    }

    /** Comparisons as {@link ComparisonText} prints them, what was not run, and at last what share agrees. */
    static String json(List<Validation.Checked> all) {
        List<Comparison> comparisons = all.stream().flatMap(checked -> checked.comparisons().stream()).toList();
        List<Object> list = new ArrayList<>();
        List<Map<String, Object>> objects = ComparisonText.objects(comparisons);
        for (int i = 0; i < objects.size(); i++) {
            List<ValidationRow> rows = ValidationRow.of(comparisons.get(i));
            Causes causes = new Causes(rows);
            objects.get(i).put("disagreements",
                    rows.stream().filter(row -> !row.outcome().agrees()).map(row -> disagreement(row, causes)).toList());
            list.add(objects.get(i));
        }
        for (Validation.Checked checked : all) {
            for (Validation.Skipped skipped : checked.skipped()) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("scenario", skipped.scenarioId());
                one.put("verdict", "not-run");
                one.put("reason", skipped.reason());
                list.add(one);
            }
        }
        list.add(Map.of("noise", entries(all).stream().map(ValidationText::noise).toList()));
        list.add(Map.of("shares", shares(comparisons).objects()));
        return Json.text(list);
    }

    private static Map<String, Object> noise(NoiseFloor.Entry entry) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("metric", entry.metric());
        one.put("stack", entry.stack());
        one.put("experiment", entry.experiment());
        one.put("pairs", List.of(entry.pairs(), entry.pairsOfP99s()));
        one.put("noise", List.of(entry.noise().median(), entry.noise().p99()));
        return one;
    }

    private static Map<String, String> disagreement(ValidationRow row, Causes causes) {
        Map<String, String> one = new LinkedHashMap<>();
        one.put("of", row.id());
        one.put("statistic", kebab(row.statistic()));
        one.put("outcome", row.outcome().label());
        one.put("cause", causes.of(row));
        return one;
    }

    static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
