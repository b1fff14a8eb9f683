package sandglass.workload.trace;

import java.util.List;
import java.util.stream.Collectors;

/** A trace that cannot be read; carries every problem found, up to a limit. */
public final class TraceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<TraceProblem> problems;

    /**
     * @param problems at least one
     * @param further how many more were found than are listed
     */
    public TraceException(List<TraceProblem> problems, long further) {
        super(problems.stream().map(TraceProblem::toString).collect(Collectors.joining("\n"))
                + (further > 0 ? "\nand " + further + " more" : ""));
        this.problems = List.copyOf(problems);
    }

    /** One problem of a trace as a whole. */
    public static TraceException of(String path, String found, String expected) {
        return new TraceException(List.of(new TraceProblem(path, 0, "", found, expected)), 0);
    }

    /** What was found, in the order of the files. */
    public List<TraceProblem> problems() {
        return problems;
    }
}
