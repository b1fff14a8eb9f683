package sandglass.workload.trace;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a pattern: one count a minute, of one function. Either a single column, a row a minute, or two columns of which
 * the first is {@code timestamp} ({@code 2025-01-01 00:00:00}).
 */
final class PerMinuteReader {

    private final ProblemLog problems = new ProblemLog();
    private final Quirks quirks = new Quirks();

    private PerMinuteReader() {}

    /** @see TraceReader#read */
    static RecordedTrace read(Path path, int day) {
        Path file = DayFiles.choose(path, day);
        try {
            return new PerMinuteReader().read(file);
        } catch (IOException e) {
            throw ProblemLog.fatal(file, "a file that cannot be read (" + e + ")", "a readable file");
        }
    }

    private RecordedTrace read(Path file) throws IOException {
        MinuteCounts.Builder counts = new MinuteCounts.Builder(0);
        String name = file.getFileName().toString().replaceFirst("\\.(csv|txt)(\\.gz)?$", "");
        int minutes = 0;
        try (CsvTable table = new CsvTable(file, problems, quirks)) {
            int timestamp = table.find("timestamp");
            if (table.header().size() != (timestamp < 0 ? 1 : 2)) {
                problems.add(file, 1, "", "columns " + table.header(),
                        "one column of counts, or timestamp and a column of counts");
                problems.throwIfAny();
            }
            int count = timestamp == 0 ? 1 : 0;
            LocalDateTime first = null;
            while (table.next()) {
                int minute = minutes;
                int arrivals = table.count(count);
                if (timestamp >= 0) {
                    LocalDateTime time = time(table, timestamp);
                    if (time == null) {
                        continue;
                    }
                    first = first == null ? time : first;
                    minute = (int) Duration.between(first, time).toMinutes();
                    if (minute < minutes || minute > MinuteCounts.MOST_MINUTES) {
                        table.problem(timestamp, "a minute after the row before, and not years after the first");
                        continue;
                    }
                    quirks.met(Quirk.MISSING_MINUTE, minute - minutes, file, table.line(), "");
                }
                counts.reach(minute);
                counts.add(0, minute, arrivals);
                minutes = minute + 1;
            }
        }
        problems.throwIfAny();
        quirks.met(Quirk.NO_DURATION_FILE, file, 0);
        quirks.met(Quirk.NO_MEMORY_FILE, file, 0);
        TracedFunction function = new TracedFunction("", name, name, "", Optional.empty(), OptionalLong.empty());
        return new RecordedTrace.Minutes(new TraceFacts(List.of(file), List.of(function), 0, minutes, false, false,
                Map.of(), quirks.list()),
                counts.build());
    }

    private static LocalDateTime time(CsvTable table, int column) {
        try {
            return LocalDateTime.parse(table.text(column).replace(' ', 'T'));
        } catch (DateTimeParseException e) {
            table.problem(column, "a time such as 2025-01-01 00:00:00");
            return null;
        }
    }
}
