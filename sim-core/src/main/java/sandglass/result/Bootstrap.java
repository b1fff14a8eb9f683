package sandglass.result;

import java.util.Arrays;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import sandglass.result.Interval.Method;
import sandglass.result.MetricComparison.Ratio;

/**
 * Bootstrap of ratios of quantiles. Resampling n values and taking a quantile gives the quantile at a Beta-distributed share (David and
 * Nagaraja, Order Statistics, section 2.1), so that share is drawn instead of n values: the same distribution at a cost that does not grow
 * with n, for raw values and sketches alike.
 */
final class Bootstrap {

    private static final int RESAMPLES = 1000;

    private Bootstrap() {}

    /** The ratio of the {@code p} quantiles of two independent sets of samples. The same seed gives the same interval. */
    static Ratio ratio(Pooled a, Pooled b, double p, double confidence, long seed) {
        RandomGenerator random = new Well19937c(seed);
        double[] first = quantiles(a, p, random);
        double[] second = quantiles(b, p, random);
        double[] ratios = new double[RESAMPLES];
        Arrays.setAll(ratios, i -> divide(first[i], second[i]));
        Arrays.sort(ratios);
        int tail = (int) Math.floor((1 - confidence) / 2 * RESAMPLES);
        double low = ratios[tail];
        double high = ratios[RESAMPLES - 1 - tail];
        return new Ratio(a.quantile(p), b.quantile(p), divide(a.quantile(p), b.quantile(p)),
                new Interval(low, high, confidence, Method.BOOTSTRAP));
    }

    private static double[] quantiles(Pooled pooled, double p, RandomGenerator random) {
        double n = pooled.effectiveN(p);
        double[] values = new double[RESAMPLES];
        if (pooled.min() == pooled.max()) {
            Arrays.fill(values, pooled.min());
            return values;
        }
        BetaDistribution share = new BetaDistribution(random, p * (n + 1), (1 - p) * (n + 1));
        Arrays.setAll(values, i -> pooled.quantile(share.sample()));
        return values;
    }

    private static double divide(double a, double b) {
        return a == b ? 1 : a / b;
    }
}
