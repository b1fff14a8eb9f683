package sandglass.workload.trace;

import java.util.Arrays;

/**
 * Invocations per minute and function, without the zeros: for each minute a byte string of (distance to the next row,
 * count) pairs as variable-length numbers, two to three bytes a pair. Rows are the functions' indices. Immutable once
 * built, so any number of replays may read one.
 */
public final class MinuteCounts {

    /** Nanoseconds in a minute. */
    public static final long MINUTE_NS = 60_000_000_000L;

    /** Longest trace, about two years. */
    static final int MOST_MINUTES = 1_000_000;

    private final byte[][] minutes;
    private final long[] totals;

    private MinuteCounts(byte[][] minutes, long[] totals) {
        this.minutes = minutes;
        this.totals = totals;
    }

    /** How many minutes there are. */
    public int minutes() {
        return minutes.length;
    }

    /** Invocations in one minute, counted from 0. */
    public long total(int minute) {
        return totals[minute];
    }

    /** All invocations. */
    public long total() {
        return Arrays.stream(totals).sum();
    }

    /** Bytes held, for reports. */
    public long sizeBytes() {
        return Arrays.stream(minutes).mapToLong(m -> m.length).sum();
    }

    /** A reader that stands before the first pair of minute 0. */
    public Cursor cursor() {
        return new Cursor();
    }

    /** Reads the pairs of one minute after the other, rows rising; belongs to one thread. */
    public final class Cursor {

        private byte[] bytes = new byte[0];
        private int at;
        private int row;
        private int count;

        private Cursor() {}

        /** Goes before the first pair of this minute, counted from 0. */
        public void minute(int minute) {
            bytes = minutes[minute];
            at = 0;
            row = -1;
            count = 0;
        }

        /** Moves to the next pair; false when the minute has no more. */
        public boolean next() {
            if (at == bytes.length) {
                return false;
            }
            row += number();
            count = number();
            return true;
        }

        /** The function's row. */
        public int row() {
            return row;
        }

        /** Its invocations in this minute, above zero. */
        public int count() {
            return count;
        }

        private int number() {
            int value = 0;
            int shift = 0;
            byte b;
            do {
                b = bytes[at++];
                value |= (b & 0x7f) << shift;
                shift += 7;
            } while (b < 0);
            return value;
        }
    }

    /** Takes the rows of each minute in rising order; minutes may come in any order. */
    static final class Builder {

        private static final int FIRST_BYTES = 64;

        private byte[][] minutes;
        private int[] lengths;
        private int[] lastRows;
        private long[] totals;
        private int used;

        /** For so many minutes, or more if any is added. */
        Builder(int minutes) {
            this.used = minutes;
            this.minutes = new byte[minutes][FIRST_BYTES];
            this.lengths = new int[minutes];
            this.lastRows = new int[minutes];
            this.totals = new long[minutes];
            Arrays.fill(lastRows, -1);
        }

        /** Makes room for this minute. */
        void reach(int minute) {
            if (minute >= minutes.length) {
                int old = minutes.length;
                int size = Math.max(minute + 1, 2 * old);
                minutes = Arrays.copyOf(minutes, size);
                lengths = Arrays.copyOf(lengths, size);
                lastRows = Arrays.copyOf(lastRows, size);
                totals = Arrays.copyOf(totals, size);
                for (int m = old; m < size; m++) {
                    minutes[m] = new byte[FIRST_BYTES];
                }
                Arrays.fill(lastRows, old, size, -1);
            }
            used = Math.max(used, minute + 1);
        }

        /** Adds {@code count >= 0} invocations of a row that is above all rows this minute has. */
        void add(int row, int minute, int count) {
            if (count == 0) {
                return;
            }
            reach(minute);
            number(minute, row - lastRows[minute]);
            number(minute, count);
            lastRows[minute] = row;
            totals[minute] += count;
        }

        private void number(int minute, int value) {
            if (lengths[minute] + 5 > minutes[minute].length) {
                minutes[minute] = Arrays.copyOf(minutes[minute], 2 * minutes[minute].length);
            }
            byte[] bytes = minutes[minute];
            int rest = value;
            while (rest > 0x7f) {
                bytes[lengths[minute]++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            bytes[lengths[minute]++] = (byte) rest;
        }

        MinuteCounts build() {
            byte[][] exact = new byte[used][];
            for (int m = 0; m < exact.length; m++) {
                exact[m] = Arrays.copyOf(minutes[m], lengths[m]);
            }
            return new MinuteCounts(exact, Arrays.copyOf(totals, used));
        }
    }
}
