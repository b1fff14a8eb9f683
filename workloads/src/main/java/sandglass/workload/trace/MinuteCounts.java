package sandglass.workload.trace;

import java.util.Arrays;

/**
 * Invocations per minute and function, without the zeros: for each minute a byte string of (distance to the next row,
 * count) pairs as variable-length numbers, two to three bytes a pair. Rows are the functions' indices. Immutable once
 * built, so any number of replays may read one.
 */
public final class MinuteCounts {

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

    /** Takes rows in rising order. */
    static final class Builder {

        private final byte[][] minutes;
        private final int[] lengths;
        private final int[] lastRows;
        private final long[] totals;

        Builder(int minutes) {
            this.minutes = new byte[minutes][64];
            this.lengths = new int[minutes];
            this.lastRows = new int[minutes];
            this.totals = new long[minutes];
            Arrays.fill(lastRows, -1);
        }

        /** Adds {@code count >= 0} invocations of a row that is above all rows this minute has. */
        void add(int row, int minute, int count) {
            if (count == 0) {
                return;
            }
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
            byte[][] exact = new byte[minutes.length][];
            for (int m = 0; m < exact.length; m++) {
                exact[m] = Arrays.copyOf(minutes[m], lengths[m]);
            }
            return new MinuteCounts(exact, totals.clone());
        }
    }
}
