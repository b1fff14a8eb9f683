package sandglass.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sandglass.result.Pooled;
import sandglass.result.Samples;

/** What remains of many samples. */
class SampleCollectorTest {

    @Test
    void batchesKeptWithASketchCoverTheMeanOfCorrelatedValues() {
        // Oracle: simulation; an AR(1) process with mean 10^6 that is gathered one by one, of which no order remains
        // but the batches'.
        Random random = new Random(17);
        int covered = 0;
        int trials = 1000;
        for (int i = 0; i < trials; i++) {
            SampleCollector collector = new SampleCollector();
            for (double value : autoregressive(random, 3000, 0.8)) {
                collector.add(Math.round(1e6 + 1e4 * value));
            }
            Samples.Sketch sketch = (Samples.Sketch) collector.samples();
            assertThat(sketch.batchMeans()).hasSizeBetween(20, 40);
            covered += Pooled.of(List.of(sketch)).meanInterval(0.95).contains(1e6) ? 1 : 0;
        }
        assertThat(covered / (double) trials).isBetween(0.92, 0.97);
    }

    @Test
    void batchesOfASketchAreMeansOfConsecutiveValues() {
        // Oracle: by hand. The values 0 to 2559 in order fill 20 batches of 128 after merging; each mean is that of its
        // stretch.
        SampleCollector collector = new SampleCollector();
        for (int i = 0; i < 2560 + 100; i++) {
            collector.add(i);
        }
        List<Double> means = ((Samples.Sketch) collector.samples()).batchMeans();

        int size = (int) Math.round(means.get(1) - means.get(0));
        assertThat(means).hasSize(2660 / size);
        for (int i = 0; i < means.size(); i++) {
            assertThat(means.get(i)).isCloseTo(size * i + (size - 1) / 2.0, within(1e-9));
        }
    }

    private static double[] autoregressive(Random random, int n, double coefficient) {
        double[] values = new double[n];
        double value = random.nextGaussian() / Math.sqrt(1 - coefficient * coefficient);
        for (int i = 0; i < n; i++) {
            values[i] = value;
            value = coefficient * value + random.nextGaussian();
        }
        return values;
    }
}
