package sandglass.experiment.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.store.ResultFile;
import sandglass.result.Comparison;
import sandglass.result.RunResult;

/** {@code sandglass compare}. */
@Command(name = "compare", mixinStandardHelpOptions = true,
        description = "Compare two result files scenario by scenario: counts exactly, times statistically.",
        footer = {"", "Verdicts: agrees, wrong-structure (counts differ), wrong-cost (counts equal, times differ), not-comparable (and why).",
            "Exit code 0 if every scenario agrees, else 1."})
final class CompareCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "A.jsonl", description = "usually the prediction")
    private Path a;

    @Parameters(index = "1", paramLabel = "B.jsonl", description = "usually what was measured")
    private Path b;

    @Option(names = "--json", description = "print JSON instead of a table")
    private boolean json;

    private final Console console;

    CompareCommand(Console console) {
        this.console = console;
    }

    @Override public Integer call() {
        return print(console, compare(results(a), results(b)), json);
    }

    private List<RunResult> results(Path file) {
        ResultFile read = ResultFile.read(file);
        if (read.truncated()) {
            console.err().println("sandglass: " + file + ": the last line was cut off and is left out");
        }
        if (read.results().isEmpty()) {
            throw BadInputException.of(file.toString(), "holds no result");
        }
        return read.results();
    }

    private List<Comparison> compare(List<RunResult> first, List<RunResult> second) {
        try {
            return Comparison.all(first, second);
        } catch (IllegalArgumentException e) {
            throw BadInputException.of(a + " and " + b, e.getMessage());
        }
    }

    /** Prints comparisons; gives the exit code that they mean. */
    static int print(Console console, List<Comparison> comparisons, boolean json) {
        console.out().print(json ? ComparisonText.json(comparisons) : ComparisonText.of(comparisons));
        return ComparisonText.agree(comparisons) ? ExitCode.DONE : ExitCode.NO;
    }
}
