package sandglass.plot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sandglass.result.RunResult;

/** Draws figures and writes each as SVG, PNG and the CSV of exactly what it shows. */
public final class Figures {

    /** So many experiments are named in a figure's file name; of more, only how many. */
    private static final int MOST_NAMED = 3;
    /** Characters of a figure's file name without its ending. */
    private static final int LONGEST_NAME = 160;

    private Figures() {}

    /**
     * Draws one figure. The same specification and results give the same bytes of SVG and CSV.
     *
     * @param results in the order in which the experiment lists its scenarios; it becomes the order of bars and legends
     * @param dir directory for the three files; made if missing
     * @throws FigureException if the results cannot give this figure: no result has its metric, or an axis has no numbers where it needs them
     */
    public static Figure draw(FigureSpec spec, List<RunResult> results, Path dir) {
        List<RunResult> selected = Groups.select(slug(spec), results, spec.where());
        Drawing drawing = drawing(spec, selected);
        List<String> named = selected.stream().map(RunResult::experiment).distinct().filter(e -> !e.isBlank()).toList();
        String experiments = named.size() > MOST_NAMED ? named.size() + "-experiments" : String.join("-", named);
        String name = shortened(clean((experiments.isEmpty() ? "" : experiments + "-") + slug(spec)));
        Figure figure = new Figure(name, metric(spec), drawing.title(), drawing.caption(), dir.resolve(name + ".svg"), dir.resolve(name + ".png"),
                dir.resolve(name + ".csv"));
        try {
            Files.createDirectories(dir);
            drawing.table().write(figure.csv());
            Files.writeString(figure.svg(), Sheet.svg(drawing));
            Sheet.png(drawing, figure.png());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write figure " + name + " to " + dir, e);
        }
        return figure;
    }

    private static Drawing drawing(FigureSpec spec, List<RunResult> results) {
        if (!metric(spec).isEmpty()) {
            requireMetric(metric(spec), slug(spec), results);
        }
        if (spec instanceof FigureSpec.Bars bars) {
            return BarsFigure.draw(bars, results);
        } else if (spec instanceof FigureSpec.Ecdf ecdf) {
            return EcdfFigure.draw(ecdf, results);
        } else if (spec instanceof FigureSpec.Phases phases) {
            return PhasesFigure.draw(phases, results);
        } else if (spec instanceof FigureSpec.Curve curve) {
            return CurveFigure.draw(curve, results);
        } else if (spec instanceof FigureSpec.SeriesFigure series) {
            return TimeSeriesFigure.draw(series, results);
        } else if (spec instanceof FigureSpec.Switches switches) {
            return SwitchesFigure.draw(switches, results);
        } else if (spec instanceof FigureSpec.Scatter scatter) {
            return ScatterFigure.draw(scatter, results);
        }
        throw new IllegalStateException("no figure for " + spec);
    }

    private static String metric(FigureSpec spec) {
        if (spec instanceof FigureSpec.Bars bars) {
            return bars.metric();
        } else if (spec instanceof FigureSpec.Ecdf ecdf) {
            return ecdf.metric();
        } else if (spec instanceof FigureSpec.Curve curve) {
            return curve.metric();
        }
        return spec instanceof FigureSpec.Scatter scatter ? scatter.metric() : "";
    }

    private static void requireMetric(String metric, String figure, List<RunResult> results) {
        if (results.stream().noneMatch(run -> run.measurement(metric).filter(m -> m.samples().n() > 0).isPresent())) {
            throw new FigureException("figure " + figure + " asks for metric '" + metric + "', but the results have "
                    + results.stream().flatMap(run -> run.measurements().stream()).filter(m -> m.samples().n() > 0)
                            .map(m -> m.metric().id()).distinct().sorted().collect(Collectors.joining(", ")));
        }
    }

    /** A name that tells figures of one experiment apart. */
    private static String slug(FigureSpec spec) {
        List<String> parts = new ArrayList<>();
        if (spec instanceof FigureSpec.Bars bars) {
            parts.addAll(List.of("bars", bars.metric(), bars.statistic().name(), "by", bars.x()));
            parts.addAll(bars.group());
        } else if (spec instanceof FigureSpec.Ecdf ecdf) {
            parts.addAll(List.of("ecdf", ecdf.metric(), "by"));
            parts.addAll(ecdf.group());
        } else if (spec instanceof FigureSpec.Phases phases) {
            parts.addAll(List.of("phases", "by", phases.x()));
            phases.phases().forEach(phase -> parts.add(phase.name()));
        } else if (spec instanceof FigureSpec.Curve curve) {
            parts.addAll(List.of("curve", curve.metric(), curve.statistic().name(), "over", curve.x(), "by"));
            parts.addAll(curve.group());
        } else if (spec instanceof FigureSpec.SeriesFigure series) {
            parts.addAll(List.of("series", series.series(), "by"));
            parts.addAll(series.group());
        } else if (spec instanceof FigureSpec.Switches switches) {
            parts.addAll(List.of("switches", "by", switches.rows()));
        } else if (spec instanceof FigureSpec.Scatter scatter) {
            parts.addAll(List.of("scatter", scatter.metric(), scatter.prediction(), scatter.reference()));
        }
        for (Map.Entry<String, String> where : new TreeMap<>(spec.where()).entrySet()) {
            parts.add(Human.axis(where.getKey()) + "-" + where.getValue());
        }
        return clean(String.join("-", parts));
    }

    /** File systems have a limit; what tells long names apart goes into a number. */
    private static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name
                : String.format("%s-%08x", name.substring(0, LONGEST_NAME - 9), name.hashCode());
    }

    private static String clean(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-").replaceAll("^-|-$", "");
    }
}
