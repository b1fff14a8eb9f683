package sandglass.experiment.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sandglass.calibration.Calibration;
import sandglass.experiment.calibrate.ForeignHost;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.read.ExperimentFile;
import sandglass.experiment.report.ReportInput;
import sandglass.experiment.report.ReportWriter;
import sandglass.experiment.store.Recording;
import sandglass.experiment.store.ResultStore;
import sandglass.experiment.store.SummaryCsv;
import sandglass.experiment.sweep.Failure;
import sandglass.plot.Figure;
import sandglass.plot.FigureException;
import sandglass.plot.FigureSpec;
import sandglass.plot.Figures;
import sandglass.result.Comparison;
import sandglass.result.RunResult;
import sandglass.run.UnsupportedHereException;

/** {@code sandglass validate}. */
@Command(name = "validate", mixinStandardHelpOptions = true,
        description = "Run an experiment or a suite in the simulator and, twice, for real (or from a recording), and hold one against the other.",
        footer = {"", "Tolerances are those that each experiment declares, or 5 %% at the median and twice that at the 99th percentile;",
            "counts must be equal. Where two measurements of the same differ by more, that is the tolerance, and the table says so.",
            "Exit code 0 if every scenario agrees, else 1. What DIR holds already is not run again."})
final class ValidateCommand implements Callable<Integer> {

    /** Metrics of which prediction and measurement are drawn against each other, where both have them. */
    private static final List<String> SCATTERED = List.of("response", "service", "wait", "start.cold", "start.pooled", "recycle", "memory.pss");

    @Mixin private ExperimentOptions options;

    @Option(names = "--against", paramLabel = "WHO", description = "probe or recorded; default: recorded if --recorded is given, else probe")
    private ExecutorChoice against;

    @Option(names = "--stacks", split = ",", paramLabel = "STACK",
            description = "only these stacks; default: all but virtual machines with a kernel of their own, which an emulator takes minutes for")
    private Set<String> stacks = Set.of();

    @Option(names = "--foreign", description = "accept a calibration of another host, and say so")
    private boolean foreign;

    @Option(names = "--record", paramLabel = "FILE.jsonl.gz", arity = "0..1", fallbackValue = "",
            description = "keep what was measured; default: recorded/NAME.jsonl.gz beside the experiment")
    private String record;

    @Option(names = "--json", description = "print JSON instead of a table")
    private boolean json;

    @Option(names = "--markdown", description = "print the table as Markdown")
    private boolean markdown;

    @Spec private CommandSpec spec;

    private final Console console;

    ValidateCommand(Console console) {
        this.console = console;
    }

    @Override public Integer call() throws UnsupportedHereException {
        ExperimentFile file = options.read(console);
        List<ExperimentFile.Experiment> members = members(file);
        Path directory = options.out(file.name());
        Executors executors = new Executors(options);
        Path recording = record == null ? null : record.isEmpty() ? executors.recording(file) : Path.of(record);
        if (recording != null) {
            Recording.requireWritable(recording);
        }
        Validation.Reality reality = executors.reality(reference(), file);
        List<Executors.Chosen> sims = new ArrayList<>();
        for (ExperimentFile.Experiment member : members) {
            sims.add(executors.predicting(member, Validation.wanted(member, stacks)));
        }
        ResultStore.requireWritable(directory);
        List<String> labels = reference() == ExecutorChoice.PROBE ? labels(sims, executors.fingerprint()) : List.of();
        labels.forEach(label -> console.err().println("sandglass: " + label));
        List<Validation.Checked> all = run(file, members, sims, reality, directory);
        refuseNothing(all);
        if (reference() != ExecutorChoice.PROBE) {
            labels = labels(sims, recordedHost(all));
            labels.forEach(label -> console.err().println("sandglass: " + label));
        }
        if (recording != null) {
            Recording.write(recording, all.stream().flatMap(checked -> checked.results().stream()).toList());
            console.err().println("sandglass: recorded in " + recording);
        }
        report(file, all, directory, sims.get(0).calibration(), labels);
        console.out().print(json ? ValidationText.json(all) : markdown ? ValidationText.markdown(all) : ValidationText.of(all));
        return ComparisonText.agree(comparisons(all)) ? ExitCode.DONE : ExitCode.NO;
    }

    private static List<ExperimentFile.Experiment> members(ExperimentFile file) {
        if (file instanceof ExperimentFile.Suite suite) {
            return suite.members();
        }
        if (file instanceof ExperimentFile.Experiment experiment) {
            return List.of(experiment);
        }
        throw BadInputException.of("validate", file.name() + " is a benchmark of real unikernels only: there is nothing to hold it against");
    }

    private List<Validation.Checked> run(ExperimentFile file, List<ExperimentFile.Experiment> members, List<Executors.Chosen> sims,
            Validation.Reality reality, Path directory) {
        try (ConsoleProgress progress = console.progress("validate")) {
            Announced announced = new Announced(progress);
            List<Validation> validations = new ArrayList<>();
            for (int i = 0; i < members.size(); i++) {
                Path own = file instanceof ExperimentFile.Suite ? directory.resolve(members.get(i).name()) : directory;
                ResultStore.requireWritable(own);
                if (options.fresh()) {
                    Build.setAside(own);
                }
                Build.note(own).ifPresent(warning -> console.err().println("sandglass: " + warning));
                validations.add(new Validation(members.get(i), own, sims.get(i), reality, stacks, options.jobs(), announced));
            }
            List<Validation.Checked> all = Validation.all(validations);
            List<Failure> failures = validations.stream().flatMap(validation -> validation.failures().stream()).toList();
            if (!failures.isEmpty()) {
                throw new SweepFailedException(failures);
            }
            return all;
        }
    }

    /** If nothing at all could be run, that is what this host lacks. */
    private static void refuseNothing(List<Validation.Checked> all) throws UnsupportedHereException {
        List<Validation.Skipped> skipped = all.stream().flatMap(checked -> checked.skipped().stream()).toList();
        if (comparisons(all).isEmpty()) {
            if (skipped.isEmpty()) {
                throw BadInputException.of("--stacks", "no scenario has one of these stacks");
            }
            throw new UnsupportedHereException(skipped.get(0).reason(), skipped.get(0).remedy());
        }
    }

    private static List<Comparison> comparisons(List<Validation.Checked> all) {
        return all.stream().flatMap(checked -> checked.comparisons().stream()).toList();
    }

    private List<String> labels(List<Executors.Chosen> sims, Map<String, String> host) {
        List<String> labels = new ArrayList<>();
        for (Calibration calibration : sims.stream().flatMap(sim -> sim.calibration().stream()).distinct().toList()) {
            Optional<String> difference = ForeignHost.difference(calibration, host);
            if (difference.isPresent() && !foreign) {
                throw BadInputException.of("--calibration", calibration.name() + " was measured on another host: " + difference.get()
                        + "; give --foreign to use it all the same, or measure this host with 'sandglass calibrate'");
            }
            difference.ifPresent(text -> labels.add("the calibration " + calibration.name() + " is of another host: " + text));
        }
        return labels.stream().distinct().toList();
    }

    private static Map<String, String> recordedHost(List<Validation.Checked> all) {
        return all.stream().flatMap(checked -> checked.results().stream()).map(run -> run.provenance().host()).filter(host -> !host.isEmpty())
                .findFirst().orElse(Map.of());
    }

    private void report(ExperimentFile file, List<Validation.Checked> all, Path directory, Optional<Calibration> calibration,
            List<String> labels) {
        List<String> warnings = new ArrayList<>(labels);
        List<ReportInput.Part> parts = new ArrayList<>();
        for (Validation.Checked checked : all) {
            checked.skipped().forEach(skipped -> warnings.add(skipped.scenarioId() + " was not run: " + skipped.reason()));
            if (!checked.results().isEmpty()) {
                List<FigureSpec> specs = Stream.concat(scatters().stream(), checked.experiment().figures().stream()).toList();
                parts.add(new ReportInput.Part(checked.experiment().name(), checked.experiment().question(), checked.results(),
                        draw(specs, checked.results(), directory, warnings)));
            }
        }
        if (parts.size() > 1) {
            List<RunResult> results = all.stream().flatMap(checked -> checked.results().stream()).toList();
            SummaryCsv.write(results, directory);
            draw(scatters(), results, directory.resolve("all"), new ArrayList<>());
        }
        ReportWriter.write(directory, new ReportInput(file.name(), file.question(), parts, List.of(), comparisons(all), calibration,
                CommandText.of(spec), warnings));
    }

    private static List<FigureSpec> scatters() {
        return SCATTERED.stream().<FigureSpec>map(metric -> new FigureSpec.Scatter(metric, "sim", "probe", "", Map.of())).toList();
    }

    private List<Figure> draw(List<FigureSpec> specs, List<RunResult> results, Path directory, List<String> warnings) {
        List<Figure> figures = new ArrayList<>();
        for (FigureSpec wanted : specs) {
            try {
                figures.add(Figures.draw(wanted, results, directory.resolve("figures")));
            } catch (FigureException e) {
                if (!(wanted instanceof FigureSpec.Scatter)) {
                    warnings.add(e.getMessage());
                }
            }
        }
        return figures;
    }

    private ExecutorChoice reference() {
        if (against == ExecutorChoice.SIM) {
            throw BadInputException.of("--against", "the simulator cannot be validated against itself; expected probe or recorded");
        }
        return against != null ? against : options.recorded().isPresent() ? ExecutorChoice.RECORDED : ExecutorChoice.PROBE;
    }
}
