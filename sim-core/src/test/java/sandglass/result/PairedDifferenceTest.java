package sandglass.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sandglass.scenario.Length.Repeat.UntilHalfWidth;

/** Differences under common random numbers, and when to stop. */
class PairedDifferenceTest {

    @Test
    void agreesWithHandArithmetic() {
        // Oracle: by hand. Differences 1, 2, 3: mean 2, sd 1, t(2) = 4.30265, half-width 2.48414.
        PairedDifference paired = PairedDifference.of("wait", new double[] {11, 22, 33}, new double[] {10, 20, 30}, 0.95);

        assertThat(paired.difference()).isEqualTo(2);
        assertThat(paired.differenceInterval().halfWidth()).isCloseTo(2.48414, within(1e-5));
        assertThat(paired.ratio()).isCloseTo(1.1, within(1e-12));
        // Variances: a 121, b 100, difference 1.
        assertThat(paired.varianceReduction()).isCloseTo(221, within(1e-9));
    }

    @Test
    void varianceReductionIsTheOneOfTheModel() {
        // Oracle: a = shared + own noise: var(a) + var(b) = 2 (4 + 1), var(a - b) = 2, so the ratio is 5.
        Random random = new Random(5);
        int n = 20_000;
        double[] a = new double[n];
        double[] b = new double[n];
        for (int i = 0; i < n; i++) {
            double shared = 2 * random.nextGaussian();
            a[i] = shared + random.nextGaussian();
            b[i] = shared + random.nextGaussian();
        }
        assertThat(PairedDifference.of("wait", a, b, 0.95).varianceReduction()).isCloseTo(5, within(0.2));
    }

    @Test
    void pairsBySeedAndReplicationWhateverTheOrder() {
        // Oracle: by hand; replication 2 has no partner.
        List<RunResult> a = List.of(run(1, 5), run(0, 3), run(2, 100));
        List<RunResult> b = List.of(run(0, 1), run(1, 2));

        PairedDifference paired = PairedDifference.of(a, b, "wait", 0.95);

        assertThat(paired.pairs()).isEqualTo(2);
        assertThat(paired.difference()).isEqualTo(2.5);
        assertThatThrownBy(() -> PairedDifference.of(a, b, "get", 0.95)).hasMessageContaining("get has 0 replications");
    }

    @Test
    void stopsWithTheErrorAskedFor() {
        // Oracle: simulation; at least 90 % of stops lie within the relative error, and none before the least number of runs.
        Random random = new Random(6);
        UntilHalfWidth rule = new UntilHalfWidth("wait", 0.05, 0.95, 5, 2000);
        int within = 0;
        int trials = 300;
        for (int trial = 0; trial < trials; trial++) {
            List<RunResult> runs = new ArrayList<>();
            while (Stopping.decide(rule, runs) == Stopping.Decision.CONTINUE) {
                runs.add(run(runs.size(), 10 + 2 * random.nextGaussian()));
            }
            assertThat(runs).hasSizeGreaterThanOrEqualTo(5);
            double mean = runs.stream().mapToDouble(r -> r.measurements().get(0).samples().mean()).average().orElseThrow();
            within += Math.abs(mean / 10 - 1) <= 0.05 ? 1 : 0;
        }
        assertThat(within / (double) trials).isGreaterThan(0.90);
    }

    @Test
    void stopsAtTheMostAndNamesAMissingMetric() {
        // Oracle: the definition.
        UntilHalfWidth rule = new UntilHalfWidth("wait", 0.01, 0.95, 2, 3);
        List<RunResult> runs = List.of(run(0, 1), run(1, 50), run(2, 100));

        assertThat(Stopping.decide(rule, runs)).isEqualTo(Stopping.Decision.EXHAUSTED);
        assertThatThrownBy(() -> Stopping.decide(new UntilHalfWidth("recycle", 0.01, 0.95, 2, 3), runs))
                .hasMessageContaining("no metric 'recycle'").hasMessageContaining("it has wait");
    }

    private static RunResult run(int replication, double value) {
        return TestResults.run("sim", replication, TestResults.raw(Metrics.WAIT, value));
    }
}
