package sandglass.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.Marker;
import sandglass.plot.FigureSpec.Scale;
import sandglass.result.Interval;
import sandglass.result.Metric;
import sandglass.result.RunResult;

/** A statistic of a metric over a numeric axis, one line a group. */
final class CurveFigure {

    /** Where the values along the axis stand at least this share of it apart, each is labelled as written. */
    private static final double LEAST_GAP = 0.045;
    /** Of the figure's height. */
    private static final double WIDEST_INTERVAL = 0.5;

    private final FigureSpec.Curve spec;
    private final List<Groups.Group> groups;
    /** For each group its points by the text of the axis value, in rising order. */
    private final Map<Groups.Group, Map<String, Point>> lines = new LinkedHashMap<>();
    private final Metric metric;
    private final Axis x;
    private final Axis y;

    private CurveFigure(FigureSpec.Curve spec, List<RunResult> results) {
        this.spec = spec;
        List<RunResult> measured = results.stream().filter(run -> Point.of(List.of(run), spec.metric(), spec.statistic()).isPresent()).toList();
        List<String> along = Groups.values(measured, spec.x());
        List<String> words = along.stream().filter(value -> Human.number(value).isEmpty()).toList();
        if (!words.isEmpty()) {
            throw new FigureException("figure curve of " + spec.metric() + " needs numbers along " + spec.x() + ", but the results have "
                    + (words.equals(List.of("")) ? "no such varying axis" : words));
        }
        groups = Groups.of(measured, spec.x(), spec.group());
        for (Groups.Group group : groups) {
            Map<String, Point> line = new LinkedHashMap<>();
            along.forEach(value -> Point.of(group.at(spec.x(), value), spec.metric(), spec.statistic()).ifPresent(p -> line.put(value, p)));
            lines.put(group, line);
        }
        metric = points().get(0).metric();
        Axis across = Axis.of(Captions.sentence(Human.axis(spec.x())), Human.unit(along.get(0)), spec.xScale(), Axis.Floor.DATA,
                along.stream().mapToDouble(CurveFigure::number).toArray(), 8);
        x = spread(along, across) ? across.labelled(along.stream().map(v -> new Axis.Tick(number(v), v)).toList()) : across;
        y = Axis.of(metric.label(), metric.unit(), spec.yScale(), Axis.Floor.DATA, extent(), 6);
    }

    static Drawing draw(FigureSpec.Curve spec, List<RunResult> results) {
        CurveFigure figure = new CurveFigure(spec, results);
        String title = Captions.title(spec, Captions.of(figure.metric, "by " + Human.axis(spec.x())));
        String shows = Captions.shows(figure.metric, spec.statistic(), figure.points())
                + (figure.lines.values().stream().allMatch(figure::drawsIntervals) ? ""
                        : "; lines whose intervals would fill the figure without them");
        List<Frame.Key> keys = new ArrayList<>();
        for (int i = 0; i < figure.groups.size(); i++) {
            Groups.Group group = figure.groups.get(i);
            keys.add(new Frame.Key(group.label(), group.color(), Palette.stroke(group.variant()), marker(i)));
        }
        Frame frame = new Frame(title, shows, figure.groups.size() == 1 ? List.of() : keys, Frame.Edge.of(figure.x, true),
                Frame.Edge.of(figure.y, true));
        return new Drawing(title, shows + ". " + Captions.basis(figure.points()), Frame.WIDTH, Frame.HEIGHT, figure.table(),
                g -> frame.paint(g, figure::paint));
    }

    /** What the vertical axis must hold: every value, and on a linear axis intervals too unless they would dwarf the values. */
    private double[] extent() {
        double most = points().stream().mapToDouble(Point::value).max().orElse(0);
        double least = points().stream().mapToDouble(Point::value).min().orElse(0);
        return points().stream().flatMapToDouble(p -> spec.yScale() == Scale.LOG ? DoubleStream.of(p.value())
                : DoubleStream.of(p.value(), Math.min(p.interval().high(), 1.5 * most), Math.max(p.interval().low(), Math.min(0, least))))
                .toArray();
    }

    private static boolean spread(List<String> along, Axis axis) {
        for (int i = 1; i < along.size(); i++) {
            if (axis.fraction(number(along.get(i))) - axis.fraction(number(along.get(i - 1))) < LEAST_GAP) {
                return false;
            }
        }
        return true;
    }

    private List<Point> points() {
        return lines.values().stream().flatMap(line -> line.values().stream()).toList();
    }

    private static double number(String text) {
        return Human.number(text).orElseThrow();
    }

    private static Marker marker(int index) {
        return Charts.MARKERS.get(index % Charts.MARKERS.size());
    }

    private Table table() {
        List<String> columns = new ArrayList<>(List.of(spec.x()));
        columns.addAll(groups.get(0).values().keySet());
        columns.addAll(Point.COLUMNS);
        Table table = new Table(columns);
        lines.forEach((group, line) -> line.forEach(
                (value, point) -> table.add(value, group.values().values(), point.cells(spec.statistic()))));
        return table;
    }

    /** Whether a line's intervals tell anything: those of two replications can reach over the whole figure. */
    private boolean drawsIntervals(Map<String, Point> line) {
        return line.values().stream().map(Point::interval).filter(Interval::known)
                .allMatch(interval -> y.fraction(interval.high()) - y.fraction(interval.low()) <= WIDEST_INTERVAL);
    }

    /** Intervals as a band along the line; as whiskers where there is no line to follow. */
    private void paintIntervals(Graphics2D g, Rectangle plot, Groups.Group group) {
        Map<String, Point> line = lines.get(group);
        if (!drawsIntervals(line)) {
            return;
        }
        if (line.size() < 2) {
            line.forEach((value, point) -> Charts.whisker(g, plot, y, plot.x + x.fraction(number(value)) * plot.width, point.value(),
                    point.interval(), group.color()));
            return;
        }
        List<double[]> upper = new ArrayList<>();
        List<double[]> lower = new ArrayList<>();
        line.forEach((value, point) -> {
            double px = plot.x + x.fraction(number(value)) * plot.width;
            double high = point.interval().known() ? point.interval().high() : point.value();
            double low = point.interval().known() ? point.interval().low() : point.value();
            upper.add(new double[] {px, plot.getMaxY() - y.fraction(high) * plot.height});
            lower.add(0, new double[] {px, plot.getMaxY() - y.fraction(low) * plot.height});
        });
        Path2D band = new Path2D.Double();
        band.moveTo(upper.get(0)[0], upper.get(0)[1]);
        upper.addAll(lower);
        upper.forEach(corner -> band.lineTo(corner[0], corner[1]));
        band.closePath();
        g.setColor(new Color(group.color().getRed(), group.color().getGreen(), group.color().getBlue(), groups.size() > 4 ? 25 : 45));
        g.fill(band);
    }

    private void paint(Graphics2D g, Rectangle plot) {
        XYChart chart = Charts.xy(plot, x, y);
        for (int i = 0; i < groups.size(); i++) {
            Groups.Group group = groups.get(i);
            List<Double> across = new ArrayList<>();
            List<Double> up = new ArrayList<>();
            lines.get(group).forEach((value, point) -> {
                double at = number(value);
                if ((x.scale() == Scale.LINEAR || at > 0) && (y.scale() == Scale.LINEAR || point.value() > 0)) {
                    across.add(at);
                    up.add(point.value());
                }
            });
            paintIntervals(g, plot, group);
            if (!across.isEmpty()) {
                XYSeries series = chart.addSeries(i + " " + group.label(), across, up);
                series.setLineColor(group.color());
                series.setLineStyle(Palette.stroke(group.variant()));
                series.setMarker(marker(i));
                series.setMarkerColor(group.color());
            }
        }
        Charts.paint(g, chart, plot);
    }
}
