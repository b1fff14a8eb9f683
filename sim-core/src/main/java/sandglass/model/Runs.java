package sandglass.model;

import java.util.Arrays;

/** A number for each page of a region, kept as runs of equal numbers: few, since pages are handled in stretches. */
final class Runs {

    private int[] ends;
    private int[] values;
    private int count;

    /** All {@code length} pages have the number {@code value}. */
    Runs(int length, int value) {
        ends = new int[] {length, 0, 0, 0};
        values = new int[] {value, 0, 0, 0};
        count = 1;
    }

    /** Where the run that {@code page} lies in ends (exclusive). */
    int end(int page) {
        return ends[find(page)];
    }

    int value(int page) {
        return values[find(page)];
    }

    /** Gives the pages {@code from} to {@code to} this number. */
    void set(int from, int to, int value) {
        if (from >= to) {
            return;
        }
        int first = find(from);
        int last = find(to - 1);
        int start = first == 0 ? 0 : ends[first - 1];
        int[] oldEnds = Arrays.copyOf(ends, count);
        int[] oldValues = Arrays.copyOf(values, count);
        count = 0;
        for (int i = 0; i < first; i++) {
            append(oldEnds[i], oldValues[i]);
        }
        if (start < from) {
            append(from, oldValues[first]);
        }
        append(to, value);
        for (int i = last; i < oldEnds.length; i++) {
            if (oldEnds[i] > to) {
                append(oldEnds[i], oldValues[i]);
            }
        }
    }

    private void append(int end, int value) {
        if (count > 0 && values[count - 1] == value) {
            ends[count - 1] = end;
            return;
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
            values = Arrays.copyOf(values, 2 * count);
        }
        ends[count] = end;
        values[count++] = value;
    }

    private int find(int page) {
        int i = 0;
        while (ends[i] <= page) {
            i++;
        }
        return i;
    }
}
