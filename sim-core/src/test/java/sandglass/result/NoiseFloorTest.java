package sandglass.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sandglass.result.NoiseFloor.Twice;
import sandglass.scenario.Scenario;

/** Oracle: analytic. The root mean square of ln 2 and ln 1 is ln 2 over the root of 2; of ten times ln 3 it is ln 3. */
class NoiseFloorTest {

    private static RunResult run(String experiment, String metricOf, double ns) {
        return new RunResult(experiment + "." + metricOf, "sha256:" + experiment + metricOf, experiment, "usetl", Scenario.Role.VALIDATE, Map.of(),
                "{}", Map.of(), 1, 0, "probe", new RunProvenance("0.1.0", "17", Map.of(), ""), List.of(TestResults.raw(Metrics.WAIT, ns)), List.of(),
                List.of(), List.of(), List.of(), List.of(), Map.of(), List.of());
    }

    private static Twice twice(String experiment, String scenario, double once, double again) {
        return new Twice(List.of(run(experiment, scenario, once)), List.of(run(experiment, scenario, again)));
    }

    @Test
    void aLargeExperimentHasAFloorOfItsOwnAndSmallOnesShareOne() {
        Twice steady = twice("one", "a", 100, 100);
        Twice doubling = twice("two", "a", 100, 200);
        List<Twice> all = new ArrayList<>(List.of(steady, doubling));
        for (int i = 0; i < 10; i++) {
            all.add(twice("large", "a" + i, i % 2 == 0 ? 100 : 300, i % 2 == 0 ? 300 : 100));
        }
        NoiseFloor floor = NoiseFloor.of(all);

        assertThat(floor.of(steady, "wait").median()).isCloseTo(Math.pow(2, Math.sqrt(0.5)) - 1, within(1e-12));
        assertThat(floor.of(doubling, "wait").median()).as("more than the floor, by itself").isCloseTo(1, within(1e-12));
        assertThat(floor.of(all.get(2), "wait").median()).isCloseTo(2, within(1e-12));
        assertThat(floor.entries()).extracting(NoiseFloor.Entry::experiment).containsExactly(NoiseFloor.SHARED, "large");
        assertThat(floor.entries()).extracting(NoiseFloor.Entry::pairs).containsExactly(2L, 10L);
        assertThat(floor.entries()).as("one sample has no 99th percentile").extracting(NoiseFloor.Entry::pairsOfP99s).containsExactly(0L, 0L);
    }

    @Test
    void whatWasMeasuredOnceHasNoFloor() {
        Twice once = new Twice(List.of(run("one", "a", 100)), List.of());

        assertThat(NoiseFloor.of(List.of(once)).entries()).isEmpty();
        assertThat(NoiseFloor.of(List.of(once)).of(once, "wait")).isEqualTo(MetricComparison.Noise.UNKNOWN);
    }

    /** Something that was nothing the other time differs infinitely; that does not make everything else agree. */
    @Test
    void aRatioToNothingIsLeftOut() {
        Twice nothing = twice("one", "a", 0, 100);
        Twice doubling = twice("one", "b", 100, 200);

        assertThat(NoiseFloor.of(List.of(nothing, doubling)).of(doubling, "wait").median()).isCloseTo(1, within(1e-12));
    }
}
