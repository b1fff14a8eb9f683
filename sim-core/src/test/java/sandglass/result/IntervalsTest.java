package sandglass.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.junit.jupiter.api.Test;

/** Intervals against formulas and against their promise: how often they cover the truth. */
class IntervalsTest {

    private static final int TRIALS = 4000;

    @Test
    void studentAgreesWithTheTextbookFormula() {
        // Oracle: mean and standard deviation by commons-math, t quantile by commons-math.
        double[] values = {12.1, 9.7, 11.4, 10.2, 13.9, 8.8};
        SummaryStatistics second = new SummaryStatistics();
        Arrays.stream(values).forEach(second::addValue);
        double half = new TDistribution(5).inverseCumulativeProbability(0.975) * second.getStandardDeviation() / Math.sqrt(6);

        Interval interval = Intervals.mean(values, 0.95);

        assertThat(interval.low()).isCloseTo(second.getMean() - half, within(1e-9));
        assertThat(interval.high()).isCloseTo(second.getMean() + half, within(1e-9));
    }

    @Test
    void studentCoversTheMeanAsOftenAsPromised() {
        // Oracle: the definition, by simulation with normal values where it is exact; 95 % within four standard errors.
        Random random = new Random(11);
        int covered = 0;
        for (int i = 0; i < TRIALS; i++) {
            covered += Intervals.mean(random.doubles(8).map(u -> 5 + random.nextGaussian()).toArray(), 0.95).contains(5) ? 1 : 0;
        }
        assertThat(covered / (double) TRIALS).isCloseTo(0.95, within(4 * Math.sqrt(0.95 * 0.05 / TRIALS)));
    }

    @Test
    void ratioCoversTheMeanOverSamplesWhenCountsVary() {
        // Oracle: simulation; the mean over all samples is 10 whatever their number; asymptotic, so 93 to 97 %.
        Random random = new Random(12);
        int covered = 0;
        for (int i = 0; i < TRIALS; i++) {
            Samples[] replications = new Samples[30];
            for (int r = 0; r < replications.length; r++) {
                double shared = random.nextGaussian();
                replications[r] = Samples.Raw.of(random.doubles(1 + random.nextInt(9)).map(u -> 10 + shared + random.nextGaussian()).toArray());
            }
            covered += Pooled.of(List.of(replications)).meanInterval(0.95).contains(10) ? 1 : 0;
        }
        assertThat(covered / (double) TRIALS).isBetween(0.93, 0.97);
    }

    @Test
    void batchMeansCoverTheMeanOfCorrelatedValuesWhereNaiveIntervalsDoNot() {
        // Oracle: an AR(1) process with coefficient 0.8 has mean 0; the naive interval is known to be three times too narrow.
        Random random = new Random(13);
        int batched = 0;
        int naive = 0;
        for (int i = 0; i < TRIALS; i++) {
            double[] values = autoregressive(random, 1000, 0.8);
            batched += Intervals.batchMeans(values, Intervals.BATCHES, 0.95).contains(0) ? 1 : 0;
            naive += Intervals.mean(values, 0.95).contains(0) ? 1 : 0;
        }
        assertThat(batched / (double) TRIALS).isBetween(0.90, 0.97);
        assertThat(naive / (double) TRIALS).isLessThan(0.6);
    }

    @Test
    void quantileIntervalCoversTheQuantileWhateverTheDistribution() {
        // Oracle: order statistics are conservative, so at least 95 % minus four standard errors; exponential with median ln 2.
        Random random = new Random(14);
        int covered = 0;
        for (int i = 0; i < TRIALS; i++) {
            double[] values = random.doubles(50).map(u -> -Math.log(1 - u)).sorted().toArray();
            covered += Intervals.quantile(k -> values[(int) k - 1], 50, 0.5, 0.95).contains(Math.log(2)) ? 1 : 0;
        }
        assertThat(covered / (double) TRIALS).isBetween(0.95 - 4 * Math.sqrt(0.95 * 0.05 / TRIALS), 0.99);
    }

    @Test
    void quantileRanksAreThePublishedOnes() {
        // Oracle: tables of the sign test; for n = 10 the 95 % interval of the median is from the 2nd to the 9th value.
        Interval interval = Intervals.quantile(k -> k, 10, 0.5, 0.95);

        assertThat(interval.low()).isEqualTo(2);
        assertThat(interval.high()).isEqualTo(9);
        assertThat(Intervals.quantile(k -> k, 30, 0.99, 0.95).high()).isInfinite();
    }

    @Test
    void quantileIntervalOverReplicationsSeesTheirDependence() {
        // Oracle: simulation; samples of a replication share a shift, so binomial ranks would cover far less than 95 %.
        Random random = new Random(15);
        int clustered = 0;
        int binomial = 0;
        for (int i = 0; i < TRIALS; i++) {
            Samples[] replications = new Samples[20];
            for (int r = 0; r < replications.length; r++) {
                double shared = random.nextGaussian();
                replications[r] = Samples.Raw.of(random.doubles(20).map(u -> shared + random.nextGaussian()).toArray());
            }
            Pooled pooled = Pooled.of(List.of(replications));
            clustered += pooled.quantileInterval(0.5, 0.95).contains(0) ? 1 : 0;
            binomial += Intervals.quantile(pooled::rank, pooled.n(), 0.5, 0.95).contains(0) ? 1 : 0;
        }
        assertThat(clustered / (double) TRIALS).isBetween(0.92, 0.98);
        assertThat(binomial / (double) TRIALS).isLessThan(0.8);
    }

    @Test
    void independenceIsDoubtedAsOftenAsPromisedAndCorrelationFound() {
        // Oracle: the test's level of 5 % by simulation, and its power against an AR(1) process.
        Random random = new Random(16);
        int doubted = 0;
        int found = 0;
        for (int i = 0; i < TRIALS; i++) {
            doubted += Intervals.looksIndependent(autoregressive(random, 30, 0)) ? 0 : 1;
            found += Intervals.looksIndependent(autoregressive(random, 60, 0.8)) ? 0 : 1;
        }
        assertThat(doubted / (double) TRIALS).isCloseTo(0.05, within(0.02));
        assertThat(found / (double) TRIALS).isGreaterThan(0.98);
    }

    @Test
    void aSingleRunOfDependentValuesTooShortForBatchesHasNoInterval() {
        // Oracle: the definition; a steady trend is no independent sample.
        double[] trend = Arrays.stream(new double[19]).map(v -> v).toArray();
        Arrays.setAll(trend, i -> i);

        assertThat(Intervals.singleRun(trend, 0.95).known()).isFalse();
        assertThat(Intervals.singleRun(autoregressive(new Random(2), 30, 0), 0.95).method()).isEqualTo(Interval.Method.SAMPLES);
        assertThat(Intervals.singleRun(autoregressive(new Random(2), 500, 0.5), 0.95).method()).isEqualTo(Interval.Method.BATCH_MEANS);
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
