package sandglass.experiment.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sandglass.calibration.Calibration;
import sandglass.experiment.claims.ClaimRow;
import sandglass.experiment.claims.Claims;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.read.ExperimentFile;
import sandglass.experiment.read.Problem;
import sandglass.experiment.report.ReportInput;
import sandglass.experiment.report.ReportWriter;
import sandglass.experiment.store.ResultFile;
import sandglass.experiment.store.ResultStore;
import sandglass.experiment.store.SummaryCsv;
import sandglass.result.RunResult;
import sandglass.run.UnsupportedHereException;

/** {@code sandglass run}. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Run an experiment or a suite and write results, summary, figures and report.",
        footer = {"", "DIR then holds results.jsonl (a run a line), summary.csv, figures/*.svg|png|csv and report.html;",
            "of a suite, each member's in a directory of its own. Runs that DIR holds already are not repeated.", "",
            "Example: sandglass run experiments/figure-6.yaml --set 'stack=[vm, usetl]' --out out/two"})
final class RunCommand implements Callable<Integer> {

    private static final int MOST_WARNINGS = 10;

    @Mixin private ExperimentOptions options;

    @Option(names = "--executor", paramLabel = "WHO", description = "${COMPLETION-CANDIDATES}; default: sim", defaultValue = "sim")
    private ExecutorChoice executor;

    @Option(names = "--json", description = "print the summary as JSON instead of a table")
    private boolean json;

    @Spec private CommandSpec spec;

    private final Console console;

    RunCommand(Console console) {
        this.console = console;
    }

    @Override public Integer call() throws UnsupportedHereException {
        ExperimentFile file = options.read(console);
        Path directory = options.out(file.name());
        if (file instanceof ExperimentFile.Benchmark benchmark) {
            if (executor != ExecutorChoice.PROBE) {
                throw BadInputException.of(benchmark.file().toString(), "a benchmark runs on real hardware only; add --executor probe");
            }
            ResultStore.requireWritable(directory);
            new BenchmarkRun(console, json).run(benchmark, directory);
            return ExitCode.DONE;
        }
        List<String> undrawn = file instanceof ExperimentFile.Suite suite ? suite(suite, directory)
                : experiment((ExperimentFile.Experiment) file, directory);
        undrawn.forEach(message -> console.err().println("sandglass: " + message));
        return undrawn.isEmpty() ? ExitCode.DONE : ExitCode.BAD_INPUT;
    }

    private List<String> experiment(ExperimentFile.Experiment experiment, Path directory) throws UnsupportedHereException {
        Executors.Chosen chosen = new Executors(options).choose(executor, experiment);
        try (Runner runner = new Runner(console, options.jobs(), options.fresh())) {
            Runner.Done done = runner.run(experiment, chosen, directory).done();
            Path report = report(experiment, directory, List.of(done), List.of(), chosen.calibration());
            warn(List.of(done));
            console.out().print(json ? SummaryText.json(done.rows()) : SummaryText.of(done, chosen, report));
            return done.undrawn();
        }
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
        List<Runner.Done> all = runAll(plan, directory);
        Map<String, List<RunResult>> byExperiment = new LinkedHashMap<>();
        all.forEach(done -> byExperiment.put(done.experiment().name(), done.results()));
        SummaryCsv.write(byExperiment.values().stream().flatMap(List::stream).toList(), directory);
        List<ClaimRow> claims = Claims.check(suite.claims(), byExperiment, measured(suite));
        Path report = report(suite, directory, all, claims, plan.values().stream().flatMap(c -> c.calibration().stream()).findFirst());
        warn(all);
        console.out().print(json ? ClaimText.json(claims) : ClaimText.of(suite, all, claims, report));
        return all.stream().flatMap(done -> done.undrawn().stream()).toList();
    }

    /** What runs say against themselves, such as functions that raised: a table of numbers alone would hide it. */
    private void warn(List<Runner.Done> all) {
        Map<String, Long> warnings = all.stream().flatMap(done -> done.results().stream()).flatMap(run -> run.warnings().stream())
                .collect(Collectors.groupingBy(Function.identity(), LinkedHashMap::new, Collectors.counting()));
        warnings.entrySet().stream().limit(MOST_WARNINGS).forEach(entry -> console.err().println("sandglass: warning: " + entry.getKey()
                + (entry.getValue() > 1 ? " (" + entry.getValue() + " runs)" : "")));
        if (warnings.size() > MOST_WARNINGS) {
            console.err().println("sandglass: " + (warnings.size() - MOST_WARNINGS) + " other warnings are in the report");
        }
    }

    /** Recorded measurements of the molecules, which lie beside the suite, if somebody has recorded any. */
    private static List<RunResult> measured(ExperimentFile.Suite suite) {
        Path file = suite.file().toAbsolutePath().resolveSibling("recorded").resolve("molecules.jsonl.gz");
        return Files.exists(file) ? ResultFile.read(file).results() : List.of();
    }

    private List<Runner.Done> runAll(Map<ExperimentFile.Experiment, Executors.Chosen> plan, Path directory) {
        try (Runner runner = new Runner(console, options.jobs(), options.fresh())) {
            List<Runner.Drawing> drawings = new ArrayList<>();
            plan.forEach((member, chosen) -> drawings.add(runner.run(member, chosen, directory.resolve(member.name()))));
            return drawings.stream().map(Runner.Drawing::done).toList();
        }
    }

    private Path report(ExperimentFile file, Path directory, List<Runner.Done> done, List<ClaimRow> claims, Optional<Calibration> calibration) {
        List<String> warnings = done.stream().flatMap(d -> Stream.concat(d.warnings().stream(), d.undrawn().stream())).toList();
        return ReportWriter.write(directory, new ReportInput(file.name(), file.question(), done.stream().map(Runner.Done::part).toList(),
                claims, List.of(), calibration, CommandText.of(spec), warnings));
    }
}
