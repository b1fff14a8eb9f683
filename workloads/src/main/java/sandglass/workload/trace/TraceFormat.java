package sandglass.workload.trace;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The trace formats known: adding one is a constant here and the reader it names. */
public enum TraceFormat {
    /** Azure Functions 2019: invocations per minute and function, percentiles of durations, memory per app. */
    AZURE_2019("azure-2019", Azure2019Reader::read);

    private final String id;
    private final TraceReader reader;

    TraceFormat(String id, TraceReader reader) {
        this.id = id;
        this.reader = reader;
    }

    /** The name by which experiments and the command line ask for it. */
    public String id() {
        return id;
    }

    /**
     * The format of this name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those that are
     */
    public static TraceFormat of(String id) {
        return Arrays.stream(values()).filter(format -> format.id.equals(id)).findFirst().orElseThrow(() ->
                new IllegalArgumentException("unknown trace format '" + id + "'; expected one of "
                        + Arrays.stream(values()).map(TraceFormat::id).collect(Collectors.joining(", "))));
    }

    /**
     * Reads a trace into memory.
     *
     * @param path file or directory
     * @param day for directories with several days, which one, counted from 1; 0 means the only one there
     * @throws TraceException if it cannot be read; with all problems found
     */
    public RecordedTrace read(Path path, int day) {
        return reader.read(path, day);
    }
}
