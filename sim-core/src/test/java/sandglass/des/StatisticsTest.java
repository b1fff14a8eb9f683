package sandglass.des;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import sandglass.platform.Timer;
import sandglass.run.SsjStreams;
import sandglass.scenario.Uniforms;

/** Time averages, tallies and batch means. */
class StatisticsTest {

    private final SsjTimeline timeline = new SsjTimeline();

    // Oracle: areas worked by hand.
    @Test
    void weightsALevelByHowLongItLasts() {
        TimeAverage level = new TimeAverage(timeline);
        assertThat(level.mean()).isZero();
        level.set(4);
        timeline.runUntil(10);
        level.add(-3);
        timeline.runUntil(40);
        assertThat(level.value()).isEqualTo(1);
        assertThat(level.integral()).isEqualTo(4 * 10 + 30);
        assertThat(level.mean()).isEqualTo(70.0 / 40);
        assertThat(level.max()).isEqualTo(4);
        level.restart();
        timeline.runUntil(50);
        assertThat(level.mean()).isEqualTo(1);
        assertThat(level.max()).isEqualTo(1);
        assertThat(level.integral()).isEqualTo(10);
    }

    // Oracle: two passes over the values, far from zero so that a sum of squares would cancel; merging halves likewise.
    @Test
    void talliesMomentsWithoutCancellation() {
        Uniforms stream = new SsjStreams(1, 0).named("values");
        double[] values = IntStream.range(0, 1001).mapToDouble(i -> 1e9 + stream.next()).toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / 1000;
        Tally whole = new Tally();
        Tally first = new Tally();
        Tally second = new Tally();
        for (int i = 0; i < values.length; i++) {
            whole.add(values[i]);
            (i < 300 ? first : second).add(values[i]);
        }
        first.addAll(second);
        first.addAll(new Tally());
        for (Tally tally : new Tally[] {whole, first}) {
            assertThat(tally.count()).isEqualTo(1001);
            assertThat(tally.mean()).isCloseTo(mean, within(1e-5));
            assertThat(tally.variance()).isCloseTo(variance, within(1e-6));
            assertThat(tally.min()).isEqualTo(Arrays.stream(values).min().orElseThrow());
            assertThat(tally.max()).isEqualTo(Arrays.stream(values).max().orElseThrow());
        }
        whole.restart();
        assertThat(whole.count()).isZero();
        assertThat(whole.mean()).isNaN();
        assertThat(whole.variance()).isNaN();
        assertThat(whole.halfWidth(0.95)).isNaN();
    }

    // Oracle: a table of Student's t: 2.262 for 9 degrees of freedom at 95 %.
    @Test
    void givesStudentsHalfWidth() {
        Tally tally = new Tally();
        IntStream.rangeClosed(1, 10).forEach(tally::add);
        assertThat(tally.standardDeviation()).isCloseTo(3.02765, within(1e-5));
        assertThat(tally.halfWidth(0.95)).isCloseTo(2.262 * 3.02765 / Math.sqrt(10), within(1e-3));
    }

    // Oracle: the sums of consecutive values, computed directly, whenever neighbours were merged.
    @Test
    void keepsBatchesOfConsecutiveObservations() {
        for (int count = 0; count < 300; count++) {
            BatchMeans means = new BatchMeans(4);
            IntStream.range(0, count).forEach(means::add);
            int size = (int) means.batchSize();
            double[] expected = IntStream.range(0, count / size)
                .mapToDouble(b -> IntStream.range(b * size, (b + 1) * size).average().orElseThrow()).toArray();
            assertThat(means.means()).as("%d values", count).isEqualTo(expected);
            assertThat(expected.length).isBetween(Math.min(count, 4), 8);
        }
        assertThatThrownBy(() -> new BatchMeans(3)).isInstanceOf(IllegalArgumentException.class);
    }

    // Oracle: an autoregressive process of known mean; 95 % intervals cover it in 400 runs as often as they should, within 4
    // standard errors, where intervals that take the values for independent would cover it in about half of them.
    @Test
    void coversTheMeanOfDependentObservations() {
        NormalDistribution normal = new NormalDistribution(null, 0, 1);
        int covered = 0;
        for (int run = 0; run < 400; run++) {
            Uniforms stream = new SsjStreams(2, run).named("noise");
            BatchMeans means = new BatchMeans(16);
            double value = 0;
            for (int i = 0; i < 4000; i++) {
                value = 0.7 * value + normal.inverseCumulativeProbability(stream.next());
                means.add(value);
            }
            Tally batches = means.after(0);
            covered += Math.abs(batches.mean()) <= batches.halfWidth(0.95) ? 1 : 0;
        }
        assertThat(covered / 400.0).isCloseTo(0.95, within(4 * Math.sqrt(0.95 * 0.05 / 400)));
    }

    // Oracle: a level that is known to have settled by the fifth batch of 32, and one that was settled from the start.
    @Test
    void findsTheEndOfTheWarmUp() {
        Uniforms stream = new SsjStreams(3, 0).named("noise");
        BatchMeans warming = new BatchMeans(32);
        BatchMeans settled = new BatchMeans(32);
        for (int i = 0; i < 3200; i++) {
            double noise = stream.next();
            settled.add(noise);
            warming.add(noise + Math.max(0, 5 - i / 100.0));
        }
        int batches = warming.warmUpBatches();
        assertThat(batches * warming.batchSize()).isBetween(350L, 800L);
        assertThat(warming.after(batches).mean()).isCloseTo(0.5, within(0.05));
        assertThat(settled.warmUpBatches()).isLessThanOrEqualTo(settled.means().length / 2);
        assertThat(settled.after(settled.warmUpBatches()).mean()).isCloseTo(0.5, within(0.05));
    }

    // Oracle: areas worked by hand; a level that is the number of the interval and doubles within it averages 1.5 times that.
    @Test
    void batchesALevelOverTime() {
        TimeAverage level = new TimeAverage(timeline);
        Timer[] change = new Timer[1];
        change[0] = timeline.timer(() -> {
            long halves = timeline.nowNs() / 5;
            level.set((1 + halves % 2) * (1 + halves / 2));
            change[0].at(timeline.nowNs() + 5);
        });
        change[0].at(0);
        BatchMeans means = BatchMeans.ofLevel(timeline, level, 10, 4);
        timeline.runUntil(60);
        assertThat(means.means()).containsExactly(1.5, 3, 4.5, 6, 7.5, 9);
        assertThatThrownBy(() -> BatchMeans.ofLevel(timeline, level, 0, 4)).isInstanceOf(IllegalArgumentException.class);
    }
}
