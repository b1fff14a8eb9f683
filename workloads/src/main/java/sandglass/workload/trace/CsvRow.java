package sandglass.workload.trace;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.RecordType;
import java.util.Arrays;

/**
 * The current row of a CSV file, kept as characters: a day of the Azure trace has 66 million fields, too many to make
 * strings of. One instance serves all rows.
 */
final class CsvRow extends AbstractBaseCsvCallbackHandler<CsvRow> {

    private static final int MOST_DIGITS = 9;

    private char[] text = new char[1 << 14];
    private int[] ends = new int[1 << 11];
    private int fields;
    private boolean quoted;
    private long blankLines;
    private long firstBlankLine;
    private RecordType type = RecordType.DATA;

    @Override
    protected void handleBegin(long startingLineNumber) {
        fields = 0;
        quoted = false;
        type = RecordType.DATA;
    }

    @Override
    protected void handleField(int fieldIdx, char[] buf, int offset, int len, boolean wasQuoted) {
        int from = fields == 0 ? 0 : ends[fields - 1];
        if (from + len > text.length) {
            text = Arrays.copyOf(text, Math.max(2 * text.length, from + len));
        }
        if (fields == ends.length) {
            ends = Arrays.copyOf(ends, 2 * ends.length);
        }
        for (int i = 0; i < len; i++) {
            text[from + i] = buf[offset + i];
        }
        ends[fields++] = from + len;
        quoted |= wasQuoted;
    }

    @Override
    protected void handleEmpty() {
        if (blankLines++ == 0) {
            firstBlankLine = line();
        }
        type = RecordType.EMPTY;
    }

    @Override
    protected RecordType getRecordType() {
        return type;
    }

    @Override
    protected CsvRow buildRecord() {
        return this;
    }

    /** 1-based line at which the row starts. */
    long line() {
        return getStartingLineNumber();
    }

    int fields() {
        return fields;
    }

    boolean quoted() {
        return quoted;
    }

    /** Blank lines skipped so far, and the line of the first. */
    long blankLines() {
        return blankLines;
    }

    long firstBlankLine() {
        return firstBlankLine;
    }

    /** The field without surrounding white space. */
    String text(int field) {
        int from = from(field);
        return new String(text, from, ends[field] - from).strip();
    }

    boolean isEmpty(int field) {
        return from(field) == ends[field] || text(field).isEmpty();
    }

    /** The field as a whole number of at most nine digits, or -1 if it is not written as one. */
    int digits(int field) {
        int from = from(field);
        int to = ends[field];
        if (from == to || to - from > MOST_DIGITS) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private int from(int field) {
        return field == 0 ? 0 : ends[field - 1];
    }
}
