package sandglass.workload.trace;

import java.nio.file.Path;
import java.util.List;

/**
 * What every recorded trace has.
 *
 * @param files the files read
 * @param functions in the order in which the files first name them
 * @param firstMinute the number that the trace itself gives its first minute
 * @param minutes how many minutes it covers, from the first to the last, both included
 * @param hasDurations, hasMemory whether the trace records these at all
 * @param quirks what was repaired or tolerated
 */
public record TraceFacts(List<Path> files, List<TracedFunction> functions, int firstMinute, int minutes, boolean hasDurations,
        boolean hasMemory, List<QuirkCount> quirks) {

    public TraceFacts {
        files = List.copyOf(files);
        functions = List.copyOf(functions);
        quirks = List.copyOf(quirks);
    }
}
