package sandglass.des;

import java.util.Arrays;
import sandglass.platform.Timeline;
import sandglass.platform.Timer;

/**
 * Means of consecutive batches of dependent observations, for an interval from a single run (Law, Simulation Modeling
 * and Analysis, section 9.5.3). Memory does not depend on the length of the run: there are always between {@code least}
 * and {@code 2 * least} full batches, and whenever they would be more, neighbours are merged and batches double in size.
 */
public final class BatchMeans {

    private final double[] sums;
    private int full;
    private long batchSize = 1;
    private double openSum;
    private long openCount;

    /** @param least fewest batches once there are as many observations; 10 to 30 is customary, even */
    public BatchMeans(int least) {
        if (least < 2 || least % 2 != 0) {
            throw new IllegalArgumentException("the number of batches must be even and at least 2: " + least);
        }
        sums = new double[2 * least];
    }

    /**
     * Observes a level over time: from now on, each interval's average is one observation. Its timer stays armed for
     * ever, so the timeline has to be run until a time.
     *
     * @param intervalNs short against the run, since batches consist of whole intervals
     */
    public static BatchMeans ofLevel(Timeline timeline, TimeAverage level, long intervalNs, int least) {
        if (intervalNs < 1) {
            throw new IllegalArgumentException("an interval must last at least 1 ns: " + intervalNs);
        }
        BatchMeans means = new BatchMeans(least);
        new LevelObserver(timeline, level, intervalNs, means);
        return means;
    }

    public void add(double value) {
        openSum += value;
        openCount++;
        if (openCount == batchSize && full == sums.length) {
            mergeNeighbours();
        }
        if (openCount == batchSize) {
            sums[full++] = openSum;
            openSum = 0;
            openCount = 0;
        }
    }

    private void mergeNeighbours() {
        for (int i = 0; i < full; i += 2) {
            sums[i / 2] = sums[i] + sums[i + 1];
        }
        full /= 2;
        batchSize *= 2;
    }

    /** How many observations make one batch now. */
    public long batchSize() {
        return batchSize;
    }

    /** The means of the full batches in order; observations of an open batch are left out. */
    public double[] means() {
        return Arrays.stream(sums, 0, full).map(sum -> sum / batchSize).toArray();
    }

    /**
     * How many leading batches to leave out so that what remains has the smallest standard error, at most half of them:
     * the marginal standard error rule, MSER (White, Simulation 69(6), 1997).
     */
    public int warmUpBatches() {
        double[] means = means();
        Tally rest = new Tally();
        int best = 0;
        double bestError = Double.POSITIVE_INFINITY;
        for (int from = means.length - 1; from >= 0; from--) {
            rest.add(means[from]);
            double error = rest.count() < 2 ? Double.NaN : rest.variance() * (rest.count() - 1) / rest.count() / rest.count();
            if (from <= means.length / 2 && error <= bestError) {
                best = from;
                bestError = error;
            }
        }
        return best;
    }

    /** The batch means after the first {@code warmUpBatches}, of which to ask the mean and the half-width. */
    public Tally after(int warmUpBatches) {
        Tally tally = new Tally();
        double[] means = means();
        for (int i = warmUpBatches; i < means.length; i++) {
            tally.add(means[i]);
        }
        return tally;
    }

    /** Adds the average of a level over each interval that has passed. */
    private static final class LevelObserver {

        private final Timeline timeline;
        private final TimeAverage level;
        private final long intervalNs;
        private final BatchMeans means;
        private final Timer timer;
        private double integral;

        LevelObserver(Timeline timeline, TimeAverage level, long intervalNs, BatchMeans means) {
            this.timeline = timeline;
            this.level = level;
            this.intervalNs = intervalNs;
            this.means = means;
            integral = level.integral();
            timer = timeline.timer(this::observe);
            timer.at(timeline.nowNs() + intervalNs);
        }

        private void observe() {
            double newIntegral = level.integral();
            means.add((newIntegral - integral) / intervalNs);
            integral = newIntegral;
            timer.at(timeline.nowNs() + intervalNs);
        }
    }
}
