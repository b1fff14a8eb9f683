package sandglass.unit;

import java.util.Arrays;
import umontreal.ssj.probdist.GammaDist;
import umontreal.ssj.probdist.NormalDist;

/**
 * A probability distribution of a non-negative quantity, sampled by inversion: one uniform draw gives one value, and a
 * larger draw never gives a smaller value, so that runs with common random numbers stay aligned.
 */
public sealed interface Distribution {

    /** The value below which a share {@code u} of all values lies; {@code 0 < u < 1}. */
    double quantile(double u);

    /** The expected value. */
    double mean();

    /** The variance; may be infinite. */
    double variance();

    /** The same shape with every value multiplied by {@code factor > 0}. */
    Distribution scaled(double factor);

    /** Always the same value. */
    record Constant(double value) implements Distribution {
        public Constant {
            requireFinite("constant", value, 0);
        }

        @Override public double quantile(double u) {
            return value;
        }

        @Override public double mean() {
            return value;
        }

        @Override public double variance() {
            return 0;
        }

        @Override public Distribution scaled(double factor) {
            return new Constant(value * factor);
        }
    }

    /** Exponential with the given mean. */
    record Exponential(double mean) implements Distribution {
        public Exponential {
            requireFinite("mean", mean, Double.MIN_VALUE);
        }

        @Override public double quantile(double u) {
            return -mean * Math.log1p(-u);
        }

        @Override public double variance() {
            return mean * mean;
        }

        @Override public Distribution scaled(double factor) {
            return new Exponential(mean * factor);
        }
    }

    /** Log-normal: the natural logarithm has mean {@code mu} (of the value in its unit) and standard deviation {@code sigma}. */
    record LogNormal(double mu, double sigma) implements Distribution {
        public LogNormal {
            if (!Double.isFinite(mu)) {
                throw new QuantityException("mu must be finite, was " + mu);
            }
            requireFinite("sigma", sigma, 0);
        }

        /** The log-normal with this median and 99th percentile. */
        public static LogNormal ofMedianAndP99(double median, double p99) {
            return new LogNormal(Math.log(median), Math.log(p99 / median) / NormalDist.inverseF01(0.99));
        }

        @Override public double quantile(double u) {
            return Math.exp(mu + sigma * NormalDist.inverseF01(u));
        }

        @Override public double mean() {
            return Math.exp(mu + sigma * sigma / 2);
        }

        @Override public double variance() {
            return Math.expm1(sigma * sigma) * Math.exp(2 * mu + sigma * sigma);
        }

        @Override public Distribution scaled(double factor) {
            return new LogNormal(mu + Math.log(factor), sigma);
        }
    }

    /** Normal with this mean and standard deviation; values below zero count as zero. */
    record Normal(double mean, double sd) implements Distribution {
        public Normal {
            requireFinite("mean", mean, 0);
            requireFinite("sd", sd, 0);
        }

        @Override public double quantile(double u) {
            return Math.max(0, mean + sd * NormalDist.inverseF01(u));
        }

        @Override public double variance() {
            return sd * sd;
        }

        @Override public Distribution scaled(double factor) {
            return new Normal(mean * factor, sd * factor);
        }
    }

    /** Gamma with shape {@code k} and scale {@code theta}. */
    record Gamma(double shape, double scale) implements Distribution {

        private static final int DIGITS = 10;

        public Gamma {
            requireFinite("shape", shape, Double.MIN_VALUE);
            requireFinite("scale", scale, Double.MIN_VALUE);
        }

        @Override public double quantile(double u) {
            return scale * GammaDist.inverseF(shape, 1, DIGITS, u);
        }

        @Override public double mean() {
            return shape * scale;
        }

        @Override public double variance() {
            return shape * scale * scale;
        }

        @Override public Distribution scaled(double factor) {
            return new Gamma(shape, scale * factor);
        }
    }

    /** Never below {@code low}; what goes beyond it is exponential with mean {@code excess}. */
    record ShiftedExponential(double low, double excess) implements Distribution {
        public ShiftedExponential {
            requireFinite("low", low, 0);
            requireFinite("excess", excess, Double.MIN_VALUE);
        }

        @Override public double quantile(double u) {
            return low - excess * Math.log1p(-u);
        }

        @Override public double mean() {
            return low + excess;
        }

        @Override public double variance() {
            return excess * excess;
        }

        @Override public Distribution scaled(double factor) {
            return new ShiftedExponential(low * factor, excess * factor);
        }
    }

    /** Weibull with shape {@code k} and scale {@code lambda}. */
    record Weibull(double shape, double scale) implements Distribution {
        public Weibull {
            requireFinite("shape", shape, Double.MIN_VALUE);
            requireFinite("scale", scale, Double.MIN_VALUE);
        }

        @Override public double quantile(double u) {
            return scale * Math.pow(-Math.log1p(-u), 1 / shape);
        }

        @Override public double mean() {
            return scale * gamma(1 + 1 / shape);
        }

        @Override public double variance() {
            return scale * scale * gamma(1 + 2 / shape) - mean() * mean();
        }

        @Override public Distribution scaled(double factor) {
            return new Weibull(shape, scale * factor);
        }
    }

    /** Uniform between two bounds. */
    record Uniform(double low, double high) implements Distribution {
        public Uniform {
            requireFinite("low", low, 0);
            requireFinite("high", high, low);
        }

        @Override public double quantile(double u) {
            return low + (high - low) * u;
        }

        @Override public double mean() {
            return (low + high) / 2;
        }

        @Override public double variance() {
            return (high - low) * (high - low) / 12;
        }

        @Override public Distribution scaled(double factor) {
            return new Uniform(low * factor, high * factor);
        }
    }

    /**
     * Given by quantiles: values rise linearly between the listed points, as when only percentiles were published. The
     * first share must be 0 and the last 1. Arrays are not copied on access; treat them as read-only.
     */
    record Quantiles(double[] shares, double[] values) implements Distribution {
        public Quantiles {
            if (shares.length != values.length || shares.length < 2 || shares[0] != 0 || shares[shares.length - 1] != 1) {
                throw new QuantityException("quantiles need at least the shares 0 and 1, one value each");
            }
            for (int i = 1; i < shares.length; i++) {
                if (!(shares[i] > shares[i - 1]) || !(values[i] >= values[i - 1])) {
                    throw new QuantityException("quantiles must rise: share " + shares[i] + ", value " + values[i]);
                }
            }
            requireFinite("lowest value", values[0], 0);
            requireFinite("highest value", values[values.length - 1], 0);
        }

        @Override public double quantile(double u) {
            int i = Arrays.binarySearch(shares, u);
            if (i >= 0) {
                return values[i];
            }
            int above = -i - 1;
            double part = (u - shares[above - 1]) / (shares[above] - shares[above - 1]);
            return values[above - 1] + part * (values[above] - values[above - 1]);
        }

        @Override public double mean() {
            double sum = 0;
            for (int i = 1; i < shares.length; i++) {
                sum += (shares[i] - shares[i - 1]) * (values[i] + values[i - 1]) / 2;
            }
            return sum;
        }

        @Override public double variance() {
            double second = 0;
            for (int i = 1; i < shares.length; i++) {
                double a = values[i - 1];
                double b = values[i];
                second += (shares[i] - shares[i - 1]) * (a * a + a * b + b * b) / 3;
            }
            return Math.max(0, second - mean() * mean());
        }

        @Override public Distribution scaled(double factor) {
            return new Quantiles(shares, Arrays.stream(values).map(v -> v * factor).toArray());
        }

        @Override public boolean equals(Object other) {
            return other instanceof Quantiles that && Arrays.equals(shares, that.shares) && Arrays.equals(values, that.values);
        }

        @Override public int hashCode() {
            return 31 * Arrays.hashCode(shares) + Arrays.hashCode(values);
        }
    }

    private static double gamma(double x) {
        return org.apache.commons.math3.special.Gamma.gamma(x);
    }

    private static void requireFinite(String name, double value, double least) {
        if (!Double.isFinite(value) || value < least) {
            throw new QuantityException(name + " must be a finite number" + (least > 0 ? " above zero" : " of at least " + least)
                    + ", was " + value);
        }
    }
}
