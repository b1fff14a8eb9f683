package sandglass.workload.trace;

import java.util.Arrays;

/**
 * First two moments of each function's gaps between arrivals. Where a trace only counts per minute, arrivals are taken
 * to be equidistant inside the minute, so that n of them have n - 1 gaps of 60 s/n: no arrival has to be made.
 */
final class GapMoments {

    private static final int FEWEST_GAPS = 2;
    /** Squared variation below which equal gaps differ only by rounding. */
    private static final double ROUNDING = 1e-12;

    private final double[] sums;
    private final double[] squares;
    private final long[] gaps;

    private GapMoments(int functions) {
        sums = new double[functions];
        squares = new double[functions];
        gaps = new long[functions];
    }

    static GapMoments of(RecordedTrace trace) {
        GapMoments moments = new GapMoments(trace.facts().functions().size());
        if (trace instanceof RecordedTrace.Minutes minutes) {
            moments.addMinutes(minutes.counts());
        } else if (trace instanceof RecordedTrace.Events events) {
            moments.addEvents(events.events());
        }
        return moments;
    }

    private void addMinutes(MinuteCounts counts) {
        double[] lastArrivals = new double[sums.length];
        Arrays.fill(lastArrivals, Double.NaN);
        MinuteCounts.Cursor cursor = counts.cursor();
        for (int minute = 0; minute < counts.minutes(); minute++) {
            cursor.minute(minute);
            while (cursor.next()) {
                int row = cursor.row();
                double gap = 1.0 / cursor.count();
                if (!Double.isNaN(lastArrivals[row])) {
                    add(row, minute - lastArrivals[row], 1);
                }
                add(row, gap, cursor.count() - 1);
                lastArrivals[row] = minute + 1 - gap;
            }
        }
    }

    private void addEvents(EventLog events) {
        double[] lastArrivals = new double[sums.length];
        Arrays.fill(lastArrivals, Double.NaN);
        for (int e = 0; e < events.size(); e++) {
            int row = events.row(e);
            if (!Double.isNaN(lastArrivals[row])) {
                add(row, events.startNs(e) - lastArrivals[row], 1);
            }
            lastArrivals[row] = events.startNs(e);
        }
    }

    private void add(int row, double gap, int times) {
        sums[row] += gap * times;
        squares[row] += gap * gap * times;
        gaps[row] += times;
    }

    /**
     * Coefficients of variation (standard deviation over mean) of the functions with at least two gaps not all zero.
     */
    double[] coefficientsOfVariation() {
        double[] values = new double[sums.length];
        int n = 0;
        for (int row = 0; row < sums.length; row++) {
            if (gaps[row] >= FEWEST_GAPS && sums[row] > 0) {
                double squared = squares[row] * gaps[row] / (sums[row] * sums[row]) - 1;
                values[n++] = squared < ROUNDING ? 0 : Math.sqrt(squared);
            }
        }
        return Arrays.copyOf(values, n);
    }
}
