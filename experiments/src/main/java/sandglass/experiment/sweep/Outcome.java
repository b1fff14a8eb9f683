package sandglass.experiment.sweep;

import java.util.List;
import sandglass.result.RunResult;

/**
 * What a sweep gave.
 *
 * @param results in the order of scenarios and replications, whatever the order in which they ended
 * @param failures in the same order
 * @param reused how many of the results were there before
 * @param warnings about the sweep as a whole
 */
public record Outcome(List<RunResult> results, List<Failure> failures, int reused, List<String> warnings) {
    public Outcome {
        results = List.copyOf(results);
        failures = List.copyOf(failures);
        warnings = List.copyOf(warnings);
    }
}
