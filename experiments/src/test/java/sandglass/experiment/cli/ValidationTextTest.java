package sandglass.experiment.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sandglass.experiment.read.ExperimentFile;
import sandglass.result.Clock;
import sandglass.result.Comparison;
import sandglass.result.LedgerEntry;
import sandglass.result.Measurement;
import sandglass.result.Metric;
import sandglass.result.Metrics;
import sandglass.result.NoiseFloor;
import sandglass.result.RunProvenance;
import sandglass.result.RunResult;
import sandglass.result.Samples;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.scenario.Scenario;

/** Oracle: analytic. A response is made of a wait, in it a start and a queue, and a service; who mistakes one of them is told which. */
class ValidationTextTest {

    private static final int SAMPLES = 200;

    private final List<Comparison> comparisons = new ArrayList<>();

    private static Measurement constant(Metric metric, double value) {
        double[] values = new double[SAMPLES];
        Arrays.fill(values, value);
        return new Measurement(metric, Clock.NONE, new Samples.Raw(values));
    }

    private static Measurement withTail(Metric metric, double value, double last) {
        double[] values = new double[SAMPLES];
        Arrays.fill(values, 0, SAMPLES - SAMPLES / 10, value);
        Arrays.fill(values, SAMPLES - SAMPLES / 10, SAMPLES, last);
        return new Measurement(metric, Clock.NONE, new Samples.Raw(values));
    }

    private static RunResult run(String id, String stack, String executor, long exits, Measurement... measurements) {
        return new RunResult(id, "sha256:" + id, "e", stack, Scenario.Role.VALIDATE, Map.of(), "{}", Map.of(), 1, 0, executor,
                new RunProvenance("test", "17", Map.of(), ""), List.of(measurements), List.of(),
                List.of(new LedgerEntry(Phase.RUN, ModeSwitch.PIO_EXIT, exits, 0)), List.of(), List.of(), List.of(), Map.of(), List.of());
    }

    private static Measurement[] whole(double cold, double queueing, double service) {
        return new Measurement[] {constant(Metrics.START_COLD, cold), constant(Metrics.WAIT, cold + queueing),
            constant(Metrics.SERVICE, service), constant(Metrics.RESPONSE, cold + queueing + service)};
    }

    private void compare(RunResult predicted, RunResult measured) {
        comparisons.add(Comparison.of(predicted, measured));
    }

    private Map<String, String> causes() {
        List<ValidationRow> rows = ValidationRow.of(comparisons.get(0));
        Causes causes = new Causes(rows);
        Map<String, String> all = new java.util.TreeMap<>();
        rows.stream().filter(row -> !row.outcome().agrees())
                .forEach(row -> all.put(row.id() + " " + ValidationText.kebab(row.statistic()), causes.of(row)));
        return all;
    }

    @Test void aWrongStartIsFoundBehindTheWaitAndTheResponse() {
        compare(run("s", "usetl", "sim", 7, whole(200, 100, 600)), run("s", "usetl", "probe", 7, whole(400, 100, 600)));

        assertThat(causes()).containsEntry("start.cold p50", "wrong cost").containsEntry("wait p50", "wrong cost: through start.cold")
                .containsEntry("response p99", "wrong cost: through wait").doesNotContainKey("service p50").hasSize(6);
    }

    @Test void aLongerQueueIsNamedWithTheServiceThatItIsFor() {
        compare(run("s", "usetl", "sim", 7, whole(200, 100, 600)), run("s", "usetl", "probe", 7, whole(200, 900, 600)));
        assertThat(causes()).containsEntry("wait p50", "wrong cost: queueing");

        comparisons.clear();
        compare(run("s", "usetl", "sim", 7, whole(200, 100, 600)), run("s", "usetl", "probe", 7, whole(200, 900, 700)));
        assertThat(causes()).containsEntry("wait p50", "wrong cost: queueing, for which the service is off");
    }

    @Test void aTailThatIsMissingAndACountThatDiffersAreCausesOfTheirOwn() {
        compare(run("s", "usetl", "sim", 7, constant(Metrics.SERVICE, 600)),
                run("s", "usetl", "probe", 7, withTail(Metrics.SERVICE, 600, 900)));
        assertThat(causes()).containsExactly(Map.entry("service p99", "wrong spread: the median agrees"));

        comparisons.clear();
        compare(run("s", "usetl", "sim", 7, constant(Metrics.SERVICE, 600)), run("s", "usetl", "probe", 8, constant(Metrics.SERVICE, 900)));
        assertThat(causes()).allSatisfy((row, cause) -> assertThat(cause).isEqualTo("wrong structure: run pio-exit")).hasSize(3);
    }

    /** Two scenarios: a start that is wrong on one stack, memory that is right on the other. */
    @Test void sharesAreToldByFamilyAndByStack() throws Exception {
        compare(run("s", "usetl", "sim", 7, whole(200, 100, 600)), run("s", "usetl", "probe", 7, whole(400, 100, 600)));
        compare(run("t", "process", "sim", 7, constant(Metrics.MEMORY_PSS, 5)), run("t", "process", "probe", 7, constant(Metrics.MEMORY_PSS, 5)));
        List<Validation.Checked> all = List.of(new Validation.Checked(new ExperimentFile.Experiment("e", "?", Path.of("e.yaml"),
                Path.of("c.json"), List.of(), List.of(), List.of()), NoiseFloor.NONE, comparisons, List.of(), List.of(), List.of()));

        assertThat(ValidationText.of(all)).containsPattern("all +2 of 5 \\(40 %\\) +2 of 5 \\(40 %\\) +2 of 2 \\(100 %\\)")
                .containsPattern("times +1 of 4 \\(25 %\\)").containsPattern("starts +0 of 1 \\(0 %\\)").containsPattern("services +1 of 1")
                .containsPattern("memory +1 of 1").containsPattern("on process +1 of 1").containsPattern("on usetl +1 of 4");
        assertThat(ValidationText.markdown(all)).contains("| times | 1 of 4 (25 %) | 1 of 4 (25 %) |  |")
                .contains("| DIFFERS | wrong cost: through start.cold |");
        JsonNode json = new ObjectMapper().readTree(ValidationText.json(all));
        assertThat(json).hasSize(4);
        assertThat(json.get(0).get("disagreements")).hasSize(6);
        assertThat(json.get(1).get("disagreements")).isEmpty();
        JsonNode first = json.get(3).get("shares").get(0);
        assertThat(first.get("group").asText()).isEqualTo("all");
        assertThat(first.get("statistic").asText()).isEqualTo("p50");
        assertThat(first.get("rows").asInt()).isEqualTo(5);
        assertThat(first.get("agree").asInt()).isEqualTo(2);
    }

    /** Two measurements of a start of 200 and 300 ns, a prediction of 280: the floor is 50 %, printed with the one pair it is made of. */
    @Test void theFloorOfWhatIsJudgedIsPrinted() throws Exception {
        NoiseFloor.Twice twice = new NoiseFloor.Twice(List.of(run("s", "usetl", "probe", 7, constant(Metrics.START_COLD, 200))),
                List.of(run("s", "usetl", "probe", 7, constant(Metrics.START_COLD, 300))));
        NoiseFloor floor = NoiseFloor.of(List.of(twice));
        Comparison comparison = Comparison.of(List.of(run("s", "usetl", "sim", 7, constant(Metrics.START_COLD, 280))), twice, floor);
        Comparison itself = Comparison.of(twice.again(), new NoiseFloor.Twice(twice.once(), List.of()), NoiseFloor.NONE);
        List<Validation.Checked> all = List.of(new Validation.Checked(new ExperimentFile.Experiment("e", "?", Path.of("e.yaml"),
                Path.of("c.json"), List.of(), List.of(), List.of()), floor, List.of(comparison), List.of(itself), List.of(), List.of()));

        assertThat(ValidationText.of(all)).containsPattern("start.cold +usetl +the others +50 % +1 +50 % +1");
        assertThat(ValidationText.markdown(all)).contains("| start.cold | usetl | the others | 50 % | 1 | 50 % | 1 |")
                .contains("1 of 1 times and sizes agree (100 %)")
                .contains("the host's second measurement agrees with its first in 0 of 1 (0 %).\n");
        assertThat(new ObjectMapper().readTree(ValidationText.json(all)).get(1).get("noise").get(0).get("noise").get(0).asDouble())
                .isCloseTo(0.5, within(1e-9));
    }
}
