package sandglass.experiment.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import sandglass.result.Comparison;
import sandglass.result.CountComparison;
import sandglass.result.MetricComparison;
import sandglass.result.MetricComparison.Finding;
import sandglass.result.RunResult;
import sandglass.unit.Quantities;

/** One table of what was predicted and what was measured, for a terminal or for Markdown. */
final class ValidationText {

    private static final List<String> HEAD = List.of("scenario", "metric", "predicted", "measured", "ratio", "95 %", "noise", "tolerance", "verdict");
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
        return table.text() + "\n" + verdicts.text() + "\n" + uncounted.text() + "\n" + Tally.of(comparisons).sentence() + "\n"
                + agreeing(comparisons) + " of " + comparisons.size() + " scenarios agree\n";
    }

    /** The same table for a README. */
    static String markdown(List<Validation.Checked> all) {
        List<Comparison> comparisons = all.stream().flatMap(checked -> checked.comparisons().stream()).toList();
        StringBuilder text = new StringBuilder(line(HEAD)).append(line(HEAD.stream().map(any -> "---").toList()));
        comparisons.forEach(c -> rows(c).forEach(row -> text.append(line(row))));
        return text.append('\n').append(Tally.of(comparisons).sentence()).append("; ").append(agreeing(comparisons)).append(" of ")
                .append(comparisons.size()).append(" scenarios agree in everything.\n").toString();
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
        List<List<String>> rows = new ArrayList<>();
        for (MetricComparison m : c.metrics()) {
            if (m.finding() != Finding.REPORTED && !(m.median().a() == 0 && m.median().b() == 0)) {
                rows.add(row(c, m, "p50", m.median(), m.noise().median(), m.tolerance()));
                if (Math.min(m.nA(), m.nB()) >= MetricComparison.P99_LEAST) {
                    rows.add(row(c, m, "p99", m.p99(), m.noise().p99(), m.p99Tolerance()));
                }
            }
        }
        for (CountComparison count : c.counts()) {
            if (count.judged()) {
                rows.add(List.of(c.scenarioId(), kebab(count.phase()) + " " + kebab(count.kind()), Long.toString(count.a()),
                        Long.toString(count.b()), "", "", "", "exact", count.equal() ? "equal" : "DIFFERENT"));
            }
        }
        return rows;
    }

    private static List<String> row(Comparison c, MetricComparison m, String which, MetricComparison.Ratio ratio, double noise, double tolerance) {
        double distance = Math.abs(ratio.value() - 1);
        String verdict = distance <= Math.max(tolerance, noise) ? noise > tolerance ? "within noise" : "agrees"
                : m.finding() == Finding.OUTSIDE ? "DIFFERS" : "undecided";
        return List.of(c.scenarioId(), m.metric().id() + " " + which, Quantities.print(ratio.a(), m.metric().unit()),
                Quantities.print(ratio.b(), m.metric().unit()), digits(ratio.value()),
                digits(ratio.interval().low()) + " .. " + digits(ratio.interval().high()), percent(noise), percent(tolerance),
                verdict);
    }

    private static String digits(double ratio) {
        return Double.isFinite(ratio) ? Quantities.digits(ratio) : "infinite";
    }

    private static String percent(double share) {
        return digits(100 * share) + " %";
    }

    /** Comparisons as {@link ComparisonText} prints them, and what was not run. */
    static String json(List<Validation.Checked> all) {
        List<Object> list = new ArrayList<>(ComparisonText.objects(all.stream().flatMap(checked -> checked.comparisons().stream()).toList()));
        for (Validation.Checked checked : all) {
            for (Validation.Skipped skipped : checked.skipped()) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("scenario", skipped.scenarioId());
                one.put("verdict", "not-run");
                one.put("reason", skipped.reason());
                list.add(one);
            }
        }
        return Json.text(list);
    }

    private static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
