package sandglass.workload.trace;

import java.nio.file.Path;

/** Reads one trace format. */
@FunctionalInterface
interface TraceReader {

    /**
     * Reads a trace into memory.
     *
     * @param path file or directory
     * @param day for directories with several days, which one, counted from 1; 0 means the only one there
     * @throws TraceException if it cannot be read; with all problems found
     */
    RecordedTrace read(Path path, int day);
}
