package sandglass.workload.trace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One day of a trace, or the whole of one that has no days, described.
 *
 * @param files the files read
 * @param functions, apps, owners how many there are; an owner or app that the format does not name counts as none
 * @param firstMinute number that the trace gives its first minute
 * @param minutes how many it covers
 * @param invocations how many it holds
 * @param perMinute invocations per minute
 * @param perFunction invocations per function
 * @param triggers functions and invocations by trigger
 * @param durationMs average durations over the functions that have one, ms
 * @param meanDurationMs mean over the invocations of those functions, ms
 * @param memoryMb memory over the functions that have one, MB of 2^20 bytes
 * @param gapVariation coefficient of variation of the gaps between arrivals, over functions with at least three
 *     arrivals
 * @param further what else the trace records
 * @param quirks what was repaired or tolerated
 */
public record TraceSection(List<Path> files, int functions, int apps, int owners, int firstMinute, int minutes,
        long invocations,
        ValueSummary perMinute, ValueSummary perFunction, Map<String, Trigger> triggers, ValueSummary durationMs,
        double meanDurationMs,
        ValueSummary memoryMb, ValueSummary gapVariation, Map<String, ValueSummary> further, List<QuirkCount> quirks) {

    /** Functions of one trigger, and their invocations. */
    public record Trigger(int functions, long invocations) {

        Trigger plus(Trigger other) {
            return new Trigger(functions + other.functions, invocations + other.invocations);
        }
    }

    public TraceSection {
        files = List.copyOf(files);
        triggers = Collections.unmodifiableMap(new LinkedHashMap<>(triggers));
        further = Collections.unmodifiableMap(new LinkedHashMap<>(further));
        quirks = List.copyOf(quirks);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("files", files.stream().map(Path::toString).toList());
        json.put("functions", functions);
        json.put("apps", apps);
        json.put("owners", owners);
        json.put("first_minute", firstMinute);
        json.put("minutes", minutes);
        json.put("invocations", invocations);
        json.put("invocations_per_minute", perMinute.json());
        json.put("invocations_per_function", perFunction.json());
        Map<String, Object> byTrigger = new LinkedHashMap<>();
        triggers.forEach((name, trigger) -> byTrigger.put(name,
                Map.of("functions", trigger.functions(), "invocations", trigger.invocations())));
        json.put("triggers", byTrigger);
        json.put("duration_ms", durationMs.json());
        if (durationMs.n() > 0) {
            json.put("duration_ms_mean_over_invocations", meanDurationMs);
        }
        json.put("memory_mb", memoryMb.json());
        json.put("gap_variation", gapVariation.json());
        Map<String, Object> others = new LinkedHashMap<>();
        further.forEach((name, summary) -> others.put(name, summary.json()));
        json.put("further", others);
        List<Object> met = new ArrayList<>();
        for (QuirkCount quirk : quirks) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("quirk", quirk.quirk().id());
            one.put("count", quirk.count());
            one.put("first", quirk.firstExample());
            one.put("meaning", quirk.quirk().meaning());
            met.add(one);
        }
        json.put("quirks", met);
        return json;
    }
}
