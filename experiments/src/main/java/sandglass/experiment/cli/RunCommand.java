package sandglass.experiment.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sandglass.experiment.claims.ClaimRow;
import sandglass.experiment.claims.Claims;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.read.ExperimentFile;
import sandglass.experiment.read.Problem;
import sandglass.experiment.store.ResultStore;
import sandglass.experiment.store.SummaryCsv;
import sandglass.result.RunResult;
import sandglass.run.UnsupportedHereException;

/** {@code sandglass run}. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Run an experiment or a suite and write results, summary, figures and report.",
        footer = {"", "DIR then holds results.jsonl (a run a line), summary.csv, figures/*.svg|png|csv and report.html; of a suite, each member's in a",
            "directory of its own. Runs that DIR holds already are not repeated.", "",
            "Example: sandglass run experiments/figure-6.yaml --set 'stack=[vm, usetl]' --out out/two"})
final class RunCommand implements Callable<Integer> {

    @Mixin private ExperimentOptions options;

    @Option(names = "--executor", paramLabel = "WHO", description = "${COMPLETION-CANDIDATES}; default: sim", defaultValue = "sim")
    private ExecutorChoice executor;

    @Option(names = "--json", description = "print the summary as JSON instead of a table")
    private boolean json;

    private final Console console;

    RunCommand(Console console) {
        this.console = console;
    }

    @Override public Integer call() throws UnsupportedHereException {
        ExperimentFile file = options.read(console);
        Path directory = options.out(file.name());
        ResultStore.open(directory).close();
        List<String> undrawn = file instanceof ExperimentFile.Suite suite ? suite(suite, directory)
                : experiment((ExperimentFile.Experiment) file, directory);
        undrawn.forEach(message -> console.err().println("sandglass: " + message));
        return undrawn.isEmpty() ? ExitCode.DONE : ExitCode.BAD_INPUT;
    }

    private List<String> experiment(ExperimentFile.Experiment experiment, Path directory) throws UnsupportedHereException {
        Executors.Chosen chosen = new Executors(options).choose(executor, experiment);
        Runner.Done done = new Runner(console, options.jobs()).run(experiment, chosen, directory);
        console.out().print(json ? SummaryText.json(done.rows()) : SummaryText.of(done, chosen));
        return done.undrawn();
    }

    private List<String> suite(ExperimentFile.Suite suite, Path directory) throws UnsupportedHereException {
        suite.claims().stream().filter(id -> !Claims.exists(id)).findFirst().ifPresent(id -> {
            throw new BadInputException(List.of(new Problem(suite.file().toString(), 0, "claims", "there is no claim '" + id + "'")));
        });
        Executors executors = new Executors(options);
        Map<ExperimentFile.Experiment, Executors.Chosen> plan = new LinkedHashMap<>();
        for (ExperimentFile.Experiment member : suite.members()) {
            plan.put(member, executors.choose(executor, member));
        }
        Map<String, List<RunResult>> byExperiment = new LinkedHashMap<>();
        List<Runner.Done> all = new ArrayList<>();
        plan.forEach((member, chosen) -> {
            Runner.Done done = new Runner(console, options.jobs()).run(member, chosen, directory.resolve(member.name()));
            all.add(done);
            byExperiment.put(member.name(), done.results());
        });
        SummaryCsv.write(byExperiment.values().stream().flatMap(List::stream).toList(), directory);
        List<ClaimRow> claims = Claims.check(suite.claims(), byExperiment);
        console.out().print(json ? ClaimText.json(claims) : ClaimText.of(suite, all, claims, directory));
        return all.stream().flatMap(done -> done.undrawn().stream()).toList();
    }
}
