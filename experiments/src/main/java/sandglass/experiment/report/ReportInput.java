package sandglass.experiment.report;

import java.util.List;
import java.util.Optional;
import sandglass.calibration.Calibration;
import sandglass.experiment.claims.ClaimRow;
import sandglass.plot.Figure;
import sandglass.result.Comparison;
import sandglass.result.RunResult;

/**
 * What a report tells.
 *
 * @param name of the experiment or suite
 * @param question what was asked, in a sentence; may be empty
 * @param parts one an experiment, in order; at least one
 * @param claims rows of the claims table; empty if none were checked
 * @param comparisons of prediction and measurement; empty if nothing was compared
 * @param calibration that the simulator charged; empty if none was used
 * @param command the command line that gives the same numbers again
 * @param warnings about the run as a whole: what failed, what could not be drawn
 */
public record ReportInput(String name, String question, List<Part> parts, List<ClaimRow> claims, List<Comparison> comparisons,
        Optional<Calibration> calibration, String command, List<String> warnings) {

    /**
     * One experiment of the report.
     *
     * @param results in the order of scenarios and replications
     * @param figures drawn from them; files in or below the report's directory
     */
    public record Part(String name, String question, List<RunResult> results, List<Figure> figures) {
        public Part {
            results = List.copyOf(results);
            figures = List.copyOf(figures);
        }
    }

    public ReportInput {
        parts = List.copyOf(parts);
        claims = List.copyOf(claims);
        comparisons = List.copyOf(comparisons);
        warnings = List.copyOf(warnings);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a report has at least one part");
        }
    }

    /** The results of every part. */
    List<RunResult> results() {
        return parts.stream().flatMap(part -> part.results().stream()).toList();
    }
}
