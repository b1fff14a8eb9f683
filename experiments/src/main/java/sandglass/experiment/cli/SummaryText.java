package sandglass.experiment.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import sandglass.calibration.Calibration;
import sandglass.experiment.report.TraceSentence;
import sandglass.experiment.store.SummaryCsv;
import sandglass.plot.FigureSpec;
import sandglass.result.Metrics;
import sandglass.result.SummaryRow;
import sandglass.unit.Quantities;

/** A summary for a terminal or a script. */
final class SummaryText {

    private static final List<String> USUAL = List.of(Metrics.START_COLD.id(), Metrics.START_POOLED.id(), Metrics.WAIT.id(),
            Metrics.RESPONSE.id(), Metrics.COLD_SHARE.id(), Metrics.MEMORY_MAX.id());

    private SummaryText() {}

    /** The rows as a JSON array of objects, keys as in {@code summary.csv}; numbers are numbers. */
    static String json(List<SummaryRow> rows) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (SummaryRow row : rows) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("experiment", row.experiment());
            one.put("scenario", row.scenario());
            one.put("stack", row.stack());
            one.put("executor", row.executor());
            one.put("axes", row.axes());
            one.put("metric", row.metric().id());
            one.put("unit", row.metric().unit().symbol());
            one.put("replications", row.replications());
            one.put("n", row.n());
            one.put("mean", row.mean());
            one.put("sd", row.sd());
            one.put("min", row.min());
            one.put("p50", row.p50());
            one.put("p90", row.p90());
            one.put("p99", row.p99());
            one.put("p999", row.p999());
            one.put("max", row.max());
            one.put("ci95_low", row.meanInterval().low());
            one.put("ci95_high", row.meanInterval().high());
            one.put("ci_method", row.meanInterval().method().label());
            one.put("assumed_share", row.assumedShare());
            list.add(one);
        }
        return Json.text(list);
    }

    /** The metrics that the experiment draws, a row each, and where the rest is. */
    static String of(Runner.Done done, Executors.Chosen chosen, Path report) {
        Set<String> axes = new TreeSet<>();
        done.rows().forEach(row -> axes.addAll(row.axes().keySet()));
        Set<String> metrics = metrics(done.experiment().figures());
        StringBuilder text = new StringBuilder().append(done.experiment().name()).append(": ").append(done.experiment().question())
                .append('\n').append(done.results().size()).append(" runs of ").append(done.experiment().scenarios().size())
                .append(" scenarios by ").append(chosen.executor().name()).append(", ").append(done.reused())
                .append(" of them stored before; calibration ").append(chosen.calibration().map(Calibration::name).orElse("none")).append('\n');
        TraceSentence.of(done.results()).ifPresent(sentence -> text.append(sentence).append('\n'));
        text.append('\n');
        TextTable table = new TextTable();
        List<String> head = new ArrayList<>(axes.isEmpty() ? List.of("stack") : axes);
        head.addAll(List.of("metric", "n", "mean", "95 % interval", "p50", "p99", "p99.9", "assumed"));
        table.row(head);
        for (String metric : metrics) {
            done.rows().stream().filter(row -> row.metric().id().equals(metric)).forEach(row -> table.row(cells(row, axes)));
        }
        return text.append(table.text()).append('\n').append(report).append(" tells it with ").append(done.figures().size()).append(" figures; ")
                .append(done.directory().resolve(SummaryCsv.FILE)).append(" has every metric\n").toString();
    }

    private static List<String> cells(SummaryRow row, Set<String> axes) {
        List<String> cells = new ArrayList<>();
        if (axes.isEmpty()) {
            cells.add(row.stack());
        }
        axes.forEach(axis -> cells.add(row.axes().getOrDefault(axis, "")));
        boolean single = row.n() == row.replications();
        cells.addAll(List.of(row.metric().id(), Long.toString(row.n()), value(row, row.mean()), interval(row),
                single ? "" : value(row, row.p50()), single ? "" : value(row, row.p99()),
                single ? "" : value(row, row.p999()), Quantities.digits(100 * row.assumedShare()) + " %"));
        return cells;
    }

    private static String interval(SummaryRow row) {
        return row.meanInterval().known() ? value(row, row.meanInterval().low()) + " .. " + value(row, row.meanInterval().high()) : "-";
    }

    private static String value(SummaryRow row, double value) {
        return Quantities.print(value, row.metric().unit());
    }

    private static Set<String> metrics(List<FigureSpec> figures) {
        Set<String> metrics = new LinkedHashSet<>();
        for (FigureSpec figure : figures) {
            if (figure instanceof FigureSpec.Bars bars) {
                metrics.add(bars.metric());
            } else if (figure instanceof FigureSpec.Ecdf ecdf) {
                metrics.add(ecdf.metric());
            } else if (figure instanceof FigureSpec.Curve curve) {
                metrics.add(curve.metric());
            }
        }
        if (metrics.isEmpty()) {
            metrics.addAll(USUAL);
        }
        return metrics;
    }
}
