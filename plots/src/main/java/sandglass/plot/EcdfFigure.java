package sandglass.plot;

import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.stream.DoubleStream;
import sandglass.plot.FigureSpec.Scale;
import sandglass.result.Measurement;
import sandglass.result.Metric;
import sandglass.result.Pooled;
import sandglass.result.RunResult;
import sandglass.unit.Unit;

/** The empirical distribution of a metric: which share of all samples lies at or below each value, one curve a group. */
final class EcdfFigure {

    /** Points of a curve; more would not be seen. */
    private static final int POINTS = 300;
    /** Of these, how many are spent on the upper hundredth, where the tail is: ever closer together towards the largest sample. */
    private static final int TAIL_POINTS = 100;
    /** Where at least this share of samples lies left of a logarithmic axis, only the rest is drawn. */
    private static final double HIDDEN = 0.9;

    /** One curve: values and the share of samples up to each. */
    private record Curve(double[] values, double[] shares, long n) {}

    private final List<Groups.Group> groups;
    private final Map<Groups.Group, Curve> curves = new LinkedHashMap<>();
    private final Metric metric;
    private final Axis x;
    private final boolean tail;
    private final Axis y;

    private EcdfFigure(FigureSpec.Ecdf spec, List<RunResult> results) {
        List<RunResult> measured = results.stream()
                .filter(run -> run.measurement(spec.metric()).filter(m -> m.samples().n() > 0).isPresent()).toList();
        groups = Groups.of(measured, "", spec.group());
        for (Groups.Group group : groups) {
            curves.put(group, curve(Pooled.of(Point.measurements(group.runs(), spec.metric()).stream().map(Measurement::samples).toList())));
        }
        metric = measured.get(0).measurement(spec.metric()).orElseThrow().metric();
        double[] all = curves.values().stream().flatMapToDouble(curve -> DoubleStream.of(curve.values())).toArray();
        x = Axis.of(metric.label(), metric.unit(), spec.x(), Axis.Floor.DATA, all, 8);
        tail = x.scale() == Scale.LOG && curves.values().stream().filter(curve -> shareUpTo(curve, x.low()) >= HIDDEN).count() * 2 >= groups.size();
        double fewest = curves.values().stream().flatMapToDouble(curve -> DoubleStream.of(curve.shares())).map(share -> 1 - share)
                .filter(above -> above > 1e-12).min().orElse(0.1);
        y = tail ? Axis.of("", Unit.RATIO, Scale.LOG, Axis.Floor.DATA, new double[] {fewest, 1}, 7) : Axis.shares("");
    }

    static Drawing draw(FigureSpec.Ecdf spec, List<RunResult> results) {
        EcdfFigure figure = new EcdfFigure(spec, results);
        String title = Captions.title(spec, "Distribution of " + figure.metric.label().toLowerCase(Locale.ROOT));
        LongSummaryStatistics samples = figure.curves.values().stream().mapToLong(Curve::n).summaryStatistics();
        boolean edge = figure.x.scale() == Scale.LOG && figure.curves.values().stream().anyMatch(c -> c.values()[0] < figure.x.low());
        String caption = "Share of samples with " + (figure.tail ? "more than" : "at most") + " this "
                + figure.metric.label().toLowerCase(Locale.ROOT) + ", each curve over " + Captions.range(samples, "sample") + "."
                + (edge ? " Zeros and smaller values stand at the left edge." : "");
        Frame frame = new Frame(title, figure.tail ? "Share of samples above, logarithmic" : "Share of samples up to", figure.groups.stream()
                .map(group -> new Frame.Key(group.label(), group.color(), Palette.stroke(group.variant()), null)).toList(),
                Frame.Edge.of(figure.x, true), Frame.Edge.of(figure.y, true));
        return new Drawing(title, caption, Frame.WIDTH, Frame.HEIGHT, figure.table(), g -> frame.paint(g, figure::paint));
    }

    private static double shareUpTo(Curve curve, double value) {
        double share = 0;
        for (int i = 0; i < curve.values().length && curve.values()[i] <= value; i++) {
            share = curve.shares()[i];
        }
        return share;
    }

    private static Curve curve(Pooled pooled) {
        List<Double> shares = new ArrayList<>();
        if (pooled.n() <= POINTS) {
            for (long rank = 1; rank <= pooled.n(); rank++) {
                shares.add((double) rank / pooled.n());
            }
            double[] values = shares.stream().mapToDouble(share -> pooled.rank(Math.round(share * pooled.n()))).toArray();
            return new Curve(values, shares.stream().mapToDouble(Double::doubleValue).toArray(), pooled.n());
        }
        int body = POINTS - TAIL_POINTS;
        for (int i = 0; i < body; i++) {
            shares.add(0.99 * i / body);
        }
        double least = 1.0 / pooled.n();
        for (int i = 0; i < TAIL_POINTS - 1; i++) {
            shares.add(1 - 0.01 * Math.pow(Math.min(1, least / 0.01), i / (TAIL_POINTS - 2.0)));
        }
        shares.add(1.0);
        double[] at = shares.stream().mapToDouble(Double::doubleValue).toArray();
        return new Curve(shares.stream().mapToDouble(pooled::quantile).toArray(), at, pooled.n());
    }

    private Table table() {
        List<String> columns = new ArrayList<>(groups.get(0).values().keySet());
        columns.addAll(List.of("metric", "unit", "value", "share", "n"));
        Table table = new Table(columns);
        curves.forEach((group, curve) -> {
            for (int i = 0; i < curve.values().length; i++) {
                table.add(group.values().values(), metric.id(), metric.unit().symbol(), curve.values()[i], curve.shares()[i], curve.n());
            }
        });
        return table;
    }

    /** Where a share of samples up to a value is drawn. */
    private double height(Rectangle plot, double share) {
        return plot.getMaxY() - y.fraction(tail ? 1 - share : share) * plot.height;
    }

    private void paint(Graphics2D g, Rectangle plot) {
        curves.forEach((group, curve) -> {
            Path2D path = new Path2D.Double();
            double last = height(plot, 0);
            path.moveTo(plot.x, last);
            for (int i = 0; i < curve.values().length; i++) {
                double px = plot.x + x.fraction(curve.values()[i]) * plot.width;
                double py = height(plot, curve.shares()[i]);
                path.lineTo(px, last);
                path.lineTo(px, py);
                last = py;
            }
            path.lineTo(plot.getMaxX(), last);
            g.setColor(group.color());
            g.setStroke(Palette.stroke(group.variant()));
            g.draw(path);
        });
    }
}
