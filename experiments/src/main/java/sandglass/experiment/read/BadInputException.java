package sandglass.experiment.read;

import java.util.List;
import java.util.stream.Collectors;

/** The user's input cannot be used; carries every problem found, in the order of their lines. */
public final class BadInputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public BadInputException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** A single problem of a file as a whole. */
    public static BadInputException of(String file, String message) {
        return new BadInputException(List.of(new Problem(file, 0, "", message)));
    }

    public List<Problem> problems() {
        return problems;
    }
}
