package sandglass.experiment.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.experiment.read.ExperimentFile;
import sandglass.experiment.read.ExperimentReader;
import sandglass.experiment.read.Library;
import sandglass.experiment.store.ResultFile;
import sandglass.experiment.store.ResultStore;
import sandglass.experiment.sweep.Progress;
import sandglass.result.Clock;
import sandglass.result.Measurement;
import sandglass.result.Metrics;
import sandglass.result.RunProvenance;
import sandglass.result.RunResult;
import sandglass.result.Samples;
import sandglass.run.Executor;
import sandglass.run.UnsupportedHereException;
import sandglass.scenario.Scenario;

/** The two passes over several experiments, on a pretended host that gets slower with every run. */
class ValidationTest {

    private static final List<String> BOTH = List.of("one.a", "one.b", "two.a", "two.b");

    @TempDir private Path directory;

    private final List<String> real = new ArrayList<>();
    private final AtomicLong expected = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private String lacking = "";
    private int killedAfter = Integer.MAX_VALUE;

    @BeforeEach void writeExperiments() throws IOException {
        Files.createDirectories(directory.resolve("stacks"));
        for (String stack : List.of("a", "b")) {
            Files.writeString(directory.resolve("stacks/" + stack + ".yaml"), "stack: " + stack + "\nboundary: process\nlifecycle: {}\n");
        }
        for (String name : List.of("one", "two")) {
            Files.writeString(directory.resolve(name + ".yaml"), "experiment: " + name + "\nquestion: what?\nstack: [a, b]\n"
                    + "function: {name: f, work: []}\nload: {closed: {clients: 1}}\nhost: {cores: 1, memory: 1GiB}\nlength: {invocations: 1}\n");
        }
    }

    private static RunResult result(Scenario scenario, int replication, String executor, double value) {
        return new RunResult(scenario.id(), scenario.digest(), scenario.experiment(), scenario.stack().name(), scenario.role(), scenario.axes(),
                scenario.spec(), scenario.tolerances(), scenario.seed(), replication, executor, new RunProvenance("test", "17", Map.of(), ""),
                List.of(new Measurement(Metrics.WAIT, Clock.WALL, Samples.Raw.of(value))), List.of(), List.of(), List.of(), List.of(),
                List.of(), Map.of(), List.of());
    }

    private static String label(Scenario scenario) {
        return scenario.experiment() + "." + scenario.stack().name();
    }

    /** The host: each run takes one more than the one before. */
    private final class Drifting implements Executor {
        @Override public String name() {
            return "probe";
        }

        @Override public RunResult run(Scenario scenario, int replication) throws UnsupportedHereException {
            if (label(scenario).equals(lacking)) {
                throw new UnsupportedHereException("no " + lacking, "get one");
            }
            if (real.size() == killedAfter) {
                throw new AssertionError("killed");
            }
            real.add(label(scenario));
            return result(scenario, replication, name(), 100 + real.size());
        }
    }

    private static final class Predicting implements Executor {
        @Override public String name() {
            return "sim";
        }

        @Override public RunResult run(Scenario scenario, int replication) {
            return result(scenario, replication, name(), 100);
        }
    }

    private final class Counting implements Progress {
        @Override public void expect(long runs) {
            expected.addAndGet(runs);
        }

        @Override public void ended(String scenarioId) {
            ended.incrementAndGet();
        }
    }

    private List<Validation.Checked> validate(String out) {
        Announced announced = new Announced(new Counting());
        Validation.Reality reality = Validation.twice(new Drifting(), scenario -> {});
        List<Validation> validations = new ArrayList<>();
        for (String name : List.of("one", "two")) {
            ExperimentFile.Experiment experiment = (ExperimentFile.Experiment) new ExperimentReader(new Library(List.of()), List.of(),
                    OptionalLong.empty()).read(directory.resolve(name + ".yaml"));
            validations.add(new Validation(experiment, directory.resolve(out).resolve(name),
                    new Executors.Chosen(new Predicting(), Optional.empty()), reality, Set.of(), 1, announced));
        }
        return Validation.all(validations);
    }

    /**
     * Oracle: analytic. Four runs lie between the two of each scenario, in which this host gets slower by 4: of 101 ... 104. The floor of a
     * stack is the root mean square of its two logarithms, or what the scenario's own two differ by where that is more.
     */
    @Test void nothingIsMeasuredAgainBeforeEverythingWasMeasuredOnce() {
        List<Validation.Checked> all = validate("out");

        assertThat(real).containsExactly("one.a", "one.b", "two.a", "two.b", "one.a", "one.b", "two.a", "two.b");
        double[] noise = all.stream().flatMap(checked -> checked.comparisons().stream())
                .mapToDouble(c -> c.metrics().get(0).noise().median()).toArray();
        assertThat(noise).containsExactly(new double[] {105.0 / 101 - 1, 106.0 / 102 - 1, floor(101, 103), floor(102, 104)}, within(1e-9));
        assertThat(expected).hasValue(8);
        assertThat(ended).hasValue(8);
    }

    private static double floor(double... firsts) {
        return Math.exp(Math.sqrt(Arrays.stream(firsts).map(ns -> Math.pow(Math.log((ns + 4) / ns), 2)).average().orElseThrow())) - 1;
    }

    /** Oracle: the number of real runs of a validation that nobody kills, wherever another was killed. */
    @Test void aKilledValidationGoesOnWhereItWas() {
        for (int runs = 0; runs < 2 * BOTH.size(); runs++) {
            String out = "killed" + runs;
            real.clear();
            killedAfter = runs;
            assertThatThrownBy(() -> validate(out)).hasRootCauseMessage("killed");
            killedAfter = Integer.MAX_VALUE;
            List<Validation.Checked> all = validate(out);

            assertThat(real).as("killed after " + runs).hasSize(2 * BOTH.size());
            assertThat(real.subList(0, BOTH.size())).isEqualTo(BOTH);
            assertThat(real.subList(BOTH.size(), 2 * BOTH.size())).isEqualTo(BOTH);
            assertThat(all).allSatisfy(checked -> assertThat(checked.results()).extracting(RunResult::executor)
                    .filteredOn(name -> !name.equals("sim")).containsExactly("probe", "again", "probe", "again"));
            assertThat(ResultFile.read(directory.resolve(out).resolve("two").resolve(ResultStore.FILE)).results())
                    .as("ten predictions and two measurements of each").hasSize(24);
        }
    }

    /** Oracle: what is skipped is neither run again nor waited for. */
    @Test void whatTheHostLacksIsLeftOutOfBothPasses() {
        lacking = "one.b";
        List<Validation.Checked> all = validate("out");

        assertThat(real).containsExactly("one.a", "two.a", "two.b", "one.a", "two.a", "two.b");
        assertThat(all.get(0).skipped()).extracting(Validation.Skipped::reason).containsExactly("no one.b");
        assertThat(all.get(0).comparisons()).hasSize(1);
        assertThat(expected).hasValue(6);
        assertThat(ended).hasValue(6);
    }
}
