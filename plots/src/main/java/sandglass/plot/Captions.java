package sandglass.plot;

import java.util.Collection;
import java.util.LongSummaryStatistics;
import java.util.stream.Collectors;
import sandglass.plot.FigureSpec.Statistic;
import sandglass.result.Interval;
import sandglass.result.Metric;

/** The sentences under and above a figure. */
final class Captions {

    private Captions() {}

    /** The figure's own title, or this one. */
    static String title(FigureSpec spec, String otherwise) {
        return spec.title().isBlank() ? otherwise : spec.title();
    }

    /** What an axis shows, with its whiskers. */
    static String shows(Metric metric, Statistic statistic, Collection<Point> points) {
        String whiskers = points.stream().anyMatch(point -> point.interval().known()) ? " with 95 % interval" : "";
        return metric.label() + ", " + statistic.label() + whiskers;
    }

    /** How much data stands behind the points and how their intervals were computed. */
    static String basis(Collection<Point> points) {
        LongSummaryStatistics samples = points.stream().mapToLong(Point::n).summaryStatistics();
        LongSummaryStatistics runs = points.stream().mapToLong(Point::replications).summaryStatistics();
        String methods = points.stream().map(Point::interval).filter(Interval::known).map(interval -> interval.method().label()).distinct()
                .sorted().collect(Collectors.joining("; "));
        return "Each value is over " + range(samples, "sample") + " from " + range(runs, "replication")
                + (methods.isEmpty() ? ", too few for an interval." : "; 95 % intervals: " + methods + ".");
    }

    static String range(LongSummaryStatistics numbers, String noun) {
        String plural = numbers.getMax() == 1 ? noun : noun + "s";
        String most = Human.digits(numbers.getMax(), 15);
        return (numbers.getMin() == numbers.getMax() ? most : Human.digits(numbers.getMin(), 15) + " to " + most) + " " + plural;
    }

    /** A metric's label and what it is arranged by. */
    static String of(Metric metric, String by) {
        return metric.label() + (metric.label().contains(",") ? ", " : " ") + by;
    }

    static String sentence(String words) {
        return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
