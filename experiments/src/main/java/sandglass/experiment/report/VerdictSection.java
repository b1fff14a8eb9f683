package sandglass.experiment.report;

import java.util.List;
import java.util.Locale;
import sandglass.experiment.claims.ClaimRow;
import sandglass.plot.Human;
import sandglass.result.Comparison;
import sandglass.result.CountComparison;
import sandglass.result.MetricComparison;

/** Tables of verdicts: of claims, and of prediction against measurement. */
final class VerdictSection {

    private VerdictSection() {}

    static void claims(Html html, List<ClaimRow> claims) {
        if (claims.isEmpty()) {
            return;
        }
        Rows.heading(html, "claims", "Claims");
        Rows.open(html, List.of("", "The paper says", "The simulation says", "verdict", "It rests on"), 9);
        for (ClaimRow claim : claims) {
            html.open("tr", "id", "claim-" + claim.id()).element("td", claim.id(), "class", "name");
            Rows.words(html, claim.paper(), claim.simulation());
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
        Rows.number(html, Human.digits(ratio.value(), 3));
        Rows.number(html, Human.digits(ratio.interval().low(), 3) + " to " + Human.digits(ratio.interval().high(), 3));
    }
}
