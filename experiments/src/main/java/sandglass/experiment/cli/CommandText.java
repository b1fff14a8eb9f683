package sandglass.experiment.cli;

import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** The command line as a user would type it again. */
final class CommandText {

    private CommandText() {}

    static String of(CommandSpec spec) {
        return "./" + spec.root().name() + " " + spec.root().commandLine().getParseResult().originalArgs().stream()
                .map(CommandText::quoted).collect(Collectors.joining(" "));
    }

    /** An argument as the shell needs it. */
    static String quoted(String argument) {
        return argument.matches("[A-Za-z0-9_./=:,+%@-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }
}
