package sandglass.experiment.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sandglass.result.Comparison;
import sandglass.result.CountComparison;
import sandglass.result.MetricComparison;
import sandglass.result.Verdict;
import sandglass.unit.Quantities;

/** Comparisons for a terminal or a script. */
final class ComparisonText {

    private static final int REASON_COLUMNS = 90;

    private ComparisonText() {}

    static boolean agree(List<Comparison> comparisons) {
        return comparisons.stream().allMatch(c -> c.verdict().kind() == Verdict.Kind.AGREES);
    }

    static String of(List<Comparison> comparisons) {
        TextTable verdicts = new TextTable(0, 0, 0, REASON_COLUMNS).row("scenario", "executors", "verdict", "because");
        TextTable times = new TextTable().row("scenario", "metric", "n", "median", "median", "ratio", "95 % interval", "tolerance", "finding");
        for (Comparison c : comparisons) {
            verdicts.row(c.scenarioId(), c.executorA() + " / " + c.executorB(), kebab(c.verdict().kind()), c.verdict().reason());
            c.notes().forEach(note -> verdicts.row("", "", "", "note: " + note));
            c.metrics().stream().filter(m -> m.finding() != MetricComparison.Finding.REPORTED).forEach(m -> times.row(c.scenarioId(),
                    m.metric().id(), m.nA() + " / " + m.nB(), Quantities.print(m.median().a(), m.metric().unit()),
                    Quantities.print(m.median().b(), m.metric().unit()), Quantities.digits(m.median().value()),
                    Quantities.digits(m.median().interval().low()) + " .. " + Quantities.digits(m.median().interval().high()),
                    Quantities.digits(100 * m.tolerance()) + " %", kebab(m.finding())));
        }
        long agreeing = comparisons.stream().filter(c -> c.verdict().kind() == Verdict.Kind.AGREES).count();
        return verdicts.text() + "\n" + times.text() + "\n" + agreeing + " of " + comparisons.size() + " scenarios agree\n";
    }

    static String json(List<Comparison> comparisons) {
        return Json.text(objects(comparisons));
    }

    static List<Map<String, Object>> objects(List<Comparison> comparisons) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Comparison c : comparisons) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("scenario", c.scenarioId());
            one.put("stack", c.stack());
            one.put("executors", List.of(c.executorA(), c.executorB()));
            one.put("verdict", kebab(c.verdict().kind()));
            one.put("reason", c.verdict().reason());
            one.put("times", c.metrics().stream().map(ComparisonText::metric).toList());
            one.put("counts", c.counts().stream().map(ComparisonText::count).toList());
            one.put("notes", c.notes());
            list.add(one);
        }
        return list;
    }

    private static Map<String, Object> metric(MetricComparison m) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("metric", m.metric().id());
        one.put("unit", m.metric().unit().symbol());
        one.put("n", List.of(m.nA(), m.nB()));
        one.put("median", ratio(m.median()));
        one.put("p99", ratio(m.p99()));
        one.put("tolerance", m.tolerance());
        one.put("noise", List.of(m.noise().median(), m.noise().p99()));
        one.put("finding", kebab(m.finding()));
        return one;
    }

    private static Map<String, Object> ratio(MetricComparison.Ratio ratio) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("a", ratio.a());
        one.put("b", ratio.b());
        one.put("ratio", ratio.value());
        one.put("ci95_low", ratio.interval().low());
        one.put("ci95_high", ratio.interval().high());
        return one;
    }

    private static Map<String, Object> count(CountComparison c) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("phase", c.phase().name());
        one.put("switch", c.kind().name());
        one.put("a", c.a());
        one.put("b", c.b());
        one.put("judged", c.judged());
        one.put("equal", c.equal());
        return one;
    }

    private static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
