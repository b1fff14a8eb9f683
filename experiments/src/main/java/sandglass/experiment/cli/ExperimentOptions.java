package sandglass.experiment.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.read.ExperimentFile;
import sandglass.experiment.read.ExperimentReader;
import sandglass.experiment.read.Setting;

/** The options of every command that runs an experiment. */
final class ExperimentOptions {

    @Parameters(paramLabel = "FILE.yaml", description = "the experiment, or a suite of experiments")
    private Path file;

    @Option(names = "--set", paramLabel = "PATH=VALUE",
            description = "replace a value of the experiment, for example --set load.closed.clients=8 or --set 'stack=[vm, usetl]'")
    private List<String> settings = List.of();

    @Option(names = "--seed", paramLabel = "N", description = "replace the experiment's seed")
    private Long seed;

    @Option(names = "--calibration", paramLabel = "FILE.json", description = "what everything costs; default: the one that the experiment names")
    private Path calibration;

    @Option(names = "--out", paramLabel = "DIR", description = "where results go; default: out/NAME, NAME being the experiment's")
    private Path out;

    @Option(names = "--jobs", paramLabel = "N", description = "runs at a time; default: the number of cores. Results do not depend on it")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(names = "--fresh", description = "run again what DIR holds already; the earlier results are kept as results.jsonl.1 and so on")
    private boolean fresh;

    @Option(names = "--recorded", paramLabel = "FILE",
            description = "results.jsonl or .jsonl.gz that the executor 'recorded' plays back; default: recorded/NAME.jsonl.gz beside the experiment")
    private Path recorded;

    /** Reads the experiment with the settings applied. */
    ExperimentFile read(Console console) {
        return new ExperimentReader(console.library(), settings.stream().map(Setting::parse).toList(),
                seed == null ? OptionalLong.empty() : OptionalLong.of(seed)).read(file);
    }

    /** The calibration given on the command line. */
    Optional<Path> calibration() {
        return Optional.ofNullable(calibration);
    }

    /** The recording given on the command line. */
    Optional<Path> recorded() {
        return Optional.ofNullable(recorded);
    }

    /** Where the results of this experiment go. */
    Path out(String experiment) {
        return out == null ? Path.of("out", experiment) : out;
    }

    boolean fresh() {
        return fresh;
    }

    int jobs() {
        if (jobs < 1) {
            throw BadInputException.of("--jobs", "'" + jobs + "' is not a whole number of at least 1");
        }
        return jobs;
    }
}
