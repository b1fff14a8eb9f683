package sandglass.experiment.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sandglass.run.UnsupportedHereException;

/** {@code sandglass invoke}. */
@Command(name = "invoke", mixinStandardHelpOptions = true,
        description = "Run one Python function for real on a stack, and print its result and ledger.")
final class InvokeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FUNCTION.py", description = "a file with def handler(event, etl)")
    private Path function;

    @Option(names = "--stack", paramLabel = "STACK", defaultValue = "usetl", description = "usetl, container, vm or process; default: usetl")
    private String stack;

    @Option(names = "--event", paramLabel = "JSON", defaultValue = "{}", description = "the handler's first argument")
    private String event;

    @Option(names = "--repeat", paramLabel = "N", defaultValue = "1", description = "how often")
    private int repeat;

    @Option(names = "--json", description = "print JSON instead of text")
    private boolean json;

    @Override public Integer call() throws UnsupportedHereException {
        throw new UnsupportedHereException("this version of Sandglass cannot run functions for real: not " + function + " on " + stack,
                "simulate it: write its work into an experiment and use 'sandglass run'");
    }
}
