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
import sandglass.workload.trace.TraceException;
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

    /** Functions left out or completed while the plan is made. */
    private static final class Tally {
        private int dropped;
        private long droppedInvocations;
        private int imputedDurations;
        private int imputedMemories;
    }

    /**
     * @param template what a trace does not say of its functions (runtime, code, modules, cold service; work and memory
     *     where it records none at all) is taken from this function
     * @throws TraceException if the window lies outside the trace, or nothing in it can be replayed
     */
    ReplayPlan(Load.Trace load, RecordedTrace trace, Optional<Function> template) {
        this.load = load;
        this.trace = trace;
        TraceFacts facts = trace.facts();
        requireUsable(load, facts, template);
        fromMinute = load.fromMinute();
        toMinute = (int) Math.min(facts.minutes(), (long) fromMinute + load.minutes());
        functions = new ArrayList<>();
        durationsNs = new ArrayList<>();
        long[] arrivals = arrivals();
        indexOfRow = new int[arrivals.length];
        Arrays.fill(indexOfRow, -1);
        Tally tally = new Tally();
        choose(arrivals, template, tally);
        if (functions.isEmpty()) {
            throw TraceException.of(load.path(), "nothing to replay in the minutes " + fromMinute + " to " + (toMinute - 1)
                    + " (left out for want of a duration or of memory: " + tally.droppedInvocations + " invocations)",
                    "at least one invocation in the window of trace.from-minute and trace.minutes");
        }
        coverage = new TraceCoverage(facts.functions().size(), trace.invocations(), facts.minutes(),
                facts.firstMinute() + fromMinute, toMinute - fromMinute, functions.size(),
                LongStream.of(arrivals).sum() - tally.droppedInvocations, tally.dropped, tally.droppedInvocations,
                tally.imputedDurations, tally.imputedMemories, facts.quirks());
    }

    private static void requireUsable(Load.Trace load, TraceFacts facts, Optional<Function> template) {
        if (load.fromMinute() >= facts.minutes()) {
            throw TraceException.of(load.path(), facts.minutes() + " minutes", "more than trace.from-minute, which is "
                    + load.fromMinute());
        }
        if (!facts.hasDurations() && template.isEmpty()) {
            throw TraceException.of(load.path(), "a trace that does not say how long its functions run",
                    "a function in the experiment whose work says it");
        }
    }

    /** Takes the functions that arrive and are complete or can be completed, in the order of their rows. */
    private void choose(long[] arrivals, Optional<Function> template, Tally tally) {
        TraceFacts facts = trace.facts();
        List<String> names = ShortNames.of(facts.functions());
        double medianNs = medianNs(facts);
        long medianBytes = medianBytes(facts);
        for (int row = 0; row < arrivals.length; row++) {
            TracedFunction traced = facts.functions().get(row);
            boolean noDuration = facts.hasDurations() && traced.duration().isEmpty();
            boolean noMemory = facts.hasMemory() && traced.memoryBytes().isEmpty();
            if (arrivals[row] == 0) {
                continue;
            }
            if (noDuration && load.missingDuration() == Load.Trace.Missing.DROP
                    || noMemory && load.missingMemory() == Load.Trace.Missing.DROP) {
                tally.dropped++;
                tally.droppedInvocations += arrivals[row];
                continue;
            }
            tally.imputedDurations += noDuration ? 1 : 0;
            tally.imputedMemories += noMemory ? 1 : 0;
            indexOfRow[row] = functions.size();
            Optional<Distribution> durationNs =
                    facts.hasDurations() ? Optional.of(duration(traced, medianNs)) : Optional.empty();
            durationNs.ifPresent(durationsNs::add);
            long residentBytes = traced.memoryBytes().orElse(noMemory ? medianBytes : template.map(Function::residentBytes).orElse(0L));
            functions.add(function(names.get(row), traced, durationNs, residentBytes, template));
        }
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

    private Function function(String name, TracedFunction traced, Optional<Distribution> duration, long residentBytes,
            Optional<Function> template) {
        Work work = duration.map(d -> new Work(List.of(load.service() == Load.Trace.Service.WAIT ? new Op.Wait(d)
                : new Op.Compute(d))))
                .orElseGet(() -> template.orElseThrow().work());
        return new Function(name, traced.owner() + "/" + traced.app(), template.map(Function::runtime)
                .orElse(DEFAULT_RUNTIME), work,
                template.flatMap(Function::coldService), Math.max(residentBytes, template.map(Function::memoryBytes).orElse(0L)),
                residentBytes, template.map(Function::codeBytes).orElse(0L), template.map(Function::modules).orElse(0), Optional.empty());
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
