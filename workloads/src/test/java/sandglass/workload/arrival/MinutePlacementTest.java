package sandglass.workload.arrival;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sandglass.run.SsjStreams;
import sandglass.scenario.Load;

class MinutePlacementTest {

    private static MinutePlacement placement(Load.Trace.Arrivals kind, long seed) {
        return MinutePlacement.of(kind, 3, new SsjStreams(seed, 0).named("arrivals"));
    }

    /** Oracle: conservation and order; n asked are n given, rising, inside the minute, for counts from a seed. */
    @ParameterizedTest
    @EnumSource(Load.Trace.Arrivals.class)
    void timesRiseInsideTheMinute(Load.Trace.Arrivals kind) {
        MinutePlacement placement = placement(kind, 3);
        Random counts = new Random(7);
        for (int minute = 0; minute < 500; minute++) {
            int n = 1 + (int) Math.pow(10, 4 * counts.nextDouble());
            placement.begin(1, n);
            long last = 0;
            for (int i = 0; i < n; i++) {
                long ns = placement.nextNs(1);
                assertThat(ns).isBetween(last, MinutePlacement.MINUTE_NS - 1);
                last = ns;
            }
        }
    }

    /** Oracle: second computation of floor(i·60 s/n) with integers of any size. */
    @Test
    void equidistantIsExact() {
        MinutePlacement placement = placement(Load.Trace.Arrivals.EQUIDISTANT, 1);
        for (int n : new int[] {1, 2, 3, 7, 59, 734, 99_999, 1_000_003}) {
            placement.begin(2, n);
            for (int i = 0; i < n; i++) {
                if (i % 1009 == 0 || n < 2000) {
                    long expected = BigInteger.valueOf(i).multiply(BigInteger.valueOf(60_000_000_000L))
                            .divide(BigInteger.valueOf(n)).longValueExact();
                    assertThat(placement.nextNs(2)).isEqualTo(expected);
                } else {
                    placement.nextNs(2);
                }
            }
        }
    }

    /** Oracle: analytic; the placed times together are a uniform sample (Kolmogorov-Smirnov at 0.1 %). */
    @Test
    void uniformTimesAreUniform() {
        MinutePlacement placement = placement(Load.Trace.Arrivals.UNIFORM, 21);
        double[] shares = new double[20_000];
        for (int at = 0; at < shares.length; at += 20) {
            placement.begin(0, 20);
            for (int i = 0; i < 20; i++) {
                shares[at + i] = (double) placement.nextNs(0) / MinutePlacement.MINUTE_NS;
            }
        }
        assertThat(new KolmogorovSmirnovTest().kolmogorovSmirnovTest(new UniformRealDistribution(), shares))
                .isGreaterThan(0.001);
    }

    /**
     * Oracle: analytic; each of n exponential gaps scaled to a fixed sum is Beta(1, n-1) (Kolmogorov-Smirnov at 0.1
     * %).
     */
    @Test
    void exponentialGapsAreScaled() {
        MinutePlacement placement = placement(Load.Trace.Arrivals.EXPONENTIAL, 22);
        int n = 8;
        double[][] gaps = new double[n][4000];
        for (int minute = 0; minute < 4000; minute++) {
            placement.begin(0, n);
            assertThat(placement.nextNs(0)).isZero();
            long last = 0;
            for (int i = 1; i < n; i++) {
                long ns = placement.nextNs(0);
                gaps[i - 1][minute] = (double) (ns - last) / MinutePlacement.MINUTE_NS;
                last = ns;
            }
            gaps[n - 1][minute] = (double) (MinutePlacement.MINUTE_NS - last) / MinutePlacement.MINUTE_NS;
        }
        for (double[] gap : gaps) {
            assertThat(new KolmogorovSmirnovTest().kolmogorovSmirnovTest(new BetaDistribution(null, 1, n - 1), gap))
                    .isGreaterThan(0.001);
        }
    }
}
