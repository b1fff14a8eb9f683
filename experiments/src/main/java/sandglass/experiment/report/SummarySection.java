package sandglass.experiment.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sandglass.plot.Figure;
import sandglass.plot.Human;
import sandglass.result.Interval;
import sandglass.result.Summary;
import sandglass.result.SummaryRow;
import sandglass.unit.Unit;

/** The numbers of a part: a table for each metric, those that figures show open, the others folded. */
final class SummarySection {

    private SummarySection() {}

    static void write(Html html, ReportInput.Part part) {
        List<SummaryRow> rows = Summary.rows(part.results());
        Set<String> axes = new LinkedHashSet<>();
        rows.forEach(row -> axes.addAll(row.axes().keySet()));
        axes.remove("stack");
        Set<String> shown = new LinkedHashSet<>(part.figures().stream().map(Figure::metric).toList());
        Map<String, List<SummaryRow>> byMetric = new LinkedHashMap<>();
        rows.stream().filter(row -> shown.contains(row.metric().id())).forEach(row -> add(byMetric, row));
        rows.stream().filter(row -> !shown.contains(row.metric().id())).forEach(row -> add(byMetric, row));
        boolean executors = rows.stream().map(SummaryRow::executor).distinct().count() > 1;
        byMetric.forEach((metric, of) -> {
            html.open("details", shown.contains(metric) && of.size() <= 40 ? new String[] {"open", "open"} : new String[0]);
            html.open("summary").element("strong", of.get(0).metric().label()).text(" ").element("span", metric, "class", "id").close();
            table(html, List.copyOf(axes), executors, of);
            html.close();
        });
    }

    private static void add(Map<String, List<SummaryRow>> byMetric, SummaryRow row) {
        byMetric.computeIfAbsent(row.metric().id(), id -> new ArrayList<>()).add(row);
    }

    private static void table(Html html, List<String> axes, boolean executors, List<SummaryRow> rows) {
        List<String> headings = new ArrayList<>(List.of("Stack"));
        axes.forEach(axis -> headings.add(Human.axis(axis)));
        if (executors) {
            headings.add("executor");
        }
        int words = headings.size();
        headings.addAll(List.of("n", "mean", "± 95 %", "median", "p99", "max", "on assumed"));
        Rows.open(html, headings, words);
        for (SummaryRow row : rows) {
            Unit unit = row.metric().unit();
            html.open("tr").element("td", row.stack(), "class", "name");
            axes.forEach(axis -> html.element("td", row.axes().getOrDefault(axis, "")));
            if (executors) {
                html.element("td", row.executor());
            }
            Rows.number(html, Human.digits(row.n(), 12));
            Rows.number(html, Human.value(row.mean(), unit));
            html.element("td", halfWidth(row.meanInterval(), unit), "class", "number", "title", row.meanInterval().method().label() + ", "
                    + row.replications() + " replications");
            quantile(html, row.p50(), row.p50Interval(), unit);
            quantile(html, row.p99(), row.p99Interval(), unit);
            Rows.number(html, Human.value(row.max(), unit));
            Rows.share(html, row.assumedShare(), "assumed", Human.value(row.assumedShare(), Unit.RATIO));
            html.close();
        }
        Rows.close(html);
    }

    private static void quantile(Html html, double value, Interval interval, Unit unit) {
        html.element("td", Human.value(value, unit), "class", "number", "title", interval.known()
                ? "95 % interval " + Human.interval(interval.low(), interval.high(), unit) + ", " + interval.method().label() : "no interval");
    }

    private static String halfWidth(Interval interval, Unit unit) {
        return interval.known() ? Human.value(interval.halfWidth(), unit) : "none";
    }
}
