package sandglass.platform;

import java.util.Arrays;

/**
 * Means of 20 to 40 consecutive batches of equal size, for an interval from one run (Law, Simulation Modeling and
 * Analysis, section 9.5.3). Adding allocates nothing, whatever their number.
 */
public final class Batches {

    /** Once there are this many batches, neighbours are merged into half as many. */
    private static final int MOST = 40;

    private final double[] sums = new double[MOST];
    private int full;
    private long size = 1;
    private long inBatch;
    private double sum;

    public void add(double value) {
        sum += value;
        if (++inBatch == size) {
            endBatch();
        }
    }

    /** Keeps the sum of a full batch; when there is no room left, batches double in size. */
    private void endBatch() {
        if (full == MOST) {
            for (int i = 0; i < MOST; i += 2) {
                sums[i / 2] = sums[i] + sums[i + 1];
            }
            full /= 2;
            size *= 2;
            if (inBatch < size) {
                return;
            }
        }
        sums[full++] = sum;
        sum = 0;
        inBatch = 0;
    }

    /** The means of the full batches in order; what is in a batch that is not full is left out. */
    public double[] means() {
        return Arrays.stream(sums, 0, full).map(total -> total / size).toArray();
    }
}
