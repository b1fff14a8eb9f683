package sandglass.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import sandglass.plot.FigureSpec.Scale;
import sandglass.result.Metric;
import sandglass.result.RunResult;

/** Bars: a statistic of a metric by the values of one axis, side by side for each group. */
final class BarsFigure {

    private final FigureSpec.Bars spec;
    private final List<String> categories;
    private final List<Groups.Group> groups;
    private final Map<Groups.Group, List<Optional<Point>>> points = new LinkedHashMap<>();
    private final Metric metric;
    private final Axis y;

    private BarsFigure(FigureSpec.Bars spec, List<RunResult> results) {
        this.spec = spec;
        List<RunResult> measured = results.stream().filter(run -> Point.of(List.of(run), spec.metric(), spec.statistic()).isPresent()).toList();
        categories = Groups.values(measured, spec.x());
        groups = Groups.of(measured, spec.x(), spec.group());
        for (Groups.Group group : groups) {
            points.put(group, categories.stream().map(x -> Point.of(group.at(spec.x(), x), spec.metric(), spec.statistic())).toList());
        }
        metric = all().get(0).metric();
        double[] ends = all().stream().flatMapToDouble(p -> DoubleStream.of(p.value(), p.interval().high())).toArray();
        y = Axis.of(metric.label(), metric.unit(), spec.y(), Axis.Floor.BASE, level(Frame.WIDTH - 100.0) ? ends : withRoom(ends), 5);
    }

    static Drawing draw(FigureSpec.Bars spec, List<RunResult> results) {
        BarsFigure figure = new BarsFigure(spec, results);
        List<Point> all = figure.all();
        String title = Captions.title(spec, Captions.of(figure.metric, "by " + Human.axis(spec.x())));
        String scale = figure.y.scale() == Scale.LOG ? "; logarithmic scale" : "";
        Frame frame = new Frame(title, Captions.shows(figure.metric, spec.statistic(), all) + scale, figure.keys(),
                Frame.Edge.of(spec.x().equals("stack") ? "" : Captions.sentence(Human.axis(spec.x())),
                        figure.categories.stream().map(value -> Human.shortened(value, figure.categories)).toList()),
                Frame.Edge.of(figure.y, true));
        return new Drawing(title, Captions.shows(figure.metric, spec.statistic(), all) + ". " + Captions.basis(all), Frame.WIDTH, Frame.HEIGHT,
                figure.table(), g -> frame.paint(g, figure::paint));
    }

    /** Whether every label fits above its bar on a plot of this width; otherwise all stand upright. */
    private boolean level(double width) {
        double bar = width / categories.size() * Charts.FILL / groups.size();
        return all().stream().allMatch(point -> Text.width(label(point), Text.SMALL) <= bar + (single() ? 10 : 0));
    }

    /** The values and one more above them, so that an upright label on the highest bar stays inside the plot. */
    private double[] withRoom(double[] ends) {
        double low = DoubleStream.of(ends).filter(end -> end > 0 && Double.isFinite(end)).min().orElse(1);
        double high = DoubleStream.of(ends).filter(Double::isFinite).max().orElse(1);
        return DoubleStream.concat(DoubleStream.of(ends), DoubleStream.of(spec.y() == Scale.LOG ? high * Math.pow(2 * high / low, 0.1) : high * 1.08))
                .toArray();
    }

    private List<Point> all() {
        return points.values().stream().flatMap(List::stream).flatMap(Optional::stream).toList();
    }

    /** Whether each bar stands alone in the colour of its stack. */
    private boolean single() {
        return groups.size() == 1;
    }

    private Color color(Groups.Group group, String category) {
        if (single()) {
            return spec.x().equals("stack") ? Palette.stack(category) : group.color();
        }
        return Palette.variant(group.color(), group.variant());
    }

    private List<Frame.Key> keys() {
        return single() ? List.of() : groups.stream().map(group -> new Frame.Key(group.label(), color(group, ""), null, null)).toList();
    }

    private Table table() {
        List<String> axes = new ArrayList<>(List.of(spec.x()));
        axes.addAll(groups.get(0).values().keySet());
        List<String> columns = new ArrayList<>(axes);
        columns.addAll(Point.COLUMNS);
        Table table = new Table(columns);
        for (Groups.Group group : groups) {
            for (int i = 0; i < categories.size(); i++) {
                String category = categories.get(i);
                points.get(group).get(i).ifPresent(
                        point -> table.add(category, group.values().values(), point.cells(spec.statistic())));
            }
        }
        return table;
    }

    private void paint(Graphics2D g, Rectangle plot) {
        CategoryChart chart = Charts.bars(plot, y, false);
        chart.getStyler().setOverlapped(single());
        for (Groups.Group group : groups) {
            if (single()) {
                for (int i = 0; i < categories.size(); i++) {
                    addSeries(chart, group, i, i + 1, color(group, categories.get(i)));
                }
            } else {
                addSeries(chart, group, 0, categories.size(), color(group, ""));
            }
        }
        Charts.paint(g, chart, plot);
        double slot = plot.getWidth() / categories.size();
        double bar = slot * Charts.FILL / groups.size();
        boolean level = level(plot.getWidth());
        for (int column = 0; column < groups.size(); column++) {
            for (int i = 0; i < categories.size(); i++) {
                double x = plot.x + slot * (i + (1 - Charts.FILL) / 2) + bar * (column + 0.5);
                points.get(groups.get(column)).get(i).ifPresent(point -> annotate(g, plot, point, x, bar, level));
            }
        }
    }

    private void addSeries(CategoryChart chart, Groups.Group group, int from, int to, Color color) {
        List<Double> heights = new ArrayList<>();
        for (int i = 0; i < categories.size(); i++) {
            Double height = i < from || i >= to ? null : points.get(group).get(i).map(Point::value).orElse(null);
            heights.add(height == null || y.scale() == Scale.LOG && height < y.low() ? null : height);
        }
        if (heights.stream().allMatch(height -> height == null)) {
            return;
        }
        CategorySeries series = chart.addSeries(group.label() + from, categories, heights);
        series.setFillColor(color);
        series.setLineColor(color);
        series.setLineWidth(0.5f);
    }

    private void annotate(Graphics2D g, Rectangle plot, Point point, double x, double bar, boolean level) {
        double top = Charts.whisker(g, plot, y, x, point.value(), point.interval(), Palette.INK) - 5;
        g.setColor(Palette.INK);
        if (level) {
            Text.draw(g, label(point), Text.SMALL, x, top, 0.5);
        } else if (bar >= Text.LINE) {
            Text.drawUpright(g, label(point), Text.SMALL, x + 4, top);
        }
    }

    private String label(Point point) {
        return Human.value(point.value(), metric.unit());
    }
}
