package sandglass.experiment.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import sandglass.plot.Figure;
import sandglass.plot.Human;
import sandglass.result.Interval;
import sandglass.result.Metric;
import sandglass.result.Summary;
import sandglass.result.SummaryRow;
import sandglass.unit.Unit;

/** The numbers of a part: a table for each metric, those that figures show open, the others folded. */
final class SummarySection {

    private static final int MOST_OPEN = 100;
    private static final int MOST_FOLDED = 30;

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
            if (shown.contains(metric)) {
                metric(html, List.copyOf(axes), executors, of, true);
            }
        });
        List<List<SummaryRow>> further = byMetric.entrySet().stream().filter(e -> !shown.contains(e.getKey())).map(Map.Entry::getValue).toList();
        if (!further.isEmpty()) {
            html.open("details", "class", "nest").open("summary").element("strong", further.size() + " further metrics").close();
            further.stream().filter(of -> !zero(of)).forEach(of -> metric(html, List.copyOf(axes), executors, of, false));
            String zeros = further.stream().filter(SummarySection::zero).map(of -> of.get(0).metric().id()).collect(Collectors.joining(", "));
            if (!zeros.isEmpty()) {
                html.element("p", "Zero throughout: " + zeros + ".", "class", "note");
            }
            html.close();
        }
    }

    private static boolean zero(List<SummaryRow> rows) {
        return rows.stream().allMatch(row -> row.min() == 0 && row.max() == 0);
    }

    private static void metric(Html html, List<String> axes, boolean executors, List<SummaryRow> rows, boolean open) {
        Metric metric = rows.get(0).metric();
        html.open("details", open ? new String[] {"open", "open"} : new String[0]);
        html.open("summary").element("strong", metric.label()).text(" ").element("span", metric.id(), "class", "id").close();
        int most = open ? MOST_OPEN : MOST_FOLDED;
        table(html, axes, executors, rows.subList(0, Math.min(rows.size(), most)));
        if (rows.size() > most) {
            html.element("p", rows.size() - most + " further rows are in summary.csv.", "class", "note");
        }
        html.close();
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
        headings.addAll(List.of("n", "mean", "± 95 %", "median", "p99", "p99.9", "max", "on assumed"));
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
            Rows.number(html, Human.value(row.p999(), unit));
            Rows.number(html, Human.value(row.max(), unit));
            Rows.share(html, row.assumedShare(), "assumed", Human.value(row.assumedShare(), Unit.RATIO));
            html.close();
        }
        Rows.close(html);
    }

    private static void quantile(Html html, double value, Interval interval, Unit unit) {
        html.element("td", Human.value(value, unit), "class", "number", "title",
                interval.known() ? "95 %: " + Human.interval(interval.low(), interval.high(), unit) : "no interval");
    }

    private static String halfWidth(Interval interval, Unit unit) {
        return interval.known() ? Human.value(interval.halfWidth(), unit) : "none";
    }
}
