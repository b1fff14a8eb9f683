package sandglass.experiment.read;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import sandglass.plot.FigureSpec;
import sandglass.plot.FigureSpec.Scale;
import sandglass.plot.FigureSpec.Statistic;
import sandglass.scenario.Phase;

/** Reads what figures an experiment wants. Axes may be named by any tail of their dotted path that is theirs alone. */
final class FigureReader {

    private enum Logarithmic {
        NONE,
        X,
        Y,
        BOTH
    }

    private static final Variants<Logarithmic> LOG = new Variants<Logarithmic>()
            .word("false", Logarithmic.NONE).word("true", Logarithmic.Y)
            .word("x", Logarithmic.X).word("y", Logarithmic.Y).word("both", Logarithmic.BOTH);

    private static final List<String> EVERY_RESULT_HAS = List.of("stack", "executor", "experiment");

    private final Expansion axes;

    FigureReader(Expansion axes) {
        this.axes = axes;
    }

    FigureSpec read(Node node) {
        return new Variants<FigureSpec>()
                .only("bars", n -> n.record(this::bars))
                .only("ecdf", n -> n.record(this::ecdf))
                .only("phases", n -> n.record(this::phases))
                .only("curve", n -> n.record(this::curve))
                .only("series", n -> n.record(this::series))
                .only("switches", n -> n.record(this::switches))
                .only("scatter", n -> n.record(this::scatter))
                .read(node);
    }

    private Supplier<FigureSpec> bars(Fields f) {
        String metric = f.required("metric", ScenarioReader::metric);
        Statistic statistic = statistic(f);
        String x = f.required("x", this::axis);
        List<String> group = group(f);
        Scale y = scale(f.optional("log", Node::flag, false));
        Common common = common(f);
        return () -> new FigureSpec.Bars(metric, statistic, x, group, y, common.title(), common.where());
    }

    private Supplier<FigureSpec> ecdf(Fields f) {
        String metric = f.required("metric", ScenarioReader::metric);
        List<String> group = group(f);
        Scale x = scale(f.optional("log", Node::flag, false));
        Common common = common(f);
        return () -> new FigureSpec.Ecdf(metric, group, x, common.title(), common.where());
    }

    private Supplier<FigureSpec> phases(Fields f) {
        String x = f.required("x", this::axis);
        List<Phase> phases = f.whole("phases", n -> n.list(phase -> phase.choice(Phase.class)), List.of());
        Common common = common(f);
        return () -> new FigureSpec.Phases(x, phases, common.title(), common.where());
    }

    private Supplier<FigureSpec> curve(Fields f) {
        String metric = f.required("metric", ScenarioReader::metric);
        Statistic statistic = statistic(f);
        String x = f.required("x", this::axis);
        List<String> group = group(f);
        Logarithmic log = f.optional("log", LOG::read, Logarithmic.NONE);
        Scale xScale = scale(log == Logarithmic.X || log == Logarithmic.BOTH);
        Scale yScale = scale(log == Logarithmic.Y || log == Logarithmic.BOTH);
        Common common = common(f);
        return () -> new FigureSpec.Curve(metric, statistic, x, group, xScale, yScale, common.title(), common.where());
    }

    private Supplier<FigureSpec> series(Fields f) {
        String series = f.required("series", Node::text);
        List<String> group = group(f);
        Common common = common(f);
        return () -> new FigureSpec.SeriesFigure(series, group, common.title(), common.where());
    }

    private Supplier<FigureSpec> switches(Fields f) {
        String rows = f.required("rows", this::axis);
        Common common = common(f);
        return () -> new FigureSpec.Switches(rows, common.title(), common.where());
    }

    private Supplier<FigureSpec> scatter(Fields f) {
        String metric = f.required("metric", ScenarioReader::metric);
        String prediction = f.optional("prediction", Node::text, "sim");
        String reference = f.optional("reference", Node::text, "probe");
        Common common = common(f);
        return () -> new FigureSpec.Scatter(metric, prediction, reference, common.title(), common.where());
    }

    private record Common(String title, Map<String, String> where) {}

    private Common common(Fields f) {
        String title = f.optional("title", Node::text, "");
        Map<String, String> where = f.optional("where", this::where, Map.of());
        return new Common(title, where);
    }

    private Map<String, String> where(Node node) {
        return node.mapBy(this::axis, Node::text);
    }

    private static Statistic statistic(Fields f) {
        return f.optional("statistic", n -> n.choice(Statistic.class), Statistic.MEAN);
    }

    private static Scale scale(boolean log) {
        return log ? Scale.LOG : Scale.LINEAR;
    }

    private List<String> group(Fields f) {
        Function<Node, List<String>> read = n -> n.isSequence() ? n.list(this::axis) : n.word() == null ? n.list(this::axis) : oneOf(axis(n));
        return f.whole("group", read, List.of());
    }

    private static List<String> oneOf(String name) {
        return name == null ? List.of() : List.of(name);
    }

    private String axis(Node node) {
        String text = node.text();
        return text == null ? null : axis(text, node);
    }

    private String axis(String text, Node node) {
        if (EVERY_RESULT_HAS.contains(text)) {
            return text;
        }
        return axes.find(text).orElseGet(() -> {
            List<String> names = Stream.concat(EVERY_RESULT_HAS.stream(), axes.names().stream()).distinct().toList();
            node.problem("'" + text + "' is not an axis of this experiment" + Suggestion.of(text, names) + "; expected one of "
                    + String.join(", ", names));
            return null;
        });
    }
}
