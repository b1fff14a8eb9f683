package sandglass.workload.trace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Describes a trace: how much it holds, how it is spread, and every quirk met while reading it. */
public final class TraceInspector {

    private static final double NS_PER_MS = 1e6;
    private static final double BYTES_PER_MB = 1 << 20;

    private TraceInspector() {}

    /**
     * Reads a trace and describes it; a directory with several days is described day by day.
     *
     * @throws TraceException if it cannot be read; with all problems found
     */
    public static TraceReport inspect(Path path, TraceFormat format) {
        List<TraceSection> sections = new ArrayList<>();
        for (int day : format.days(path)) {
            sections.add(section(format.read(path, day)));
        }
        return new TraceReport(format, path, sections);
    }

    /** Describes a trace that is in memory. */
    static TraceSection section(RecordedTrace trace) {
        TraceFacts facts = trace.facts();
        List<TracedFunction> functions = facts.functions();
        double[] perMinute = new double[facts.minutes()];
        double[] perFunction = new double[functions.size()];
        count(trace, perMinute, perFunction);
        double[] averagesMs = functions.stream().flatMap(f -> f.duration().stream())
                .mapToDouble(d -> d.averageNs() / NS_PER_MS).toArray();
        double[] memoryMb = functions.stream().map(TracedFunction::memoryBytes).filter(OptionalLong::isPresent)
                .mapToDouble(bytes -> bytes.getAsLong() / BYTES_PER_MB).toArray();
        return new TraceSection(facts.files(), functions.size(),
                distinct(functions, f -> f.app().isEmpty() ? "" : f.owner() + "/" + f.app()),
                distinct(functions, TracedFunction::owner), facts.firstMinute(), facts.minutes(), trace.invocations(),
                ValueSummary.of(perMinute), ValueSummary.of(perFunction), triggers(functions, perFunction),
                ValueSummary.of(averagesMs),
                meanOverInvocationsMs(functions, perFunction), ValueSummary.of(memoryMb),
                ValueSummary.of(GapMoments.of(trace).coefficientsOfVariation()), facts.further(), facts.quirks());
    }

    private static void count(RecordedTrace trace, double[] perMinute, double[] perFunction) {
        if (trace instanceof RecordedTrace.Minutes minutes) {
            MinuteCounts.Cursor cursor = minutes.counts().cursor();
            for (int minute = 0; minute < perMinute.length; minute++) {
                cursor.minute(minute);
                while (cursor.next()) {
                    perMinute[minute] += cursor.count();
                    perFunction[cursor.row()] += cursor.count();
                }
            }
        } else if (trace instanceof RecordedTrace.Events events) {
            for (int e = 0; e < events.events().size(); e++) {
                perMinute[(int) (events.events().startNs(e) / MinuteCounts.MINUTE_NS)]++;
                perFunction[events.events().row(e)]++;
            }
        }
    }

    private static int distinct(List<TracedFunction> functions, Function<TracedFunction, String> name) {
        return (int) functions.stream().map(name).filter(n -> !n.isEmpty()).distinct().count();
    }

    /** Most invoked first. */
    private static Map<String, TraceSection.Trigger> triggers(List<TracedFunction> functions, double[] invocations) {
        Map<String, TraceSection.Trigger> byName = new TreeMap<>();
        for (int row = 0; row < invocations.length; row++) {
            if (!functions.get(row).trigger().isEmpty()) {
                byName.merge(functions.get(row).trigger(), new TraceSection.Trigger(1, (long) invocations[row]),
                        TraceSection.Trigger::plus);
            }
        }
        Map<String, TraceSection.Trigger> ordered = new LinkedHashMap<>();
        byName.entrySet().stream()
                .sorted(Comparator.comparingLong(e -> -e.getValue().invocations()))
                .forEach(e -> ordered.put(e.getKey(), e.getValue()));
        return ordered;
    }

    private static double meanOverInvocationsMs(List<TracedFunction> functions, double[] invocations) {
        double weight = 0;
        double sum = 0;
        for (int row : IntStream.range(0, invocations.length).filter(r -> functions.get(r).duration().isPresent())
                .toArray()) {
            weight += invocations[row];
            sum += invocations[row] * functions.get(row).duration().get().averageNs() / NS_PER_MS;
        }
        return sum / weight;
    }
}
