package sandglass.workload.arrival;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import sandglass.scenario.Function;
import sandglass.scenario.Load;
import sandglass.scenario.Op;
import sandglass.scenario.Work;
import sandglass.unit.Distribution;
import sandglass.workload.trace.MinuteCounts;
import sandglass.workload.trace.RecordedTrace;
import sandglass.workload.trace.TraceFacts;
import sandglass.workload.trace.TracedFunction;

/**
 * A trace cut to what a load replays of it: the window, the functions that arrive in it, and how long each runs.
 * Immutable; shared by all replications.
 */
final class ReplayPlan {

    private static final String DEFAULT_RUNTIME = "python";

    private final Load.Trace load;
    private final RecordedTrace trace;
    private final int fromMinute;
    private final int toMinute;
    private final int[] indexOfRow;
    private final List<Function> functions;
    private final List<Distribution> durationsNs;
    private final TraceCoverage coverage;

    /**
     * @param template what a trace does not say of its functions (runtime, code, modules, cold service, and the work
     *     where it has no durations) is taken from this function
     * @throws IllegalArgumentException if the window lies outside the trace, or nothing in it can be replayed
     */
    ReplayPlan(Load.Trace load, RecordedTrace trace, Optional<Function> template) {
        this.load = load;
        this.trace = trace;
        TraceFacts facts = trace.facts();
        if (load.fromMinute() >= facts.minutes()) {
            throw new IllegalArgumentException("the trace covers " + facts.minutes()
                    + " minutes, so none of them is left from minute "
                    + load.fromMinute() + " on");
        }
        if (!facts.hasDurations() && template.isEmpty()) {
            throw new IllegalArgumentException("the trace " + load.path() + " does not say how long its functions run; "
                    + "the scenario must name a function whose work says it");
        }
        fromMinute = load.fromMinute();
        toMinute = (int) Math.min(facts.minutes(), (long) fromMinute + load.minutes());
        long[] arrivals = arrivals();
        indexOfRow = new int[arrivals.length];
        Arrays.fill(indexOfRow, -1);
        functions = new ArrayList<>();
        durationsNs = new ArrayList<>();
        List<String> names = ShortNames.of(facts.functions());
        double medianNs = medianNs(facts);
        long medianBytes = medianBytes(facts);
        int dropped = 0;
        long droppedInvocations = 0;
        int imputedDurations = 0;
        int imputedMemories = 0;
        for (int row = 0; row < arrivals.length; row++) {
            TracedFunction traced = facts.functions().get(row);
            boolean noDuration = facts.hasDurations() && traced.duration().isEmpty();
            boolean noMemory = facts.hasMemory() && traced.memoryBytes().isEmpty();
            if (arrivals[row] == 0) {
                continue;
            }
            if (noDuration && load.missingDuration() == Load.Trace.Missing.DROP
                    || noMemory && load.missingMemory() == Load.Trace.Missing.DROP) {
                dropped++;
                droppedInvocations += arrivals[row];
                continue;
            }
            imputedDurations += noDuration ? 1 : 0;
            imputedMemories += noMemory ? 1 : 0;
            indexOfRow[row] = functions.size();
            Optional<Distribution> duration = facts.hasDurations() ? Optional.of(duration(traced, medianNs))
                    : Optional.empty();
            duration.ifPresent(durationsNs::add);
            functions.add(function(names.get(row), traced, duration, traced.memoryBytes()
                    .orElse(noMemory ? medianBytes : 0), template));
        }
        long replayed = LongStream.of(arrivals).sum() - droppedInvocations;
        if (functions.isEmpty()) {
            throw new IllegalArgumentException("nothing of the trace " + load.path() + " is left to replay in the minutes "
                    + fromMinute + " to " + (toMinute - 1) + " (left out for want of a duration or of memory: "
                    + droppedInvocations + " invocations)");
        }
        coverage = new TraceCoverage(facts.functions().size(), trace.invocations(), facts.minutes(),
                facts.firstMinute() + fromMinute,
                toMinute - fromMinute, functions.size(), replayed, dropped, droppedInvocations, imputedDurations,
                imputedMemories,
                facts.quirks());
    }

    Load.Trace load() {
        return load;
    }

    RecordedTrace trace() {
        return trace;
    }

    /** First minute of the window, counted from the trace's first. */
    int fromMinute() {
        return fromMinute;
    }

    /** First minute after the window. */
    int toMinute() {
        return toMinute;
    }

    /** Index of a row's function, or -1 if it is left out. */
    int index(int row) {
        return indexOfRow[row];
    }

    List<Function> functions() {
        return functions;
    }

    /** Duration of each function; empty if the trace has none. */
    List<Distribution> durationsNs() {
        return durationsNs;
    }

    TraceCoverage coverage() {
        return coverage;
    }

    /** Arrivals in the window by row. */
    private long[] arrivals() {
        long[] arrivals = new long[trace.facts().functions().size()];
        if (trace instanceof RecordedTrace.Minutes minutes) {
            MinuteCounts.Cursor cursor = minutes.counts().cursor();
            for (int minute = fromMinute; minute < toMinute; minute++) {
                cursor.minute(minute);
                while (cursor.next()) {
                    arrivals[cursor.row()] += cursor.count();
                }
            }
        } else if (trace instanceof RecordedTrace.Events events) {
            int end = events.events().firstAtOrAfter(toMinute * MinutePlacement.MINUTE_NS);
            for (int e = events.events().firstAtOrAfter(fromMinute * MinutePlacement.MINUTE_NS); e < end; e++) {
                arrivals[events.events().row(e)]++;
            }
        }
        return arrivals;
    }

    private Distribution duration(TracedFunction traced, double medianNs) {
        if (traced.duration().isEmpty()) {
            return new Distribution.Constant(medianNs);
        }
        Distribution average = new Distribution.Constant(traced.duration().get().averageNs());
        return load.durations() == Load.Trace.Durations.AVERAGE ? average : traced.duration().get().percentilesNs()
                .orElse(average);
    }

    private Function function(String name, TracedFunction traced, Optional<Distribution> duration, long memoryBytes,
            Optional<Function> template) {
        Work work = duration.map(d -> new Work(List.of(load.service() == Load.Trace.Service.WAIT ? new Op.Wait(d)
                : new Op.Compute(d))))
                .orElseGet(() -> template.orElseThrow().work());
        return new Function(name, traced.owner() + "/" + traced.app(), template.map(Function::runtime)
                .orElse(DEFAULT_RUNTIME), work,
                template.flatMap(Function::coldService), memoryBytes, template.map(Function::codeBytes).orElse(0L),
                template.map(Function::modules).orElse(0));
    }

    private static double medianNs(TraceFacts facts) {
        double[] averages = facts.functions().stream().flatMap(f -> f.duration().stream())
                .mapToDouble(d -> d.averageNs()).sorted().toArray();
        return averages.length == 0 ? 0 : averages[(averages.length - 1) / 2];
    }

    private static long medianBytes(TraceFacts facts) {
        long[] bytes = facts.functions().stream().map(TracedFunction::memoryBytes).filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong).sorted().toArray();
        return bytes.length == 0 ? 0 : bytes[(bytes.length - 1) / 2];
    }
}
