package sandglass.experiment.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.read.ExperimentFile;
import sandglass.experiment.report.ReportInput;
import sandglass.experiment.report.ReportWriter;
import sandglass.experiment.store.ResultStore;
import sandglass.experiment.store.SummaryCsv;
import sandglass.result.Comparison;
import sandglass.result.RunResult;
import sandglass.run.UnsupportedHereException;

/** {@code sandglass validate}. */
@Command(name = "validate", mixinStandardHelpOptions = true,
        description = "Run an experiment in the simulator and for real (or from a recording), and hold one against the other.",
        footer = {"", "Exit code 0 if every scenario agrees within the tolerance that the experiment declares, else 1."})
final class ValidateCommand implements Callable<Integer> {

    @Mixin private ExperimentOptions options;

    @Option(names = "--against", paramLabel = "WHO", description = "probe or recorded; default: recorded if --recorded is given, else probe")
    private ExecutorChoice against;

    @Option(names = "--json", description = "print JSON instead of a table")
    private boolean json;

    @Spec private CommandSpec spec;

    private final Console console;

    ValidateCommand(Console console) {
        this.console = console;
    }

    @Override public Integer call() throws UnsupportedHereException {
        if (!(options.read(console) instanceof ExperimentFile.Experiment experiment)) {
            throw BadInputException.of("validate", "only an experiment can be validated; of a suite, give one of its experiments");
        }
        Path directory = options.out(experiment.name());
        ResultStore.requireWritable(directory);
        Executors executors = new Executors(options);
        Executors.Chosen real = executors.choose(reference(), experiment);
        Executors.Chosen sim = executors.choose(ExecutorChoice.SIM, experiment);
        Runner.Done measured = run(experiment, real, directory, options.fresh());
        Runner.Done predicted = run(experiment, sim, directory, false);
        List<Comparison> comparisons = Comparison.all(predicted.results(), measured.results());
        List<RunResult> both = Stream.concat(predicted.results().stream(), measured.results().stream()).toList();
        SummaryCsv.write(both, directory);
        ReportWriter.write(directory, new ReportInput(experiment.name(), experiment.question(), List.of(new ReportInput.Part(experiment.name(),
                experiment.question(), both, predicted.figures())), List.of(), comparisons, sim.calibration(), CommandText.of(spec),
                Stream.concat(measured.warnings().stream(), predicted.warnings().stream()).toList()));
        return CompareCommand.print(console, comparisons, json);
    }

    private Runner.Done run(ExperimentFile.Experiment experiment, Executors.Chosen chosen, Path directory, boolean fresh) {
        try (Runner runner = new Runner(console, options.jobs(), fresh)) {
            return runner.run(experiment, chosen, directory).done();
        }
    }

    private ExecutorChoice reference() {
        if (against == ExecutorChoice.SIM) {
            throw BadInputException.of("--against", "the simulator cannot be validated against itself; expected probe or recorded");
        }
        return against != null ? against : options.recorded().isPresent() ? ExecutorChoice.RECORDED : ExecutorChoice.PROBE;
    }
}
