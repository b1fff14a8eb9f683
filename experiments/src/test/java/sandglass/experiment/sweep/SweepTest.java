package sandglass.experiment.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.experiment.read.ExperimentFile;
import sandglass.experiment.read.ExperimentReader;
import sandglass.experiment.read.Library;
import sandglass.experiment.read.Setting;
import sandglass.experiment.store.ResultStore;
import sandglass.result.Clock;
import sandglass.result.Measurement;
import sandglass.result.Metrics;
import sandglass.result.RunProvenance;
import sandglass.result.RunResult;
import sandglass.result.Samples;
import sandglass.run.Executor;
import sandglass.run.SsjStreams;
import sandglass.run.UnsupportedHereException;
import sandglass.scenario.Scenario;
import sandglass.scenario.Uniforms;

class SweepTest {

    private static final String CALIBRATION = "sha256:c";

    @TempDir Path dir;
    private Path file;

    /** Draws three numbers from the scenario's streams; counts its runs; may be told to fail on a stack. */
    private static final class Draws implements Executor {
        final AtomicInteger runs = new AtomicInteger();
        String unsupported = "";
        String broken = "";

        @Override public String name() {
            return "sim";
        }

        @Override public RunResult run(Scenario scenario, int replication) throws UnsupportedHereException {
            if (scenario.stack().name().equals(unsupported)) {
                throw new UnsupportedHereException("no " + unsupported, "get one");
            }
            if (scenario.stack().name().equals(broken)) {
                throw new IllegalStateException("pages do not return to zero at 12 ns");
            }
            runs.incrementAndGet();
            Uniforms uniforms = new SsjStreams(scenario.seed(), replication).named("draws");
            double shift = scenario.stack().name().length();
            return new RunResult(scenario.id(), scenario.digest(), scenario.experiment(), scenario.stack().name(), scenario.role(),
                    scenario.axes(), scenario.spec(), scenario.tolerances(), scenario.seed(), replication, name(),
                    new RunProvenance("test", "17", Map.of(), CALIBRATION),
                    List.of(new Measurement(Metrics.WAIT, Clock.VIRTUAL, Samples.Raw.of(shift + uniforms.next(), shift + uniforms.next()))),
                    List.of(), List.of(), List.of(), List.of(), List.of(), Map.of(), List.of());
        }
    }

    @BeforeEach void writeExperiment() throws Exception {
        Files.createDirectories(dir.resolve("stacks"));
        for (String stack : List.of("a", "bb", "ccc")) {
            Files.writeString(dir.resolve("stacks/" + stack + ".yaml"), "stack: " + stack + "\nboundary: process\nlifecycle: {}\n");
        }
        file = Files.writeString(dir.resolve("e.yaml"), """
            experiment: e
            question: Does it resume?
            stack: [a, bb, ccc]
            function: {name: f, work: []}
            load: {closed: {clients: 1}}
            host: {cores: 1, memory: 1GiB}
            length: {invocations: 1, replications: 4}
            """);
    }

    private List<Scenario> scenarios(String... settings) {
        ExperimentReader reader = new ExperimentReader(new Library(List.of()), List.of(settings).stream().map(Setting::parse).toList(),
                OptionalLong.empty());
        return ((ExperimentFile.Experiment) reader.read(file)).scenarios();
    }

    private Outcome sweep(Executor executor, String out, int jobs, List<Scenario> scenarios) {
        try (ResultStore store = ResultStore.open(dir.resolve(out))) {
            return new Sweep(executor, CALIBRATION, store, jobs, Progress.silent()).run(scenarios);
        }
    }

    private List<String> sortedLines(String out) throws Exception {
        return Files.readAllLines(dir.resolve(out).resolve(ResultStore.FILE)).stream().sorted().toList();
    }

    /** Oracle: the same sweep on one thread. */
    @Test void resultsDoNotDependOnTheNumberOfThreads() throws Exception {
        Outcome one = sweep(new Draws(), "one", 1, scenarios());
        Outcome four = sweep(new Draws(), "four", 4, scenarios());
        assertThat(one.results()).hasSize(12);
        assertThat(four.results()).isEqualTo(one.results());
        assertThat(sortedLines("four")).isEqualTo(sortedLines("one"));
    }

    /** Oracle: an uninterrupted sweep. The file is cut at every tenth byte, as if killed there, and the sweep run again. */
    @Test void aSweepCutOffAnywhereEndsLikeAnUninterruptedOne() throws Exception {
        Outcome whole = sweep(new Draws(), "whole", 1, scenarios());
        byte[] bytes = Files.readAllBytes(dir.resolve("whole").resolve(ResultStore.FILE));
        for (int cut = 0; cut < bytes.length; cut += bytes.length / 10 + 1) {
            String out = "cut" + cut;
            Files.createDirectories(dir.resolve(out));
            Files.write(dir.resolve(out).resolve(ResultStore.FILE), java.util.Arrays.copyOf(bytes, cut));
            Draws draws = new Draws();
            Outcome resumed = sweep(draws, out, 2, scenarios());
            assertThat(resumed.results()).isEqualTo(whole.results());
            assertThat(resumed.reused() + draws.runs.get()).isEqualTo(12);
            assertThat(sortedLines(out)).isEqualTo(sortedLines("whole"));
        }
    }

    @Test void nothingIsRunTwice() {
        Draws draws = new Draws();
        sweep(draws, "out", 2, scenarios());
        Outcome again = sweep(draws, "out", 2, scenarios());
        assertThat(draws.runs.get()).isEqualTo(12);
        assertThat(again.reused()).isEqualTo(12);
        sweep(draws, "out", 2, scenarios("length.replications=6"));
        assertThat(draws.runs.get()).isEqualTo(18);
        assertThat(sweep(draws, "out", 2, scenarios("length.replications=2")).results()).hasSize(6);
        sweep(draws, "out", 2, scenarios("seed=5"));
        assertThat(draws.runs.get()).as("another seed is another run").isEqualTo(30);
    }

    /** Oracle: results belong to a scenario's content; a renamed axis or experiment keeps them. */
    @Test void storedResultsTakeTheNamesOfToday() {
        Draws draws = new Draws();
        sweep(draws, "out", 1, scenarios());
        Outcome one = sweep(draws, "out", 1, scenarios("stack=bb", "experiment=renamed"));
        assertThat(draws.runs.get()).isEqualTo(12);
        assertThat(one.results()).hasSize(4).allSatisfy(result -> assertThat(result.scenarioId()).startsWith("renamed-"));
    }

    /** Oracle: the rule itself, applied to the results: the last round was needed, and one round earlier it was not met. */
    @Test void replicationsStopAtTheHalfWidthWhateverTheThreads() {
        String[] until = {"length={invocations: 1, until: {metric: wait, relative-half-width: 4%, least: 3, most: 200}}"};
        Outcome one = sweep(new Draws(), "one", 1, scenarios(until));
        Outcome three = sweep(new Draws(), "three", 3, scenarios(until));
        assertThat(three.results()).isEqualTo(one.results());
        Map<String, Long> count = one.results().stream().collect(
                java.util.stream.Collectors.groupingBy(RunResult::stack, java.util.stream.Collectors.counting()));
        assertThat(count.get("a")).isGreaterThan(count.get("ccc")).isLessThan(200);
        assertThat(one.warnings()).isEmpty();
        Outcome capped = sweep(new Draws(), "capped", 2,
                scenarios("length={invocations: 1, until: {metric: wait, relative-half-width: 0.01%, least: 3, most: 7}}"));
        assertThat(capped.results()).hasSize(21);
        assertThat(capped.warnings()).hasSize(3).allSatisfy(w -> assertThat(w).contains("7 replications"));
    }

    @Test void aFailureIsReportedWithItsScenarioAndTheOthersEnd() {
        Draws draws = new Draws();
        draws.broken = "bb";
        Outcome outcome = sweep(draws, "out", 2, scenarios());
        assertThat(outcome.results()).hasSize(8);
        assertThat(outcome.failures()).hasSize(4);
        assertThat(outcome.failures().get(0).describe()).contains("scenario e.bb-").contains("replication 0, seed 1: pages do not return");
        draws.broken = "";
        assertThat(sweep(draws, "out", 2, scenarios()).results()).hasSize(12);
        assertThat(draws.runs.get()).isEqualTo(12);
    }

    /** Oracle: the run that was recorded. */
    @Test void aRecordingPlaysBackWhatWasRun() {
        List<RunResult> recorded = new ArrayList<>(sweep(new Draws(), "first", 1, scenarios()).results());
        Executor player = new RecordedExecutor(recorded);
        assertThat(sweep(player, "second", 2, scenarios()).results()).isEqualTo(recorded);
        Outcome more = sweep(player, "third", 1, scenarios("length.replications=5"));
        assertThat(more.failures()).hasSize(3).allSatisfy(
                failure -> assertThat(failure.cause()).isInstanceOf(UnsupportedHereException.class).hasMessageContaining("no recording")
                        .hasMessageContaining("only other replications of it are"));
    }

    @Test void aRecordingSaysWhatItHasInstead() {
        // Oracle: what was put into it. A scenario's identity ends with its digest, so that a changed one differs in nothing else.
        List<Scenario> all = scenarios();
        List<RunResult> recorded = sweep(new Draws(), "first", 1, all).results();
        List<Scenario> changed = scenarios("host.cores=3");
        assertThat(changed.get(0).digest()).isNotEqualTo(all.get(0).digest());
        assertThatThrownBy(() -> new RecordedExecutor(recorded).run(changed.get(0), 0))
                .hasMessageContaining("something of it has changed since it was recorded as " + all.get(0).id());
        assertThatThrownBy(() -> new RecordedExecutor(List.of()).run(all.get(0), 0)).hasMessageContaining("nothing is recorded");
    }

    @Test void aStoppedSweepStartsNothing() {
        Draws draws = new Draws();
        try (ResultStore store = ResultStore.open(dir.resolve("out"))) {
            Sweep sweep = new Sweep(draws, CALIBRATION, store, 2, Progress.silent());
            sweep.stop();
            assertThat(sweep.run(scenarios()).results()).isEmpty();
        }
        assertThat(draws.runs.get()).isZero();
    }
}
