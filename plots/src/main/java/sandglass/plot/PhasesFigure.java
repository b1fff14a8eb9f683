package sandglass.plot;

import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import sandglass.plot.FigureSpec.Scale;
import sandglass.plot.FigureSpec.Statistic;
import sandglass.result.Metrics;
import sandglass.result.RunResult;
import sandglass.scenario.Phase;
import sandglass.unit.Unit;

/** Where the time goes: the mean of each phase, stacked, one bar a value of an axis. */
final class PhasesFigure {

    private static final Map<Phase, String> METRICS = Map.of(Phase.CREATE, Metrics.START_CREATE.id(), Phase.BOOT, Metrics.START_BOOT.id(),
            Phase.INIT, Metrics.START_INIT.id(), Phase.READY, Metrics.START_POOLED.id(), Phase.RUN, Metrics.SERVICE.id(), Phase.RECYCLE,
            Metrics.RECYCLE.id());

    private final FigureSpec.Phases spec;
    private final List<Groups.Group> bars;
    private final List<Phase> phases;
    private final Map<Phase, List<Optional<Point>>> points = new LinkedHashMap<>();
    private final Axis y;

    private PhasesFigure(FigureSpec.Phases spec, List<RunResult> results) {
        this.spec = spec;
        List<Phase> asked = spec.phases().isEmpty() ? List.of(Phase.values()) : spec.phases();
        List<RunResult> measured = results.stream().filter(run -> asked.stream().anyMatch(phase -> mean(List.of(run), phase).isPresent())).toList();
        if (measured.isEmpty()) {
            throw new FigureException("figure phases asks for " + asked + ", of which no result has a time");
        }
        bars = Groups.of(measured, "", List.of(spec.x()));
        phases = asked.stream().filter(phase -> mean(measured, phase).filter(point -> point.value() > 0).isPresent()).sorted().toList();
        for (Phase phase : phases) {
            points.put(phase, bars.stream().map(bar -> mean(bar.runs(), phase)).toList());
        }
        double[] totals = new double[bars.size()];
        for (int i = 0; i < totals.length; i++) {
            totals[i] = total(i);
        }
        y = Axis.of("", Unit.NANOSECONDS, Scale.LINEAR, Axis.Floor.BASE, totals, 5);
    }

    static Drawing draw(FigureSpec.Phases spec, List<RunResult> results) {
        PhasesFigure figure = new PhasesFigure(spec, results);
        String title = Captions.title(spec, "Where the time goes, phase by phase");
        List<Frame.Key> keys = figure.phases.stream()
                .map(phase -> new Frame.Key(name(phase), Palette.phase(phase.ordinal()), null, null)).toList();
        Frame frame = new Frame(title, "Mean time of each phase, total above the bar", keys,
                Frame.Edge.of(spec.x().equals("stack") ? "" : Captions.sentence(Human.axis(spec.x())),
                        figure.bars.stream().map(Groups.Group::label).toList()),
                Frame.Edge.of(figure.y, true));
        List<Point> all = figure.points.values().stream().flatMap(List::stream).flatMap(Optional::stream).toList();
        return new Drawing(title, "Mean time of each phase. " + Captions.basis(all) + " The intervals stand in the CSV.", Frame.WIDTH, Frame.HEIGHT,
                figure.table(), g -> frame.paint(g, figure::paint));
    }

    private static String name(Phase phase) {
        return phase.name().charAt(0) + phase.name().substring(1).toLowerCase(Locale.ROOT);
    }

    private static Optional<Point> mean(List<RunResult> runs, Phase phase) {
        return phase == Phase.EVICT ? Optional.empty() : Point.of(runs, METRICS.get(phase), Statistic.MEAN);
    }

    private double total(int bar) {
        return points.values().stream().mapToDouble(column -> column.get(bar).map(Point::value).orElse(0.0)).sum();
    }

    private Table table() {
        List<String> columns = new ArrayList<>(bars.get(0).values().keySet());
        columns.add("phase");
        columns.addAll(Point.COLUMNS);
        Table table = new Table(columns);
        for (int i = 0; i < bars.size(); i++) {
            for (Phase phase : phases) {
                Groups.Group bar = bars.get(i);
                points.get(phase).get(i).ifPresent(point -> table.add(bar.values().values(), phase, point.cells(Statistic.MEAN)));
            }
        }
        return table;
    }

    private void paint(Graphics2D g, Rectangle plot) {
        CategoryChart chart = Charts.bars(plot, y, true);
        List<Integer> positions = IntStream.range(0, bars.size()).boxed().toList();
        points.forEach((phase, column) -> {
            CategorySeries series = chart.addSeries(phase.name(), positions,
                    column.stream().map(point -> point.map(Point::value).orElse(0.0)).toList());
            series.setFillColor(Palette.phase(phase.ordinal()));
            series.setLineColor(Palette.phase(phase.ordinal()));
            series.setLineWidth(0.1f);
        });
        Charts.paint(g, chart, plot);
        g.setColor(Palette.INK);
        double slot = plot.getWidth() / bars.size();
        for (int i = 0; i < bars.size(); i++) {
            Text.draw(g, Human.value(total(i), Unit.NANOSECONDS), Text.SMALL, plot.x + slot * (i + 0.5),
                    plot.getMaxY() - y.fraction(total(i)) * plot.height - 5, 0.5);
        }
    }
}
