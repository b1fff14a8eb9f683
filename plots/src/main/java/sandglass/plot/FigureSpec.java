package sandglass.plot;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import sandglass.scenario.Phase;

/**
 * What a figure shows. Names of axes are those of the experiment, beside {@code stack}, {@code executor} and {@code experiment}, which every
 * result has. An axis that varies but that a figure names nowhere is added to its groups, so that runs of different scenarios are
 * never averaged silently; {@code where} selects the results with these axis values beforehand.
 */
public sealed interface FigureSpec {

    /** The figure's heading; empty for one made from the metric. */
    String title();

    /** Required value by axis; empty for all results. */
    Map<String, String> where();

    /** How an axis is divided. */
    enum Scale {
        LINEAR,
        LOG
    }

    /** Which number of a metric's samples is drawn. */
    enum Statistic {
        MEAN("mean"),
        P50("median"),
        P90("90th percentile"),
        P99("99th percentile"),
        MAX("maximum");

        private final String label;

        Statistic(String label) {
            this.label = label;
        }

        /** For captions. */
        public String label() {
            return label;
        }
    }

    /** One bar a value of {@code x} and group, with its 95 % interval. */
    record Bars(String metric, Statistic statistic, String x, List<String> group, Scale y, String title, Map<String, String> where)
            implements FigureSpec {
        public Bars {
            requireNames(metric, x, title);
            Objects.requireNonNull(statistic);
            Objects.requireNonNull(y);
            group = List.copyOf(group);
            where = Map.copyOf(where);
        }
    }

    /** The share of samples up to each value, one curve a group. */
    record Ecdf(String metric, List<String> group, Scale x, String title, Map<String, String> where) implements FigureSpec {
        public Ecdf {
            requireNames(metric, title);
            Objects.requireNonNull(x);
            group = List.copyOf(group);
            where = Map.copyOf(where);
        }
    }

    /** Mean time of each phase, stacked, one bar a value of {@code x}; {@code phases} empty for all that were measured. */
    record Phases(String x, List<Phase> phases, String title, Map<String, String> where) implements FigureSpec {
        public Phases {
            requireNames(x, title);
            phases = List.copyOf(phases);
            where = Map.copyOf(where);
        }
    }

    /** A metric over a numeric axis, one line a group, with 95 % intervals. */
    record Curve(String metric, Statistic statistic, String x, List<String> group, Scale xScale, Scale yScale, String title,
            Map<String, String> where) implements FigureSpec {
        public Curve {
            requireNames(metric, x, title);
            Objects.requireNonNull(statistic);
            Objects.requireNonNull(xScale);
            Objects.requireNonNull(yScale);
            group = List.copyOf(group);
            where = Map.copyOf(where);
        }
    }

    /** A quantity over time in the first replication, one line a group. */
    record SeriesFigure(String series, List<String> group, String title, Map<String, String> where) implements FigureSpec {
        public SeriesFigure {
            requireNames(series, title);
            group = List.copyOf(group);
            where = Map.copyOf(where);
        }
    }

    /** Mode switches per invocation by kind, one row a value of {@code rows}, as a table shaded by count. */
    record Switches(String rows, String title, Map<String, String> where) implements FigureSpec {
        public Switches {
            requireNames(rows, title);
            where = Map.copyOf(where);
        }
    }

    /** A metric of two executors held against each other, one point a scenario: {@code reference} along x, {@code prediction} along y. */
    record Scatter(String metric, String prediction, String reference, String title, Map<String, String> where) implements FigureSpec {
        public Scatter {
            requireNames(metric, prediction, reference, title);
            where = Map.copyOf(where);
        }
    }

    private static void requireNames(String... names) {
        for (String name : names) {
            Objects.requireNonNull(name);
        }
    }
}
