package sandglass.plot;

import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import sandglass.plot.FigureSpec.Scale;
import sandglass.result.RunResult;
import sandglass.result.Series;

/** A quantity over the time of one run, as steps; one line a group, each from its first replication. */
final class TimeSeriesFigure {

    private final List<Groups.Group> groups;
    private final Map<Groups.Group, Series> lines = new LinkedHashMap<>();
    private final Series first;
    private final Axis x;
    private final Axis y;

    private TimeSeriesFigure(FigureSpec.SeriesFigure spec, List<RunResult> results) {
        List<RunResult> having = results.stream().filter(run -> find(run, spec.series()).isPresent()).toList();
        if (having.isEmpty()) {
            throw new FigureException("figure series asks for '" + spec.series() + "', but the results have "
                    + results.stream().flatMap(run -> run.series().stream()).map(Series::id).distinct().toList());
        }
        groups = Groups.of(having, "", spec.group());
        for (Groups.Group group : groups) {
            RunResult run = group.runs().stream().min(Comparator.comparingLong(RunResult::seed).thenComparingInt(RunResult::replication))
                    .orElseThrow();
            lines.put(group, find(run, spec.series()).orElseThrow());
        }
        first = lines.values().iterator().next();
        double end = lines.values().stream().mapToDouble(line -> line.timesNs()[line.timesNs().length - 1]).max().orElse(0);
        x = Axis.elapsed("Time since the start of the run", Math.max(1, end), 8);
        DoubleStream values = lines.values().stream().flatMapToDouble(line -> DoubleStream.of(line.values()));
        y = Axis.of(first.label(), first.unit(), Scale.LINEAR, Axis.Floor.DATA, DoubleStream.concat(DoubleStream.of(0), values).toArray(), 5);
    }

    static Drawing draw(FigureSpec.SeriesFigure spec, List<RunResult> results) {
        TimeSeriesFigure figure = new TimeSeriesFigure(spec, results);
        String title = Captions.title(spec, figure.first.label() + " over time");
        List<Frame.Key> keys = figure.groups.stream()
                .map(group -> new Frame.Key(group.label(), group.color(), Palette.stroke(group.variant()), null)).toList();
        Frame frame = new Frame(title, figure.first.label(), keys.size() == 1 ? List.of() : keys, Frame.Edge.of(figure.x, true),
                Frame.Edge.of(figure.y, true));
        return new Drawing(title, figure.first.label() + " in the first replication of each; a step holds until the next.", Frame.WIDTH,
                Frame.HEIGHT, figure.table(), g -> frame.paint(g, figure::paint));
    }

    private static Optional<Series> find(RunResult run, String id) {
        return run.series().stream().filter(series -> series.id().equals(id) && series.values().length > 0).findFirst();
    }

    private Table table() {
        List<String> columns = new ArrayList<>(groups.get(0).values().keySet());
        columns.addAll(List.of("series", "unit", "time_ns", "value"));
        Table table = new Table(columns);
        lines.forEach((group, line) -> {
            for (int i = 0; i < line.values().length; i++) {
                table.add(group.values().values(), line.id(), line.unit().symbol(), line.timesNs()[i], line.values()[i]);
            }
        });
        return table;
    }

    private void paint(Graphics2D g, Rectangle plot) {
        lines.forEach((group, line) -> {
            Path2D path = new Path2D.Double();
            double last = 0;
            for (int i = 0; i < line.values().length; i++) {
                double px = plot.x + x.fraction(line.timesNs()[i]) * plot.width;
                double py = plot.getMaxY() - y.fraction(line.values()[i]) * plot.height;
                if (i == 0) {
                    path.moveTo(px, py);
                } else {
                    path.lineTo(px, last);
                    path.lineTo(px, py);
                }
                last = py;
            }
            g.setColor(group.color());
            g.setStroke(Palette.stroke(group.variant()));
            g.draw(path);
        });
    }
}
