package sandglass.workload.trace;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The trace formats known: adding one is a constant here and the reader it names. */
public enum TraceFormat {
    /** Azure Functions 2019: invocations per minute and function, percentiles of durations, memory per app. */
    AZURE_2019("azure-2019", Azure2019Reader::read, Azure2019Files::days),
    /** Azure Functions 2021: one row an invocation, with its duration. */
    AZURE_2021("azure-2021", Azure2021Reader::read, DayFiles::days),
    /** Huawei 2023: requests per minute and function, mean delays where the private trace has them. */
    HUAWEI_2023("huawei-2023", Huawei2023Reader::read, path -> DayFiles.days(Huawei2023Reader.requests(path))),
    /** Huawei 2025: one row a cold start, with its parts. */
    HUAWEI_2025("huawei-2025", Huawei2025Reader::read, DayFiles::days),
    /** One count a minute, of one function. */
    PER_MINUTE("per-minute", PerMinuteReader::read, DayFiles::days);

    private final String id;
    private final TraceReader reader;
    private final Function<Path, List<Integer>> days;

    TraceFormat(String id, TraceReader reader, Function<Path, List<Integer>> days) {
        this.id = id;
        this.reader = reader;
        this.days = days;
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

    /** The days of a directory that holds several, to be read one by one; otherwise only 0, the only one there. */
    List<Integer> days(Path path) {
        List<Integer> found = days.apply(path);
        return found.size() > 1 ? found : List.of(0);
    }
}
