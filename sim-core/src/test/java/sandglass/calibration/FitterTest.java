package sandglass.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.distribution.ExponentialDistribution;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.distribution.LogNormalDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.RealDistribution;
import org.apache.commons.math3.distribution.WeibullDistribution;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import sandglass.unit.Distribution;

/** Oracle: the generator of each synthetic sample, whose parameters are known, and Commons Math's own distance. */
class FitterTest {

    private static final int N = 1000;

    private static double[] draw(RealDistribution generator, double low, int seed) {
        generator.reseedRandomGenerator(seed);
        return Arrays.stream(generator.sample(N)).map(v -> low + v).toArray();
    }

    @Test
    void theFamilyThatMadeTheSampleIsFoundWithItsParameters() {
        Fit normal = Fitter.fit(draw(new NormalDistribution(5000, 700), 0, 3));
        assertThat(normal.distribution().mean()).isCloseTo(5000, Percentage.withPercentage(2));
        assertThat(normal.distribution().quantile(0.99)).isCloseTo(5000 + 2.326 * 700, Percentage.withPercentage(2));
        Fit logNormal = Fitter.fit(draw(new LogNormalDistribution(8, 0.9), 0, 4));
        assertThat(logNormal.distribution()).isInstanceOfSatisfying(Distribution.LogNormal.class, d -> {
            assertThat(d.mu()).isCloseTo(8, Offset.offset(0.1));
            assertThat(d.sigma()).isCloseTo(0.9, Offset.offset(0.06));
        });
        Fit shifted = Fitter.fit(draw(new ExponentialDistribution(300), 9000, 6));
        assertThat(shifted.distribution()).isInstanceOfSatisfying(Distribution.ShiftedExponential.class, d -> {
            assertThat(d.low()).isCloseTo(9000, Offset.offset(3.0));
            assertThat(d.excess()).isCloseTo(300, Percentage.withPercentage(8));
        });
        assertThat(Fitter.fit(new Random(7).doubles(N).map(u -> 20 + 60 * u).toArray()).distribution())
                .isInstanceOfSatisfying(Distribution.Uniform.class, d -> {
                    assertThat(d.low()).isCloseTo(20, Offset.offset(0.5));
                    assertThat(d.high()).isCloseTo(80, Offset.offset(0.5));
                });
        assertThat(Fitter.fit(new double[] {4, 4, 4}).distribution()).isEqualTo(new Distribution.Constant(4));
    }

    @Test
    void gammaAndWeibullComeOutWithTheirShapes() {
        double[] gamma = draw(new GammaDistribution(2.5, 400), 0, 8);
        double[] weibull = draw(new WeibullDistribution(3.5, 900), 0, 9);
        Distribution.Gamma g = (Distribution.Gamma) member(gamma, "gamma");
        assertThat(g.shape()).isCloseTo(2.5, Percentage.withPercentage(10));
        assertThat(g.scale()).isCloseTo(400, Percentage.withPercentage(10));
        Distribution.Weibull w = (Distribution.Weibull) member(weibull, "weibull");
        assertThat(w.shape()).isCloseTo(3.5, Percentage.withPercentage(7));
        assertThat(w.scale()).isCloseTo(900, Percentage.withPercentage(3));
    }

    private static Distribution member(double[] values, String family) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return Candidates.of(sorted).stream().filter(c -> c.family().equals(family)).findFirst().orElseThrow().distribution();
    }

    @Test
    void aFittedDistributionHasTheQuantilesOfItsSample() {
        for (RealDistribution generator : List.of(new GammaDistribution(4, 100), new WeibullDistribution(2, 800),
                new LogNormalDistribution(3, 0.3))) {
            double[] values = draw(generator, 0, 11);
            Fit fit = Fitter.fit(values);
            Arrays.sort(values);
            assertThat(fit.distribution().quantile(0.5)).isCloseTo(values[500], Percentage.withPercentage(2.5));
            assertThat(fit.distribution().quantile(0.99)).isCloseTo(values[989], Percentage.withPercentage(5.5));
        }
    }

    @Test
    void theDistanceIsThatOfCommonsMath() {
        double[] values = draw(new ExponentialDistribution(300), 9000, 6);
        Fit fit = Fitter.fit(values);
        double low = Arrays.stream(values).min().orElseThrow();
        double excess = Arrays.stream(values).average().orElseThrow() - low;
        double[] beyond = Arrays.stream(values).map(v -> v - low).toArray();
        double expected = new KolmogorovSmirnovTest().kolmogorovSmirnovStatistic(new ExponentialDistribution(null, excess), beyond);
        assertThat(fit.distance()).isCloseTo(expected, Offset.offset(1e-9));
    }

    /** Two states of a host, and a few far values: no family has that shape, and the far values are its p99. */
    @Test
    void twoPeaksAndOutliersStayAsTheyAre() {
        Random random = new Random(12);
        double[] values = random.doubles(5000).map(u -> u < 0.6 ? 100 + 10 * u : u < 0.98 ? 160 + 5 * u : 900 * u).toArray();
        Fit fit = Fitter.fit(values);
        assertThat(fit.family()).isEqualTo("empirical");
        assertThat(((Distribution.Quantiles) fit.distribution()).shares()).hasSizeLessThanOrEqualTo(Fitter.MOST_POINTS);
        Arrays.sort(values);
        assertThat(fit.distribution().quantile(0.5)).isCloseTo(values[2500], Percentage.withPercentage(0.5));
        assertThat(fit.distribution().quantile(0.99)).isCloseTo(values[4950], Percentage.withPercentage(0.5));
        assertThat(fit.distribution().quantile(1 - 1e-12)).isCloseTo(values[4999], Percentage.withPercentage(0.5));
        assertThat(fit.distribution().mean()).isCloseTo(Arrays.stream(values).average().orElseThrow(), Percentage.withPercentage(1));
        assertThat(Fitter.farShare(values)).isCloseTo(0.02, Offset.offset(0.006));
        assertThat(fit.why()).contains("no family fits").contains("lognormal");
    }

    @Test
    void fewValuesServeAsTheyAre() {
        assertThat(Fitter.fit(new double[] {3, 1, 2}).distribution())
                .isEqualTo(new Distribution.Quantiles(new double[] {0, 0.5, 1}, new double[] {1, 2, 3}));
        assertThat(Fitter.fit(new double[] {3}).distribution()).isEqualTo(new Distribution.Constant(3));
    }
}
