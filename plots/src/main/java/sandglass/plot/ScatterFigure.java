package sandglass.plot;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import sandglass.plot.FigureSpec.Scale;
import sandglass.plot.FigureSpec.Statistic;
import sandglass.result.Comparison;
import sandglass.result.Metric;
import sandglass.result.RunResult;

/** Prediction against measurement, one point a scenario, beside the line on which both are equal. */
final class ScatterFigure {

    private static final BasicStroke LINE = new BasicStroke(1.2f);
    private static final BasicStroke DASHED = new BasicStroke(1f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10f, new float[] {4, 4}, 0f);

    /** Only the farthest are labelled: more labels than this lie on each other. */
    private static final int MOST_LABELLED = 12;

    /** A scenario that both executors ran. */
    private record Pair(String scenario, String stack, Point predicted, Point measured) {}

    private final FigureSpec.Scatter spec;
    private final List<Pair> pairs = new ArrayList<>();
    private final double tolerance;
    private final Metric metric;
    private final Axis axis;

    private ScatterFigure(FigureSpec.Scatter spec, List<RunResult> results) {
        this.spec = spec;
        Map<String, List<RunResult>> byScenario = new LinkedHashMap<>();
        results.forEach(run -> byScenario.computeIfAbsent(run.scenarioId(), id -> new ArrayList<>()).add(run));
        byScenario.forEach((scenario, runs) -> Point.of(by(runs, spec.prediction()), spec.metric(), Statistic.P50).ifPresent(
                predicted -> Point.of(by(runs, spec.reference()), spec.metric(), Statistic.P50).ifPresent(
                        measured -> pairs.add(new Pair(scenario, runs.get(0).stack(), predicted, measured)))));
        if (pairs.isEmpty()) {
            throw new FigureException("figure scatter of " + spec.metric() + ": no scenario has it from both " + spec.prediction() + " and "
                    + spec.reference());
        }
        metric = pairs.get(0).predicted().metric();
        tolerance = results.get(0).tolerances().getOrDefault(spec.metric(), Comparison.DEFAULT_TOLERANCE);
        double[] values = pairs.stream().flatMapToDouble(p -> DoubleStream.of(p.predicted().value(), p.measured().value())).toArray();
        double low = DoubleStream.of(values).min().orElseThrow();
        double high = DoubleStream.of(values).max().orElseThrow();
        Scale scale = low > 0 && high > 8 * low ? Scale.LOG : Scale.LINEAR;
        axis = Axis.of("", metric.unit(), scale, scale == Scale.LOG ? Axis.Floor.BASE : Axis.Floor.DATA,
                DoubleStream.concat(DoubleStream.of(values), DoubleStream.of(high * 1.2)).toArray(), 7);
    }

    static Drawing draw(FigureSpec.Scatter spec, List<RunResult> results) {
        ScatterFigure figure = new ScatterFigure(spec, results);
        String label = figure.metric.label();
        String title = Captions.title(spec, label + ": " + spec.prediction() + " against " + spec.reference());
        List<Frame.Key> keys = figure.pairs.stream().map(Pair::stack).distinct()
                .map(stack -> new Frame.Key(stack, Palette.stack(stack), null, null)).toList();
        String band = "± " + Human.digits(100 * figure.tolerance, 3) + " %";
        Frame frame = new Frame(title, spec.prediction() + ", median with 95 % interval; dashed: " + band, keys,
                new Frame.Edge(spec.reference() + ", median", Frame.Edge.of(figure.axis, true).labels(), true), Frame.Edge.of(figure.axis, true));
        List<Point> all = figure.pairs.stream().flatMap(pair -> Stream.of(pair.predicted(), pair.measured())).toList();
        return new Drawing(title, "Median " + label.toLowerCase(Locale.ROOT) + " of each scenario, " + spec.prediction() + " over "
                + spec.reference() + "; on the line both are equal, dashed lines are " + band + ". " + Captions.basis(all), Frame.WIDTH,
                Frame.HEIGHT, figure.table(), g -> frame.paint(g, figure::paint));
    }

    private static List<RunResult> by(List<RunResult> runs, String executor) {
        return runs.stream().filter(run -> run.executor().equals(executor)).toList();
    }

    private Table table() {
        Table table = new Table(List.of("scenario", "stack", "metric", "unit", "predicted", "predicted_ci95_low", "predicted_ci95_high",
                "predicted_n", "measured", "measured_ci95_low", "measured_ci95_high", "measured_n", "ratio"));
        for (Pair pair : pairs) {
            Point p = pair.predicted();
            Point m = pair.measured();
            table.add(pair.scenario(), pair.stack(), metric.id(), metric.unit().symbol(), p.value(), p.interval().low(), p.interval().high(),
                    p.n(), m.value(), m.interval().low(), m.interval().high(), m.n(), p.value() / m.value());
        }
        return table;
    }

    private void paint(Graphics2D g, Rectangle plot) {
        Shape clip = g.getClip();
        g.clip(plot);
        for (double factor : new double[] {1, 1 + tolerance, 1 - tolerance}) {
            g.setColor(Palette.LINE);
            g.setStroke(factor == 1 ? LINE : DASHED);
            line(g, plot, factor);
        }
        g.setClip(clip);
        XYChart chart = Charts.xy(plot, axis, axis);
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        List<Pair> drawn = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            if (axis.scale() == Scale.LOG && Math.min(pair.measured().value(), pair.predicted().value()) <= 0) {
                continue;
            }
            XYSeries series = chart.addSeries(i + pair.scenario(), new double[] {pair.measured().value()},
                    new double[] {pair.predicted().value()});
            series.setMarker(Charts.MARKERS.get(0));
            series.setMarkerColor(Palette.stack(pair.stack()));
            double x = plot.x + axis.fraction(pair.measured().value()) * plot.width;
            Charts.whisker(g, plot, axis, x, pair.predicted().value(), pair.predicted().interval(), Palette.stack(pair.stack()));
            drawn.add(pair);
        }
        label(g, plot, drawn);
        Charts.paint(g, chart, plot);
    }

    /** Writes the ratios of those beyond the tolerance beside them, the farthest first; none over another, all of them are in the table. */
    private void label(Graphics2D g, Rectangle plot, List<Pair> drawn) {
        List<Rectangle2D> taken = new ArrayList<>();
        g.setColor(Palette.INK);
        for (Pair pair : drawn.stream().sorted(Comparator.comparingDouble(ScatterFigure::distance).reversed()).limit(MOST_LABELLED).toList()) {
            double ratio = pair.predicted().value() / pair.measured().value();
            String text = pair.stack() + " × " + Human.digits(ratio, 3);
            double width = Text.width(text, Text.SMALL);
            boolean right = axis.fraction(pair.measured().value()) < 0.85;
            double x = plot.x + axis.fraction(pair.measured().value()) * plot.width + (right ? 9 : -9);
            double y = plot.getMaxY() - axis.fraction(pair.predicted().value()) * plot.height + 4;
            Rectangle2D place = new Rectangle2D.Double(right ? x : x - width, y - Text.SMALL.getSize(), width, Text.SMALL.getSize() + 3);
            if (Math.abs(ratio - 1) > tolerance && taken.stream().noneMatch(place::intersects)) {
                taken.add(place);
                Text.draw(g, text, Text.SMALL, x, y, right ? 0 : 1);
            }
        }
    }

    /** How far apart prediction and measurement are, as a ratio either way. */
    private static double distance(Pair pair) {
        double ratio = pair.predicted().value() / pair.measured().value();
        return Math.max(ratio, 1 / ratio);
    }

    /** Draws {@code y = factor * x} over the whole axis; straight on both scales. */
    private void line(Graphics2D g, Rectangle plot, double factor) {
        double from = axis.scale() == Scale.LOG ? axis.low() : Math.max(axis.low(), 0);
        double shift = axis.scale() == Scale.LOG ? Math.log(factor) / Math.log(axis.high() / axis.low()) : 0;
        double y0 = axis.scale() == Scale.LOG ? shift : (from * factor - axis.low()) / (axis.high() - axis.low());
        double y1 = axis.scale() == Scale.LOG ? 1 + shift : (axis.high() * factor - axis.low()) / (axis.high() - axis.low());
        g.draw(new Line2D.Double(plot.x + axis.fraction(from) * plot.width, plot.getMaxY() - y0 * plot.height, plot.getMaxX(),
                plot.getMaxY() - y1 * plot.height));
    }
}
