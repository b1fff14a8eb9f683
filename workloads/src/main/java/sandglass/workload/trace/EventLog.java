package sandglass.workload.trace;

import java.util.Arrays;

/**
 * Single invocations in order of time, ties in the order of the file: 20 bytes each, since such traces are not sorted
 * and have to be held to sort them. Immutable once built.
 */
public final class EventLog {

    private static final int RADIX_BITS = 11;

    private final long[] startsNs;
    private final int[] rows;
    private final long[] durationsNs;

    private EventLog(long[] startsNs, int[] rows, long[] durationsNs) {
        this.startsNs = startsNs;
        this.rows = rows;
        this.durationsNs = durationsNs;
    }

    /** How many events there are. */
    public int size() {
        return startsNs.length;
    }

    /** When the event happened, in ns since the trace's first instant. */
    public long startNs(int event) {
        return startsNs[event];
    }

    /** Index of its function. */
    public int row(int event) {
        return rows[event];
    }

    /** How long it took in ns, or -1 where the trace does not say. */
    public long durationNs(int event) {
        return durationsNs[event];
    }

    /** The first event at or after a time. */
    public int firstAtOrAfter(long ns) {
        int low = 0;
        int high = startsNs.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (startsNs[middle] < ns) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Takes events in the order of the file. */
    static final class Builder {

        private long[] startsNs = new long[1024];
        private int[] rows = new int[1024];
        private long[] durationsNs = new long[1024];
        private int size;
        private long unsorted;

        void add(long startNs, int row, long durationNs) {
            if (size == rows.length) {
                startsNs = Arrays.copyOf(startsNs, 2 * size);
                rows = Arrays.copyOf(rows, 2 * size);
                durationsNs = Arrays.copyOf(durationsNs, 2 * size);
            }
            startsNs[size] = startNs;
            rows[size] = row;
            durationsNs[size] = durationNs;
            if (size > 0 && startNs < startsNs[size - 1]) {
                unsorted++;
            }
            size++;
        }

        int size() {
            return size;
        }

        /** How many events came before their predecessor in the file. */
        long unsorted() {
            return unsorted;
        }

        EventLog build() {
            int[] order = order();
            long[] starts = new long[size];
            int[] sortedRows = new int[size];
            long[] durations = new long[size];
            for (int i = 0; i < size; i++) {
                starts[i] = startsNs[order[i]];
                sortedRows[i] = rows[order[i]];
                durations[i] = durationsNs[order[i]];
            }
            return new EventLog(starts, sortedRows, durations);
        }

        /** Positions in order of start, equal starts in file order: a radix sort is stable and boxes nothing. */
        private int[] order() {
            int[] order = new int[size];
            Arrays.setAll(order, i -> i);
            if (unsorted == 0) {
                return order;
            }
            long largest = Arrays.stream(startsNs, 0, size).max().orElse(0);
            int[] target = new int[size];
            for (int shift = 0; shift < Long.SIZE && largest >>> shift != 0; shift += RADIX_BITS) {
                int[] slots = new int[(1 << RADIX_BITS) + 1];
                for (int i = 0; i < size; i++) {
                    slots[digit(i, shift) + 1]++;
                }
                for (int d = 0; d < 1 << RADIX_BITS; d++) {
                    slots[d + 1] += slots[d];
                }
                for (int position : order) {
                    target[slots[digit(position, shift)]++] = position;
                }
                int[] free = order;
                order = target;
                target = free;
            }
            return order;
        }

        private int digit(int position, int shift) {
            return (int) (startsNs[position] >>> shift) & (1 << RADIX_BITS) - 1;
        }
    }
}
