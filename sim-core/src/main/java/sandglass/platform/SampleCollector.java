package sandglass.platform;

import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import sandglass.result.Samples;

/**
 * Gathers the samples of one metric: as they are while they are few, as histogram and moments when they are many, so
 * that its size does not grow with their number. Of many it keeps the means of 20 to 40 consecutive batches too, for an
 * interval from one run (Law, Simulation Modeling and Analysis, section 9.5.3). Adding allocates nothing once they are
 * many.
 */
public final class SampleCollector {

    private static final int SIGNIFICANT_DIGITS = 3;

    private double[] raw = new double[16];
    private int rawCount;
    private Histogram histogram;
    private double shift;
    private double sum;
    private double sumOfSquares;
    private Batches batches;
    private long least = Long.MAX_VALUE;
    private long most;

    /** Adds a whole number that is not negative. */
    public void add(long value) {
        if (histogram != null) {
            sketch(value);
            return;
        }
        if (rawCount == Samples.RAW_LIMIT) {
            histogram = new Histogram(SIGNIFICANT_DIGITS);
            batches = new Batches();
            shift = Arrays.stream(raw).average().orElse(0);
            for (double earlier : raw) {
                sketch((long) earlier);
            }
            raw = null;
            sketch(value);
            return;
        }
        if (rawCount == raw.length) {
            raw = Arrays.copyOf(raw, Math.min(Samples.RAW_LIMIT, 2 * rawCount));
        }
        raw[rawCount++] = value;
    }

    /** Sums are of distances from the mean of the first samples, which keeps the variance exact where it is small. */
    private void sketch(long value) {
        histogram.recordValue(value);
        double distance = value - shift;
        sum += distance;
        sumOfSquares += distance * distance;
        batches.add(distance);
        if (value < least) {
            least = value;
        }
        if (value > most) {
            most = value;
        }
    }

    public boolean isEmpty() {
        return histogram == null && rawCount == 0;
    }

    /** What was gathered so far. */
    public Samples samples() {
        if (histogram == null) {
            return new Samples.Raw(Arrays.copyOf(raw, rawCount));
        }
        double n = histogram.getTotalCount();
        double variance = Math.max(0, (sumOfSquares - sum * sum / n) / (n - 1));
        List<Double> batchMeans = Arrays.stream(batches.means()).mapToObj(mean -> shift + mean).toList();
        return new Samples.Sketch(histogram, shift + sum / n, Math.sqrt(variance), least, most, batchMeans);
    }
}
