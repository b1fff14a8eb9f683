package sandglass.calibration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.distribution.ExponentialDistribution;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.distribution.LogNormalDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.distribution.WeibullDistribution;
import org.apache.commons.math3.exception.MathIllegalArgumentException;
import org.apache.commons.math3.exception.TooManyEvaluationsException;
import org.apache.commons.math3.special.Gamma;
import org.apache.commons.math3.stat.descriptive.moment.Mean;
import sandglass.unit.Distribution;

/** The members of each family that make a sample most likely. */
final class Candidates {

    private static final int MOST_EVALUATIONS = 200;
    private static final double LEAST_SHAPE = 1e-3;
    private static final double MOST_SHAPE = 1e7;

    private final double[] sorted;
    private final double min;
    private final double max;
    private final double mean;
    private final double sd;
    private final List<Candidate> found = new ArrayList<>();

    /** @param cumulative the share of values up to x */
    record Candidate(String family, Distribution distribution, UnivariateFunction cumulative) {
    }

    private Candidates(double[] sorted) {
        this.sorted = sorted;
        min = sorted[0];
        max = sorted[sorted.length - 1];
        mean = new Mean().evaluate(sorted);
        sd = Math.sqrt(Arrays.stream(sorted).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
    }

    /**
     * Those that the sample allows.
     *
     * @param sorted rising and not all equal
     */
    static List<Candidate> of(double[] sorted) {
        Candidates candidates = new Candidates(sorted);
        candidates.normal();
        candidates.shiftedExponential();
        candidates.uniform();
        if (candidates.min > 0) {
            candidates.logNormal();
            candidates.shaped();
        }
        return candidates.found;
    }

    private void normal() {
        NormalDistribution d = new NormalDistribution(null, mean, sd);
        found.add(new Candidate("normal", new Distribution.Normal(mean, sd), d::cumulativeProbability));
    }

    private void shiftedExponential() {
        ExponentialDistribution d = new ExponentialDistribution(null, mean - min);
        found.add(new Candidate("shifted-exponential", new Distribution.ShiftedExponential(min, mean - min),
                x -> d.cumulativeProbability(x - min)));
    }

    private void uniform() {
        UniformRealDistribution d = new UniformRealDistribution(null, min, max);
        found.add(new Candidate("uniform", new Distribution.Uniform(min, max), d::cumulativeProbability));
    }

    private void logNormal() {
        double mu = Arrays.stream(sorted).map(Math::log).average().orElseThrow();
        double sigma = Math.sqrt(Arrays.stream(sorted).map(v -> (Math.log(v) - mu) * (Math.log(v) - mu)).average().orElseThrow());
        LogNormalDistribution d = new LogNormalDistribution(null, mu, sigma);
        found.add(new Candidate("lognormal", new Distribution.LogNormal(mu, sigma), d::cumulativeProbability));
    }

    /** Gamma and Weibull, whose shapes are roots of the likelihood's derivative. A sample without a root within reason has no such member. */
    private void shaped() {
        double meanLog = Arrays.stream(sorted).map(v -> Math.log(v / max)).average().orElseThrow();
        try {
            double k = root(shape -> Math.log(shape) - Gamma.digamma(shape) - Math.log(mean / max) + meanLog);
            GammaDistribution d = new GammaDistribution(null, k, mean / k);
            found.add(new Candidate("gamma", new Distribution.Gamma(k, mean / k), d::cumulativeProbability));
        } catch (MathIllegalArgumentException | TooManyEvaluationsException e) {
            // no root: the family says nothing about this sample
        }
        try {
            double k = root(shape -> weighted(shape, 1) / weighted(shape, 0) - 1 / shape - meanLog);
            double scale = max * Math.pow(weighted(k, 0) / sorted.length, 1 / k);
            WeibullDistribution d = new WeibullDistribution(null, k, scale);
            found.add(new Candidate("weibull", new Distribution.Weibull(k, scale), d::cumulativeProbability));
        } catch (MathIllegalArgumentException | TooManyEvaluationsException e) {
            // as above
        }
    }

    private static double root(UnivariateFunction derivative) {
        return new BrentSolver(1e-9, 1e-12).solve(MOST_EVALUATIONS, derivative, LEAST_SHAPE, MOST_SHAPE);
    }

    /** The sum of (v/max)^shape, each times log(v/max) to this power. */
    private double weighted(double shape, int power) {
        double sum = 0;
        for (double v : sorted) {
            double log = Math.log(v / max);
            sum += Math.exp(shape * log) * (power == 0 ? 1 : log);
        }
        return sum;
    }
}
