package sandglass.experiment.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sandglass.experiment.claims.ClaimRow;
import sandglass.experiment.claims.ClaimVerdict;
import sandglass.plot.Human;
import sandglass.result.Comparison;
import sandglass.result.CountComparison;
import sandglass.result.MetricComparison;
import sandglass.result.Verdict;

/** Tables of verdicts: of claims, and of prediction against measurement. */
final class VerdictSection {

    private VerdictSection() {}

    /** How many claims hold and how many scenarios agree, in a sentence each. */
    static void answer(Html html, List<ClaimRow> claims, List<Comparison> comparisons) {
        if (claims.isEmpty() && comparisons.isEmpty()) {
            return;
        }
        html.open("div", "class", "answer");
        if (!claims.isEmpty()) {
            html.element("p", "Of " + claims.size() + " claims, " + Stream.of(ClaimVerdict.values()).map(verdict -> {
                List<String> ids = claims.stream().filter(claim -> claim.verdict() == verdict).map(ClaimRow::id).toList();
                return ids.isEmpty() ? "" : ids.size() + " " + words(verdict, ids.size()) + " (" + String.join(", ", ids) + ")";
            }).filter(part -> !part.isEmpty()).collect(Collectors.joining(", ")) + ".");
        }
        if (!comparisons.isEmpty()) {
            html.element("p", "Of " + comparisons.size() + " scenarios compared, " + Stream.of(Verdict.Kind.values()).map(kind -> {
                long count = comparisons.stream().filter(comparison -> comparison.verdict().kind() == kind).count();
                return count == 0 ? "" : count + " " + kind;
            }).filter(part -> !part.isEmpty()).collect(Collectors.joining(", ")) + ".");
        }
        html.close();
    }

    private static String words(ClaimVerdict verdict, int count) {
        return switch (verdict) {
            case HOLDS -> count == 1 ? "holds" : "hold";
            case DOES_NOT_HOLD -> count == 1 ? "does not hold" : "do not hold";
            case CANNOT_TELL -> "cannot be told";
        };
    }

    static void claims(Html html, List<ClaimRow> claims) {
        if (claims.isEmpty()) {
            return;
        }
        Rows.heading(html, "claims", "Claims");
        Rows.open(html, List.of("", "The paper says", "The simulation says", "Measured", "verdict", "It rests on"), 9);
        for (ClaimRow claim : claims) {
            html.open("tr", "id", "claim-" + claim.id()).element("td", claim.id(), "class", "name");
            Rows.words(html, claim.paper(), claim.simulation(), claim.measured().text());
            html.open("td").element("span", claim.verdict().label(), "class", "chip " + claim.verdict().name().toLowerCase(Locale.ROOT)).close();
            html.element("td", claim.restsOn(), "class", "source").close();
        }
        Rows.close(html);
    }

    static void comparisons(Html html, List<Comparison> comparisons) {
        if (comparisons.isEmpty()) {
            return;
        }
        Rows.heading(html, "comparison", "Prediction against measurement");
        Rows.open(html, List.of("Scenario", "verdict", "because", "notes"), 9);
        for (Comparison comparison : comparisons) {
            html.open("tr").element("td", comparison.scenarioId(), "class", "name").open("td")
                    .element("span", comparison.verdict().kind().name(), "class",
                            "chip " + comparison.verdict().kind().name().toLowerCase(Locale.ROOT)).close();
            Rows.words(html, comparison.verdict().reason(), String.join("; ", comparison.notes()));
            html.close();
        }
        Rows.close(html);
        comparisons.stream().filter(c -> !c.metrics().isEmpty() || !c.counts().isEmpty()).forEach(c -> details(html, c));
    }

    private static void details(Html html, Comparison comparison) {
        html.open("details").open("summary").element("strong", comparison.scenarioId()).text(": " + comparison.executorA() + " against "
                + comparison.executorB()).close();
        if (!comparison.counts().isEmpty()) {
            Rows.open(html, List.of("Phase", "switch", "must be equal", comparison.executorA(), comparison.executorB(), ""), 3);
            for (CountComparison count : comparison.counts()) {
                html.open("tr");
                Rows.words(html, count.phase().name(), count.kind().name(), count.judged() ? "yes" : "no");
                Rows.number(html, Human.digits(count.a(), 12));
                Rows.number(html, Human.digits(count.b(), 12));
                html.element("td", count.equal() ? "equal" : "different", "class", count.judged() && !count.equal() ? "bad" : "").close();
            }
            Rows.close(html);
        }
        Rows.open(html, List.of("Metric", "finding", "median " + comparison.executorA(), "median " + comparison.executorB(), "ratio", "95 %",
                "ratio of p99", "95 %", "tolerance", "n"), 2);
        for (MetricComparison metric : comparison.metrics()) {
            html.open("tr").element("td", metric.metric().id(), "class", "name").element("td", metric.finding().name().toLowerCase(Locale.ROOT),
                    "class", metric.finding() == MetricComparison.Finding.OUTSIDE ? "bad" : "");
            Rows.number(html, Human.value(metric.median().a(), metric.metric().unit()));
            Rows.number(html, Human.value(metric.median().b(), metric.metric().unit()));
            ratio(html, metric.median());
            ratio(html, metric.p99());
            Rows.number(html, "± " + Human.digits(100 * metric.tolerance(), 3) + " %" + (metric.declared() ? "" : " (default)"));
            Rows.number(html, metric.nA() + ", " + metric.nB());
            html.close();
        }
        Rows.close(html);
        html.close();
    }

    private static void ratio(Html html, MetricComparison.Ratio ratio) {
        Rows.number(html, digits(ratio.value()));
        Rows.number(html, digits(ratio.interval().low()) + " to " + digits(ratio.interval().high()));
    }

    /** A ratio to nothing has no digits. */
    private static String digits(double ratio) {
        return Double.isFinite(ratio) ? Human.digits(ratio, 3) : "infinite";
    }
}
