package sandglass.workload.trace;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The columns of an invocations file that are minutes: {@code N} or {@code minute_N}, N being the minute of the day,
 * from 1 as published. Re-cut traces keep the number and start at another.
 *
 * @param columns indices of the columns, in the order of the minutes
 * @param minutes the minute of each, counted from the first
 * @param first number of the first minute
 * @param length minutes from the first to the last, both included
 */
record MinuteColumns(int[] columns, int[] minutes, int first, int length) {

    static final int DAY = 1440;

    private static final Pattern NAME = Pattern.compile("(minute_)?(\\d{1,6})");

    /** The minute columns of this table; none is a problem. */
    static MinuteColumns of(CsvTable table, Set<String> others, ProblemLog problems, Quirks quirks) {
        Map<Integer, Integer> byMinute = new TreeMap<>();
        Path file = table.file();
        List<String> header = table.header();
        boolean prefixed = false;
        for (int i = 0; i < header.size(); i++) {
            Matcher match = NAME.matcher(header.get(i));
            if (match.matches()) {
                prefixed |= match.group(1) != null;
                if (byMinute.putIfAbsent(Integer.valueOf(match.group(2)), i) != null) {
                    problems.add(file, 1, header.get(i), "the minute a second time", "each minute once");
                }
            } else if (!others.contains(header.get(i))) {
                quirks.met(Quirk.UNKNOWN_COLUMN, 1, file, 1, header.get(i));
            }
        }
        if (byMinute.isEmpty()) {
            problems.add(file, 1, "", "no column of a minute", "columns named 1, 2, … or minute_1, minute_2, …");
            return new MinuteColumns(new int[0], new int[0], 0, 0);
        }
        int[] numbers = byMinute.keySet().stream().mapToInt(Integer::intValue).toArray();
        int first = numbers[0];
        int length = numbers[numbers.length - 1] - first + 1;
        quirks.met(Quirk.MINUTE_PREFIX, prefixed ? 1 : 0, file, 1, "");
        quirks.met(Quirk.MISSING_MINUTE, length - numbers.length, file, 1, "");
        quirks.met(Quirk.PARTIAL_DAY, first == 1 && length == DAY ? 0 : 1, file, 1, first + ".."
                + (first + length - 1));
        int[] columns = byMinute.values().stream().mapToInt(Integer::intValue).toArray();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] -= first;
        }
        return new MinuteColumns(columns, numbers, first, length);
    }
}
