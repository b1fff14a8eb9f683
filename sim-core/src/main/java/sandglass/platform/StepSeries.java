package sandglass.platform;

import sandglass.result.Series;
import sandglass.unit.Unit;

/**
 * A step function over time of unknown length in at most a thousand points: its averages over equal stretches, which
 * double in length whenever the points run out. Adding allocates nothing.
 */
public final class StepSeries {

    private static final int POINTS = 1000;
    private static final int BATCHES = 20;

    private final String id;
    private final Unit unit;
    private final String label;
    private final double[] integralAtEnd = new double[POINTS];
    private long originNs;
    private long stretchNs = 1;
    private long lastNs;
    private long stretchEndNs = 1;
    private int ended;
    private double integral;

    public StepSeries(String id, Unit unit, String label) {
        this.id = id;
        this.unit = unit;
        this.label = label;
    }

    /** Starts anew at this time. */
    public void begin(long nowNs) {
        originNs = nowNs;
        lastNs = nowNs;
        stretchNs = 1;
        stretchEndNs = nowNs + 1;
        ended = 0;
        integral = 0;
    }

    /** The function had the value {@code level} from the last call until now. */
    public void hold(double level, long nowNs) {
        if (nowNs >= stretchEndNs) {
            passStretches(level, nowNs);
        }
        integral += level * (nowNs - lastNs);
        lastNs = nowNs;
    }

    private void passStretches(double level, long nowNs) {
        while ((nowNs - originNs) / stretchNs > POINTS) {
            int half = ended / 2;
            for (int i = 0; i < half; i++) {
                integralAtEnd[i] = integralAtEnd[2 * i + 1];
            }
            ended = half;
            stretchNs *= 2;
            stretchEndNs = originNs + (ended + 1) * stretchNs;
        }
        while (nowNs >= stretchEndNs) {
            integral += level * (stretchEndNs - lastNs);
            lastNs = stretchEndNs;
            integralAtEnd[ended++] = integral;
            stretchEndNs += stretchNs;
        }
    }

    /** The integral from the beginning until the last call. */
    public double integral() {
        return integral;
    }

    /** So much happened at this very time; for a series of rates, which is told nothing else. */
    void happened(double amount, long nowNs) {
        hold(0, nowNs);
        integral += amount;
    }

    /** Averages over {@value #BATCHES} equal stretches from the beginning on; none if there were too few points for them. */
    public double[] batchMeans() {
        int points = ended / BATCHES;
        double[] means = new double[points == 0 ? 0 : BATCHES];
        for (int i = 0; i < means.length; i++) {
            double before = i == 0 ? 0 : integralAtEnd[i * points - 1];
            means[i] = (integralAtEnd[(i + 1) * points - 1] - before) / ((double) points * stretchNs);
        }
        return means;
    }

    /** The points so far; the last stretch may be shorter than the others. */
    public Series series() {
        boolean rest = lastNs > originNs + ended * stretchNs;
        int n = Math.min(POINTS, ended + (rest ? 1 : 0));
        long[] timesNs = new long[n];
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            timesNs[i] = originNs + i * stretchNs;
            double before = i == 0 ? 0 : integralAtEnd[i - 1];
            long lengthNs = i < ended ? stretchNs : lastNs - timesNs[i];
            values[i] = ((i < ended ? integralAtEnd[i] : integral) - before) / lengthNs;
        }
        return new Series(id, unit, label, timesNs, values);
    }
}
