package sandglass.experiment.cli;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import sandglass.calibration.MissingCostException;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.sweep.Failure;
import sandglass.plot.FigureException;
import sandglass.kvm.stack.SandboxFailedException;
import sandglass.run.UnsupportedHereException;
import sandglass.unit.QuantityException;
import sandglass.workload.trace.TraceException;

/** Turns what went wrong into a message and an exit code. */
final class Failures implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {

    private static final int MOST_LINES = 20;

    private final PrintStream err;

    Failures(PrintStream err) {
        this.err = err;
    }

    @Override public int handleExecutionException(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        return failure instanceof SweepFailedException sweep ? sweep(sweep) : report(failure, "");
    }

    @Override public int handleParseException(CommandLine.ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        err.println("sandglass: " + failure.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.BAD_INPUT;
    }

    private int sweep(SweepFailedException failed) {
        Map<String, Failure> distinct = new LinkedHashMap<>();
        failed.failures().forEach(failure -> distinct.putIfAbsent(failure.cause().toString(), failure));
        int code = ExitCode.DONE;
        for (Failure failure : distinct.values()) {
            code = Math.max(code, report(failure.cause(), "scenario " + failure.scenarioId() + ", replication " + failure.replication()
                    + ", seed " + failure.seed() + ": "));
        }
        err.println("sandglass: " + failed.failures().size() + " runs failed; the others are stored, and the same command tries again");
        return code;
    }

    private int report(Exception failure, String context) {
        if (isBadInput(failure)) {
            lines(context, failure.getMessage());
            return ExitCode.BAD_INPUT;
        }
        if (failure instanceof UnsupportedHereException lacking) {
            lines(context, lacking.getMessage());
            err.println("sandglass: " + lacking.remedy());
            return ExitCode.LACKING;
        }
        if (failure instanceof SandboxFailedException failed) {
            lines(context, failed.getMessage());
            err.println("sandglass: 'sandglass doctor' says what this host lacks; more memory for the sandbox may help, too");
            return ExitCode.LACKING;
        }
        err.println("sandglass: " + context + "this is a mistake in Sandglass: " + failure);
        failure.printStackTrace(err);
        return ExitCode.INTERNAL;
    }

    private static boolean isBadInput(Exception failure) {
        return failure instanceof BadInputException || failure instanceof TraceException || failure instanceof MissingCostException
                || failure instanceof FigureException || failure instanceof QuantityException;
    }

    private void lines(String context, String message) {
        List<String> lines = message.lines().toList();
        lines.stream().limit(MOST_LINES).forEach(line -> err.println("sandglass: " + context + line));
        if (lines.size() > MOST_LINES) {
            err.println("sandglass: and " + (lines.size() - MOST_LINES) + " more like these");
        }
    }
}
