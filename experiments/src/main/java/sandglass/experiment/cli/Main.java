package sandglass.experiment.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sandglass.sim.Version;

/** The command {@code sandglass}. */
@Command(name = "sandglass", mixinStandardHelpOptions = true, versionProvider = Main.VersionText.class,
        description = "What would these serverless functions cost on a container, a virtual machine, or a unikernel?",
        footer = {"", "Results go to stdout, messages to stderr. Exit codes:",
            "  0  done    1  the answer is no    2  bad input    3  this host lacks something",
            "Ctrl-C leaves finished results on disk; the same command again goes on from there."})
public final class Main implements Runnable {

    @Spec private CommandSpec spec;

    /** What {@code --version} prints. */
    static final class VersionText implements CommandLine.IVersionProvider {
        @Override public String[] getVersion() {
            return new String[] {"sandglass " + Version.read() + ", Java " + Runtime.version().feature()};
        }
    }

    @Override public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(execute(Console.ofProcess(), args));
    }

    /** Runs a command; gives its exit code. */
    static int execute(Console console, String... args) {
        CommandLine line = new CommandLine(new Main());
        for (Object command : List.of(new RunCommand(console), new ValidateCommand(console), new CompareCommand(console),
                new CalibrateCommand(console), new InvokeCommand(console), new DensityCommand(console), new SoakCommand(console),
                new TraceCommand(console), new DoctorCommand(console),
                new BenchCommand(console), new FiguresCommand(console), new CommandLine.HelpCommand())) {
            line.addSubcommand(command);
        }
        Failures failures = new Failures(console.err());
        return line.setOut(new java.io.PrintWriter(console.out(), true)).setErr(new java.io.PrintWriter(console.err(), true))
                .setExecutionExceptionHandler(failures).setParameterExceptionHandler(failures).setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true).execute(args);
    }
}
