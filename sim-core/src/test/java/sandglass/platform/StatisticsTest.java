package sandglass.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.junit.jupiter.api.Test;
import sandglass.result.Samples;
import sandglass.result.Series;
import sandglass.unit.Unit;

class StatisticsTest {

    // Oracle: the contract of Samples; a thousand values are kept as they are.
    @Test
    void keepsUpToAThousandSamplesAsTheyAre() {
        SampleCollector collector = new SampleCollector();
        double[] values = new SplittableRandom(1).longs(Samples.RAW_LIMIT, 0, 1L << 50).asDoubleStream().toArray();
        for (double value : values) {
            collector.add((long) value);
        }
        assertThat(collector.samples()).isEqualTo(new Samples.Raw(values));
    }

    // Oracle: Commons Math on the same values; moments to 12 digits although the spread is a billionth of the mean,
    // quantiles to 0.1 %.
    @Test
    void condensesMoreWithoutLosingTheMoments() {
        for (long seed = 0; seed < 5; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SampleCollector collector = new SampleCollector();
            DescriptiveStatistics exact = new DescriptiveStatistics();
            long base = seed == 0 ? 1_000_000_000_000L : 0;
            long spread = seed == 0 ? 1000 : 1L << 10 * seed;
            for (int i = 0; i < 20_000; i++) {
                long value = base + random.nextLong(spread);
                collector.add(value);
                exact.addValue(value);
            }
            Samples samples = collector.samples();
            assertThat(samples).isInstanceOf(Samples.Sketch.class);
            assertThat(samples.n()).isEqualTo(20_000);
            assertThat(samples.mean()).isCloseTo(exact.getMean(), within(1e-12 * exact.getMean()));
            double sdTwoPass = Math.sqrt(Arrays.stream(exact.getValues()).map(v ->
                (v - exact.getMean()) * (v - exact.getMean())).sum()
                / 19_999);
            assertThat(samples.sd()).as("seed %d", seed).isCloseTo(sdTwoPass, within(1e-9 * sdTwoPass));
            assertThat(samples.min()).isEqualTo(exact.getMin());
            assertThat(samples.max()).isEqualTo(exact.getMax());
            for (double p : new double[] {0.01, 0.5, 0.9, 0.999}) {
                assertThat(samples.quantile(p)).isCloseTo(exact.getPercentile(100 * p), within(0.001 * exact.getMax()
                    + 1));
            }
        }
    }

    // Oracle: the integral is kept by averaging, whatever the length; computed a second time step by step.
    @Test
    void aSeriesOfAnyLengthHasAtMostAThousandPointsAndTheSameIntegral() {
        for (long seed = 0; seed < 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StepSeries steps = new StepSeries("s", Unit.COUNT, "");
            long originNs = random.nextLong(1000);
            long nowNs = originNs;
            long longest = 1L << random.nextInt(1, 30);
            double integral = 0;
            steps.begin(originNs);
            for (int i = random.nextInt(1, 5000); i > 0; i--) {
                long ns = random.nextLong(longest);
                int level = random.nextInt(10);
                nowNs += ns;
                integral += (double) level * ns;
                steps.hold(level, nowNs);
            }
            Series series = steps.series();
            int n = series.values().length;
            assertThat(n).as("seed %d", seed).isLessThanOrEqualTo(1000);
            double area = 0;
            for (int i = 0; i < n; i++) {
                long endNs = i + 1 < n ? series.timesNs()[i + 1] : nowNs;
                area += series.values()[i] * (endNs - series.timesNs()[i]);
                assertThat(series.values()[i]).isBetween(-1e-9, 9 + 1e-9);
            }
            assertThat(area).as("seed %d", seed).isCloseTo(integral, within(1e-9 * integral + 1e-9));
            assertThat(steps.integral()).isEqualTo(integral);
        }
    }

    // Oracle: values worked out by hand.
    @Test
    void aShortSeriesIsExact() {
        StepSeries steps = new StepSeries("s", Unit.COUNT, "label");
        steps.begin(5);
        steps.hold(2, 7);
        steps.hold(3, 8);
        assertThat(steps.series()).isEqualTo(new Series("s", Unit.COUNT, "label", new long[] {5, 6, 7}, new double[] {2,
            2, 3}));
    }

    // Oracle: moments and quantiles worked out by hand. Pauses: 3 in minute 0, 1 in minute 2, one beyond the range of 4
    // minutes.
    @Test
    void idleTimesAreCountedByTheMinute() {
        IdleTimes times = new IdleTimes(4 * IdleTimes.BIN_NS);
        assertThat(times.variationOfBins()).isZero();
        assertThat(times.outOfBoundsShare()).isZero();
        for (long ns : new long[] {0, 1, IdleTimes.BIN_NS - 1, 2 * IdleTimes.BIN_NS, 4 * IdleTimes.BIN_NS}) {
            times.record(ns);
        }
        assertThat(times.count()).isEqualTo(5);
        assertThat(times.outOfBoundsShare()).isEqualTo(0.2);
        assertThat(times.binOfQuantile(0.05)).isZero();
        assertThat(times.binOfQuantile(0.75)).isZero();
        assertThat(times.binOfQuantile(0.76)).isEqualTo(2);
        assertThat(times.binOfQuantile(1)).isEqualTo(2);
        // Counts 3, 0, 1, 0: mean 1, variance (4 + 1 + 0 + 1) / 4.
        assertThat(times.variationOfBins()).isCloseTo(Math.sqrt(6 / 4.0), within(1e-12));
        assertThat(times.recentCount()).isEqualTo(5);
        assertThat(times.recentNs(4)).isEqualTo(4 * IdleTimes.BIN_NS);
        for (int i = 0; i < 100; i++) {
            times.record(i);
        }
        assertThat(times.recentCount()).isEqualTo(IdleTimes.RECENT);
        assertThat(times.recentNs(0)).isEqualTo(100 - IdleTimes.RECENT);
        assertThat(times.recentNs(IdleTimes.RECENT - 1)).isEqualTo(99);
    }
}
