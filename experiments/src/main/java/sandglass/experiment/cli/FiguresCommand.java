package sandglass.experiment.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.read.ExperimentFile;
import sandglass.experiment.read.ExperimentReader;
import sandglass.experiment.store.ResultStore;
import sandglass.plot.Figure;
import sandglass.run.UnsupportedHereException;

/** {@code sandglass figures}. */
@Command(name = "figures", mixinStandardHelpOptions = true, description = "Draw the README's figures again, from the shipped experiments.")
final class FiguresCommand implements Callable<Integer> {

    /** An experiment, which of its figures, and the README's name for it. */
    private record Shown(String experiment, int figure, String name) {}

    private static final List<Shown> README = List.of(new Shown("figure-6.yaml", 0, "waiting"), new Shown("memory.yaml", 0, "memory"));

    @Option(names = "--out", paramLabel = "DIR", description = "where the figures go; default: plots/readme of this installation")
    private Path out;

    private final Console console;

    FiguresCommand(Console console) {
        this.console = console;
    }

    @Override public Integer call() throws UnsupportedHereException {
        Path home = console.home().orElseThrow(() -> BadInputException.of("sandglass.home", "not set; start Sandglass with its launcher"));
        Path target = out == null ? home.resolve("plots/readme") : out;
        ResultStore.requireWritable(target);
        for (Shown shown : README) {
            Path file = home.resolve("experiments").resolve(shown.experiment());
            ExperimentFile.Experiment experiment = (ExperimentFile.Experiment)
                    new ExperimentReader(console.library(), List.of(), OptionalLong.empty()).read(file);
            Executors.Chosen chosen = new Executors(new ExperimentOptions()).choose(ExecutorChoice.SIM, experiment);
            try (Runner runner = new Runner(console, Runtime.getRuntime().availableProcessors(), true)) {
                Runner.Done done = runner.run(experiment, chosen, Path.of("out", "readme", experiment.name())).done();
                copy(done.figures().get(shown.figure()), target, shown.name());
            }
        }
        return ExitCode.DONE;
    }

    private void copy(Figure figure, Path target, String name) {
        try {
            Files.createDirectories(target);
            for (Path file : List.of(figure.svg(), figure.png(), figure.csv())) {
                String ending = file.toString().substring(file.toString().lastIndexOf('.'));
                console.out().println(Files.copy(file, target.resolve(name + ending), StandardCopyOption.REPLACE_EXISTING));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write figures to " + target, e);
        }
    }
}
