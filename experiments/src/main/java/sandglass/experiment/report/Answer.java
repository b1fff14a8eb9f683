package sandglass.experiment.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sandglass.plot.Figure;
import sandglass.plot.Human;
import sandglass.result.Interval;
import sandglass.result.Intervals;
import sandglass.result.Metric;
import sandglass.result.PairedDifference;
import sandglass.result.RunResult;
import sandglass.result.Summary;
import sandglass.result.SummaryRow;

/**
 * Says in sentences what the results say: for each headline metric which stack is best and which is worst, by how much, and whether the
 * difference can be told from chance. Headline metrics are those that the figures show.
 */
final class Answer {

    private static final int MOST_METRICS = 3;
    private static final int MOST_SETTINGS = 3;
    private static final List<String> USUAL = List.of("wait", "response", "start.cold", "get", "memory.max");

    private final List<SummaryRow> rows;
    private final Map<String, List<RunResult>> runs;
    private final List<Metric> metrics;
    private final String contrast;

    private Answer(ReportInput.Part part) {
        String executor = part.results().isEmpty() ? "" : part.results().get(0).executor();
        List<RunResult> results = part.results().stream().filter(run -> run.executor().equals(executor)).toList();
        rows = Summary.rows(results);
        runs = Summary.byScenario(results);
        metrics = metrics(part.figures());
        contrast = contrast();
    }

    /** The sentences for a part; empty if it has no headline metric. */
    static List<String> of(ReportInput.Part part) {
        Answer answer = new Answer(part);
        List<String> sentences = new ArrayList<>();
        answer.metrics.forEach(metric -> sentences.addAll(answer.sentences(metric)));
        return sentences;
    }

    /** The metrics that a part's figures show, then the usual ones, as far as there are results. */
    private List<Metric> metrics(List<Figure> figures) {
        Map<String, Metric> measured = new LinkedHashMap<>();
        rows.forEach(row -> measured.putIfAbsent(row.metric().id(), row.metric()));
        List<String> shown = figures.stream().map(Figure::metric).distinct().filter(measured::containsKey)
                .filter(id -> measured.get(id).better() != Metric.Better.NEITHER).toList();
        List<String> chosen = shown.isEmpty() ? USUAL.stream().filter(measured::containsKey).limit(1).toList() : shown;
        return chosen.stream().limit(MOST_METRICS).map(measured::get).toList();
    }

    private String contrast() {
        if (rows.stream().map(SummaryRow::stack).distinct().count() > 1) {
            return "stack";
        }
        Set<String> axes = new TreeSet<>();
        rows.forEach(row -> axes.addAll(row.axes().keySet()));
        return axes.stream().filter(axis -> rows.stream().map(row -> value(row, axis)).distinct().count() > 1).findFirst().orElse("");
    }

    private static String value(SummaryRow row, String axis) {
        return axis.equals("stack") ? row.stack() : row.axes().getOrDefault(axis, "");
    }

    private List<String> sentences(Metric metric) {
        List<SummaryRow> having = rows.stream().filter(row -> row.metric().id().equals(metric.id())).toList();
        Map<String, List<SummaryRow>> settings = having.stream()
                .collect(Collectors.groupingBy(this::setting, LinkedHashMap::new, Collectors.toList()));
        if (contrast.isEmpty()) {
            return List.of(sentence(phrase(metric) + " is " + mean(having.get(0)) + "."));
        }
        List<Map.Entry<String, List<SummaryRow>>> contested = settings.entrySet().stream().filter(e -> e.getValue().size() > 1).toList();
        List<String> sentences = new ArrayList<>();
        if (contested.size() > MOST_SETTINGS) {
            sentences.add(wins(metric, contested));
            contested = List.of(contested.get(0), contested.get(contested.size() - 1));
        }
        contested.forEach(setting -> sentences.add(extremes(metric, setting.getKey(), setting.getValue())));
        return sentences;
    }

    /** The axes other than the contrast, in words. */
    private String setting(SummaryRow row) {
        return new TreeMap<>(row.axes()).entrySet().stream().filter(e -> !e.getKey().equals(contrast) && !e.getKey().equals("stack"))
                .map(e -> Human.axis(e.getKey()) + " = " + Human.shortened(e.getValue(), others(e.getKey()))).collect(Collectors.joining(", "));
    }

    private List<String> others(String axis) {
        return rows.stream().map(row -> value(row, axis)).distinct().toList();
    }

    private String name(SummaryRow row) {
        String value = Human.shortened(value(row, contrast), others(contrast));
        return contrast.equals("stack") ? value : Human.axis(contrast) + " " + value;
    }

    private static List<SummaryRow> bestFirst(Metric metric, List<SummaryRow> rows) {
        Comparator<SummaryRow> rising = Comparator.comparingDouble(SummaryRow::mean);
        return rows.stream().sorted(metric.better() == Metric.Better.HIGHER ? rising.reversed() : rising).toList();
    }

    private String wins(Metric metric, List<Map.Entry<String, List<SummaryRow>>> settings) {
        Map<String, Long> wins = settings.stream().map(e -> name(bestFirst(metric, e.getValue()).get(0)))
                .collect(Collectors.groupingBy(name -> name, LinkedHashMap::new, Collectors.counting()));
        String best = wins.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(e -> e.getKey() + " in " + e.getValue()).collect(Collectors.joining(", "));
        if (wins.size() == 1) {
            return "In all " + settings.size() + " settings, " + phrase(metric) + " is " + superlative(metric, true) + " with "
                    + wins.keySet().iterator().next() + ".";
        }
        return sentence("Of " + settings.size() + " settings, " + phrase(metric) + " is " + superlative(metric, true) + " with " + best + ".");
    }

    private String extremes(Metric metric, String setting, List<SummaryRow> rows) {
        List<SummaryRow> ordered = bestFirst(metric, rows);
        SummaryRow best = ordered.get(0);
        SummaryRow worst = ordered.get(ordered.size() - 1);
        String where = setting.isEmpty() ? "" : "With " + setting + ", ";
        if (best.mean() == worst.mean() || best.meanInterval().overlaps(worst.meanInterval())) {
            return sentence(where + phrase(metric) + " cannot be told apart between " + name(best) + ", " + mean(best) + ", and " + name(worst)
                    + ", " + mean(worst) + ".");
        }
        List<String> alike = ordered.stream().skip(1).filter(row -> row != worst && row.meanInterval().overlaps(best.meanInterval()))
                .map(this::name).toList();
        return sentence(where + phrase(metric) + " is " + superlative(metric, true) + " with " + name(best) + ", " + mean(best)
                + (alike.isEmpty() ? "" : " (not told apart from " + String.join(", ", alike) + ")") + ", and " + superlative(metric, false)
                + " with " + name(worst) + ", " + mean(worst) + ratio(metric, best, worst) + ".");
    }

    private static String superlative(Metric metric, boolean best) {
        return best == (metric.better() != Metric.Better.HIGHER) ? "lowest" : "highest";
    }

    /** How many times one is the other; with an interval where both ran the same replications. */
    private String ratio(Metric metric, SummaryRow best, SummaryRow worst) {
        SummaryRow high = best.mean() > worst.mean() ? best : worst;
        SummaryRow low = high == best ? worst : best;
        if (!(low.mean() > 0)) {
            return "";
        }
        if (Math.min(high.replications(), low.replications()) >= 2) {
            PairedDifference paired = PairedDifference.of(runs.get(key(high)), runs.get(key(low)), metric.id(), Intervals.CONFIDENCE);
            if (paired.ratioInterval().known()) {
                String from = Human.digits(paired.ratioInterval().low(), 3);
                String to = Human.digits(paired.ratioInterval().high(), 3);
                return ", a factor of " + Human.digits(paired.ratio(), 3) + (from.equals(to) ? "" : " (" + from + " to " + to + ")");
            }
        }
        return ", a factor of " + Human.digits(high.mean() / low.mean(), 3);
    }

    private static String key(SummaryRow row) {
        return row.scenario() + " " + row.executor();
    }

    private static String mean(SummaryRow row) {
        Interval interval = row.meanInterval();
        String value = Human.value(row.mean(), row.metric().unit());
        return interval.known() && interval.halfWidth() > 1e-9 * Math.abs(row.mean())
                ? value + " ± " + Human.value(interval.halfWidth(), row.metric().unit()) : value;
    }

    /** A label in the middle of a sentence: {@code Host memory, most} reads host memory (most). */
    private static String phrase(Metric metric) {
        String label = metric.label();
        String lower = label.length() > 1 && Character.isUpperCase(label.charAt(1)) ? label
                : label.substring(0, 1).toLowerCase(Locale.ROOT) + label.substring(1);
        int comma = lower.indexOf(", ");
        return "mean " + (comma < 0 ? lower : lower.substring(0, comma) + " (" + lower.substring(comma + 2) + ")");
    }

    private static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
