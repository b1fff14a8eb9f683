package sandglass.experiment.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sandglass.experiment.read.Library;

/**
 * The surroundings of a command.
 *
 * @param out for results
 * @param err for messages
 * @param live whether somebody watches {@code err}: then long work shows a progress bar
 * @param home where Sandglass is installed, for the files that come with it; empty if unknown
 */
record Console(PrintStream out, PrintStream err, boolean live, Optional<Path> home) {

    /** The process's own: the launcher says whether stderr is a terminal and where Sandglass is installed. */
    static Console ofProcess() {
        return new Console(System.out, System.err, Boolean.getBoolean("sandglass.terminal"),
                Optional.ofNullable(System.getProperty("sandglass.home")).map(Path::of));
    }

    /** The stacks, functions and calibrations that come with Sandglass. */
    Library library() {
        return new Library(home.map(path -> List.of(path.resolve("experiments"))).orElse(List.of()));
    }

    /** Shows how far a sweep is, if somebody watches; close it at the end. */
    ConsoleProgress progress(String task) {
        return new ConsoleProgress(live ? Optional.of(err) : Optional.empty(), task);
    }

    /** Shows how far counted work is, if somebody watches; close it at the end. */
    CountProgress count(String task, long goal) {
        return new CountProgress(live ? Optional.of(err) : Optional.empty(), task, goal);
    }
}
