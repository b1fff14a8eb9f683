package sandglass.experiment.cli;

import java.util.List;
import java.util.stream.Collectors;
import sandglass.experiment.sweep.Failure;

/** Some runs did not end in a result; those that did are stored. */
final class SweepFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Failure> failures;

    SweepFailedException(List<Failure> failures) {
        super(failures.stream().map(Failure::describe).collect(Collectors.joining("\n")));
        this.failures = List.copyOf(failures);
    }

    List<Failure> failures() {
        return failures;
    }
}
