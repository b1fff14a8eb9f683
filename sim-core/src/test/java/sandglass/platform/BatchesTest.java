package sandglass.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sandglass.result.Interval;
import sandglass.result.Pooled;
import sandglass.result.Samples;
import sandglass.unit.Unit;

class BatchesTest {

    // Oracle: a second computation from all values at once, at every length.
    @Test
    void batchesAreMeansOfConsecutiveValues() {
        Random random = new Random(4);
        double[] values = random.doubles(1000).toArray();
        Batches batches = new Batches();
        for (int n = 1; n <= values.length; n++) {
            batches.add(values[n - 1]);
            double[] means = batches.means();
            int size = 1;
            while (n / size > 40) {
                size *= 2;
            }
            assertThat(means).hasSize(n / size);
            for (int i = 0; i < means.length; i++) {
                assertThat(means[i]).isCloseTo(Arrays.stream(values, i * size, (i + 1) * size).average().orElseThrow(),
                    within(1e-12));
            }
        }
    }

    // Oracle: arithmetic by hand. A level of 3 for the first half and 1 for the second, and one thing every 10 ns.
    @Test
    void aSeriesIsCutIntoTwentyEqualParts() {
        StepSeries level = new StepSeries("level", Unit.COUNT, "Level");
        StepSeries rate = new StepSeries("rate", Unit.PER_SECOND, "Rate");
        level.begin(100);
        rate.begin(100);
        assertThat(level.batchMeans()).isEmpty();
        for (int t = 10; t <= 1 << 16; t += 10) {
            level.hold(t <= 1 << 15 ? 3 : 1, 100 + t);
            rate.happened(1, 100 + t);
        }
        double[] means = level.batchMeans();
        assertThat(means).hasSize(20);
        assertThat(means[0]).isEqualTo(3);
        assertThat(means[19]).isEqualTo(1);
        assertThat(Arrays.stream(rate.batchMeans())).allSatisfy(perNs -> assertThat(perNs).isCloseTo(0.1, within(0.001)));
    }

    // Oracle: coverage. Of 400 runs of 2,000 tosses, about 95 % of the intervals of the share hold the true one.
    @Test
    void theIntervalOfAShareCoversIt() {
        Random random = new Random(5);
        int covered = 0;
        for (int run = 0; run < 400; run++) {
            Batches batches = new Batches();
            int heads = 0;
            for (int i = 0; i < 2000; i++) {
                boolean head = random.nextDouble() < 0.2;
                heads += head ? 1 : 0;
                batches.add(head ? 1 : 0);
            }
            Samples share = Samples.Raw.mean(heads / 2000.0, batches.means());
            Interval interval = Pooled.of(List.of(share)).meanInterval(0.95);
            assertThat(interval.method()).isEqualTo(Interval.Method.BATCH_MEANS);
            covered += interval.contains(0.2) ? 1 : 0;
        }
        assertThat(covered / 400.0).isBetween(0.915, 0.985);
    }
}
