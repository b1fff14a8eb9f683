package sandglass.workload.trace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects the problems of a trace's files, so that a user sees them together; keeps the first {@value #LIMIT}. */
final class ProblemLog {

    static final int LIMIT = 20;

    private final List<TraceProblem> problems = new ArrayList<>();
    private long further;

    void add(Path file, long line, String column, String found, String expected) {
        if (problems.size() < LIMIT) {
            problems.add(new TraceProblem(file.toString(), line, column, found, expected));
        } else {
            further++;
        }
    }

    /** @throws TraceException if there is any problem */
    void throwIfAny() {
        if (!problems.isEmpty()) {
            throw new TraceException(problems, further);
        }
    }

    /** One problem that makes reading on pointless. */
    static TraceException fatal(Path file, String found, String expected) {
        return TraceException.of(file.toString(), found, expected);
    }
}
