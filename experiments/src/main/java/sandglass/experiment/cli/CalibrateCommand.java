package sandglass.experiment.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sandglass.run.UnsupportedHereException;

/** {@code sandglass calibrate}. */
@Command(name = "calibrate", mixinStandardHelpOptions = true, description = "Measure on this host what everything costs, and write a calibration.")
final class CalibrateCommand implements Callable<Integer> {

    @Option(names = "--out", required = true, paramLabel = "FILE.json", description = "the calibration to write")
    private Path out;

    @Option(names = "--stacks", split = ",", paramLabel = "STACK", description = "stacks to measure; default: all that this host can run")
    private List<String> stacks = List.of();

    @Override public Integer call() throws UnsupportedHereException {
        throw new UnsupportedHereException("this version of Sandglass has no probe: it cannot measure "
                + (stacks.isEmpty() ? "any stack" : String.join(", ", stacks)) + " and has not written " + out,
                "use the shipped experiments/calibrations/published.json, or a calibration measured elsewhere, with --calibration");
    }
}
