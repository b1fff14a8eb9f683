package sandglass.workload.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Chooses a file where a trace is one file, or one a day. */
final class DayFiles {

    private static final Pattern TABLE = Pattern.compile(".*\\.(csv|txt)(\\.gz)?");

    private DayFiles() {}

    /** The tables of a directory, by name. */
    static List<Path> all(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(file -> TABLE.matcher(file.getFileName().toString()).matches())
                    .filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw ProblemLog.fatal(directory, "an unreadable directory (" + e.getMessage() + ")", "a readable one");
        }
    }

    /** Numbers of the days of a directory, from 1; none for a file. */
    static List<Integer> days(Path path) {
        return Files.isDirectory(path) ? IntStream.rangeClosed(1, all(path).size()).boxed().toList() : List.of();
    }

    /**
     * The file itself, or the file of a directory that {@code day} denotes: the day-th by name, or with 0 the only one.
     *
     * @throws TraceException if it is not there or the choice is open
     */
    static Path choose(Path path, int day) {
        if (Files.isRegularFile(path)) {
            if (day > 1) {
                throw ProblemLog.fatal(path, "a single file", "a directory with a file a day, since day " + day
                        + " is asked for");
            }
            return path;
        }
        if (!Files.isDirectory(path)) {
            throw ProblemLog.fatal(path, "no such file or directory", "a .csv file or a directory of them");
        }
        List<Path> files = all(path);
        if (files.isEmpty() || day > files.size() || day == 0 && files.size() > 1) {
            throw ProblemLog.fatal(path, files.size() + " .csv files", day > 0
                    ? "at least " + day + " of them, since day " + day + " is asked for"
                    : "one .csv file, or a day (trace.day, counted from 1) to choose among them");
        }
        return files.get(Math.max(0, day - 1));
    }
}
