package sandglass.workload.trace;

import java.util.Locale;

/**
 * A deviation that published or privately re-cut traces have and that is repaired or tolerated, counted and reported.
 */
public enum Quirk {
    BYTE_ORDER_MARK("byte order mark at the start of a file: skipped"),
    CARRIAGE_RETURN("lines end in CR LF"),
    BLANK_LINE("blank line: skipped"),
    QUOTED_FIELD("row with quoted fields: quotes removed"),
    UNKNOWN_COLUMN("column without a meaning here: ignored"),
    COLUMN_ORDER("columns in another order than published: found by name"),
    MINUTE_PREFIX("minute columns named minute_N: read as N"),
    NO_TRIGGER("no Trigger column: triggers unknown"),
    PARTIAL_DAY("minute columns do not cover the day 1..1440"),
    MISSING_MINUTE("minute without a column between others: read as no invocation"),
    ROW_ORDER("row in another place than its function's row among the invocations: joined by key"),
    DUPLICATE_FUNCTION("second row of a function among the invocations: first kept"),
    DUPLICATE_DURATION("second row of a function among the durations: first kept"),
    DUPLICATE_MEMORY("second row of an app or function in the memory file: first kept"),
    NO_DURATION("function without a durations row"),
    NO_MEMORY("function without a memory row"),
    UNKNOWN_DURATION("durations row of a function that the invocations lack: ignored"),
    UNKNOWN_MEMORY("memory row of an app or function that the invocations lack: ignored"),
    EMPTY_VALUE("empty number: read as if it, or its row, were missing"),
    ZERO_AVERAGE("average duration of zero: kept"),
    NEGATIVE_AVERAGE("negative average duration: read as zero"),
    NEGATIVE_MINIMUM("negative minimum duration: read as zero"),
    NEGATIVE_PERCENTILE("negative percentile: read as zero"),
    NEGATIVE_MEMORY("negative memory: read as zero"),
    FALLING_PERCENTILE("percentile below its predecessor: raised to it"),
    FRACTIONAL_COUNT("number of invocations with a fraction: rounded to the nearest"),
    COUNT_DIFFERS("Count of the durations row differs from the sum of the minutes: minutes kept"),
    MEMORY_PER_FUNCTION("memory file is per function, not per app: taken as it stands"),
    MEMORY_OF_OTHER_DAY("the day has no memory file: the nearest day's was taken"),
    NO_MEMORY_FILE("no memory file: the scenario's function says how much, or none is needed beyond the stack's"),
    NO_DURATION_FILE("no durations: the work of the scenario's function says how long it takes"),
    IDLE_FUNCTION("function without any invocation"),
    NO_DATA("empty cell: read as no invocation"),
    UNSORTED("row earlier than its predecessor: sorted"),
    START_BEFORE_ZERO("start before the trace's first instant: moved to it"),
    TIME_RESTARTS("time column restarts with the day: days added");

    private final String meaning;

    Quirk(String meaning) {
        this.meaning = meaning;
    }

    /** Its name in reports, for example {@code zero-average}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What was found and what is done with it. */
    public String meaning() {
        return meaning;
    }
}
