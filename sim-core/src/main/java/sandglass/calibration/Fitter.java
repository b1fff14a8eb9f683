package sandglass.calibration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import sandglass.unit.Distribution;

/**
 * Finds a distribution for measured values. Of each family the most likely member is tried (normal, log-normal, gamma, Weibull, shifted
 * exponential, uniform); among those that the sample does not contradict, the one with the least Kolmogorov-Smirnov distance is
 * chosen. If all are contradicted, the sample's own quantiles serve. No value is dropped: what other work on the host did to a
 * measurement, it does to users too, and the far quantiles are made of it.
 */
public final class Fitter {

    /** Most points that describe a sample by its own quantiles. */
    public static final int MOST_POINTS = 300;

    /** Parameters were estimated from the same sample, so this test alone would be too lenient: the median and p99 must be right besides. */
    private static final double LEAST_P = 0.05;
    private static final double MEDIAN_TOLERANCE = 0.02;
    private static final double TAIL_TOLERANCE = 0.05;
    private static final double TAIL = 0.99;
    private static final int TAIL_POINTS = 60;
    private static final double TAIL_BEGINS = 0.95;
    /** Fewer values than this cannot contradict anything. */
    private static final int LEAST_VALUES = 20;
    private static final double FAR = 3;

    private Fitter() {}

    /**
     * The distribution for a sample.
     *
     * @param values at least one; finite and not negative
     */
    public static Fit fit(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        if (sorted[0] == sorted[sorted.length - 1]) {
            return new Fit(new Distribution.Constant(sorted[0]), "constant", 0, "constant: all values are equal");
        }
        if (sorted.length < LEAST_VALUES) {
            return empirical(sorted, "fewer than " + LEAST_VALUES + " values");
        }
        List<String> tried = new ArrayList<>();
        List<Fit> fitting = new ArrayList<>();
        for (Candidates.Candidate candidate : Candidates.of(sorted)) {
            double distance = distance(candidate, sorted);
            double p = 1 - new KolmogorovSmirnovTest().cdf(distance, sorted.length);
            tried.add(candidate.family() + " " + number(distance));
            if (p >= LEAST_P && near(candidate.distribution(), sorted, 0.5, MEDIAN_TOLERANCE)
                    && near(candidate.distribution(), sorted, TAIL, TAIL_TOLERANCE)) {
                fitting.add(new Fit(candidate.distribution(), candidate.family(), distance, ""));
            }
        }
        String distances = "distances: " + String.join(", ", tried);
        return fitting.stream().min(Comparator.comparingDouble(Fit::distance))
                .map(fit -> new Fit(fit.distribution(), fit.family(), fit.distance(),
                        fit.family() + ", the nearest of those that fit (" + distances + ")"))
                .orElseGet(() -> empirical(sorted, "no family fits (" + distances + ")"));
    }

    /** Which share of the values lies beyond three times the median: other work on the host, collectors, the kernel's own. */
    public static double farShare(double[] values) {
        double median = quantile(sorted(values), 0.5);
        return Arrays.stream(values).filter(v -> v > FAR * median).count() / (double) values.length;
    }

    /** The sample's own quantiles, in at most {@link #MOST_POINTS} points, a fifth of them in the uppermost twentieth. */
    private static Fit empirical(double[] sorted, String because) {
        double[] shares = shares(sorted.length);
        double[] values = Arrays.stream(shares).map(share -> quantile(sorted, share)).toArray();
        if (shares.length == 1) {
            return new Fit(new Distribution.Constant(sorted[0]), "constant", 0, "constant: one value");
        }
        return new Fit(new Distribution.Quantiles(shares, values), "empirical", 0, "empirical: " + because);
    }

    private static double[] shares(int n) {
        if (n <= MOST_POINTS) {
            double[] all = new double[n];
            for (int i = 0; i < n; i++) {
                all[i] = n == 1 ? 0 : i / (n - 1.0);
            }
            return all;
        }
        double[] shares = new double[MOST_POINTS];
        int body = MOST_POINTS - TAIL_POINTS;
        for (int i = 0; i < MOST_POINTS; i++) {
            shares[i] = i < body ? i * TAIL_BEGINS / body : TAIL_BEGINS + (i - body) * (1 - TAIL_BEGINS) / (TAIL_POINTS - 1);
        }
        shares[MOST_POINTS - 1] = 1;
        return shares;
    }

    private static boolean near(Distribution distribution, double[] sorted, double share, double tolerance) {
        double seen = quantile(sorted, share);
        return Math.abs(distribution.quantile(share) - seen) <= tolerance * seen;
    }

    /** The greatest difference, on either side of each step of the sample's own curve. */
    private static double distance(Candidates.Candidate candidate, double[] sorted) {
        double greatest = 0;
        for (int i = 0; i < sorted.length; i++) {
            double share = candidate.cumulative().value(sorted[i]);
            greatest = Math.max(greatest, Math.max((i + 1.0) / sorted.length - share, share - (double) i / sorted.length));
        }
        return greatest;
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    /** Type R-7. */
    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        return below + 1 >= sorted.length ? sorted[below] : sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
