package sandglass.workload.trace;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What every recorded trace has.
 *
 * @param files the files read
 * @param functions in the order in which the files first name them
 * @param firstMinute the number that the trace itself gives its first minute
 * @param minutes how many minutes it covers, from the first to the last, both included
 * @param hasDurations, hasMemory whether the trace records these at all
 * @param further what else the trace records, by name with unit, for example {@code cold start, s}; in order
 * @param quirks what was repaired or tolerated
 */
public record TraceFacts(List<Path> files, List<TracedFunction> functions, int firstMinute, int minutes,
        boolean hasDurations,
        boolean hasMemory, Map<String, ValueSummary> further, List<QuirkCount> quirks) {

    public TraceFacts {
        files = List.copyOf(files);
        functions = List.copyOf(functions);
        further = Collections.unmodifiableMap(new LinkedHashMap<>(further));
        quirks = List.copyOf(quirks);
    }
}
