package sandglass.workload.arrival;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sandglass.workload.trace.QuirkCount;

/**
 * What of a trace is replayed.
 *
 * @param heldFunctions, heldInvocations, heldMinutes all that the trace holds
 * @param firstMinute number that the trace gives the first replayed minute
 * @param minutes how many minutes are replayed
 * @param functions, invocations what is replayed; functions without an arrival in the window are not counted
 * @param droppedFunctions, droppedInvocations left out within the window for want of a duration or of memory
 * @param imputedDurations, imputedMemories replayed functions that got the median
 * @param quirks what was repaired or tolerated when the trace was read
 */
public record TraceCoverage(int heldFunctions, long heldInvocations, int heldMinutes, int firstMinute, int minutes,
        int functions,
        long invocations, int droppedFunctions, long droppedInvocations, int imputedDurations, int imputedMemories,
        List<QuirkCount> quirks) {

    public TraceCoverage {
        quirks = List.copyOf(quirks);
    }

    /** The same by name, for a run's result. */
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("trace.held.invocations", Long.toString(heldInvocations));
        facts.put("trace.held.functions", Integer.toString(heldFunctions));
        facts.put("trace.held.minutes", Integer.toString(heldMinutes));
        facts.put("trace.replayed.invocations", Long.toString(invocations));
        facts.put("trace.replayed.functions", Integer.toString(functions));
        facts.put("trace.replayed.first-minute", Integer.toString(firstMinute));
        facts.put("trace.replayed.minutes", Integer.toString(minutes));
        facts.put("trace.dropped.invocations", Long.toString(droppedInvocations));
        facts.put("trace.dropped.functions", Integer.toString(droppedFunctions));
        facts.put("trace.imputed.durations", Integer.toString(imputedDurations));
        facts.put("trace.imputed.memories", Integer.toString(imputedMemories));
        quirks.forEach(q -> facts.put("trace.quirk." + q.quirk().id(), q.count() + ", first at " + q.firstExample()));
        return facts;
    }

    /** One sentence for reports. */
    public String text() {
        return "The trace holds " + heldInvocations + " invocations of " + heldFunctions + " functions in "
                + heldMinutes
                + " minutes; replayed were " + invocations + " of " + functions + " functions in the " + minutes
                + " minutes from " + firstMinute + " on; left out for want of a duration or of memory: "
                + droppedInvocations
                + " of " + droppedFunctions + " functions; given a median: " + imputedDurations + " durations, "
                + imputedMemories + " memories.";
    }
}
