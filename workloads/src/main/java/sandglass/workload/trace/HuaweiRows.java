package sandglass.workload.trace;

import java.util.ArrayList;
import java.util.List;

/**
 * The wide tables of the Huawei 2023 traces: {@code day,time} and one column a function, named by its number; a row a
 * minute (or a second, which is counted into its minute). Time is seconds since the start of the trace; where it
 * restarts with every day, the day is added.
 */
final class HuaweiRows {

    private static final int DAY_SECONDS = 86_400;
    private static final double MOST_SECONDS = 1e9;

    private final CsvTable table;
    private final ProblemLog problems;
    private final Quirks quirks;
    private final int day;
    private final int time;
    private final List<String> functions = new ArrayList<>();
    private final List<Integer> columns = new ArrayList<>();
    private int minute = -1;

    HuaweiRows(CsvTable table, ProblemLog problems, Quirks quirks) {
        this.table = table;
        this.problems = problems;
        this.quirks = quirks;
        this.day = table.find("day");
        this.time = table.require("time");
        for (int i = 0; i < table.header().size(); i++) {
            String name = table.header().get(i);
            if (name.matches("\\d+")) {
                functions.add(name);
                columns.add(i);
            } else if (i != day && i != time) {
                quirks.met(Quirk.UNKNOWN_COLUMN, 1, table.file(), 1, name);
            }
        }
        if (functions.isEmpty()) {
            problems.add(table.file(), 1, "", "no column of a function", "columns named 0, 1, …");
        }
    }

    /** Names of the functions, in the order of the columns. */
    List<String> functions() {
        return functions;
    }

    int column(int function) {
        return columns.get(function);
    }

    /** Whether the function's cell is empty, which is counted. */
    boolean isEmpty(int function) {
        boolean empty = table.isEmpty(columns.get(function));
        if (empty) {
            quirks.met(Quirk.NO_DATA, table.file(), table.line());
        }
        return empty;
    }

    /** Moves to the next row whose minute is not before its predecessor's; others are problems. */
    boolean next() {
        while (table.next()) {
            double seconds = table.nonNegative(time, MOST_SECONDS, "a number of seconds since the start of the trace");
            double days = day < 0 || table.isEmpty(day) ? 0
                    : table.nonNegative(day, MOST_SECONDS / DAY_SECONDS, "the number of a day");
            if (days > 0 && seconds < DAY_SECONDS) {
                quirks.met(Quirk.TIME_RESTARTS, table.file(), table.line());
                seconds += days * DAY_SECONDS;
            }
            int now = (int) (seconds / 60);
            if (minute < 0 || now >= minute && now - minute <= MinuteCounts.MOST_MINUTES) {
                minute = now;
                return true;
            }
            problems.add(table.file(), table.line(), "time", "'" + table.text(time) + "'",
                    "times that rise, and not by years");
        }
        return false;
    }

    /** Minute of the current row since the start of the trace. */
    int minute() {
        return minute;
    }
}
