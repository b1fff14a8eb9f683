package sandglass.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static sandglass.result.Verdict.Kind.AGREES;
import static sandglass.result.Verdict.Kind.NOT_COMPARABLE;
import static sandglass.result.Verdict.Kind.WRONG_COST;
import static sandglass.result.Verdict.Kind.WRONG_STRUCTURE;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Scenario;

/** The four verdicts. Oracle unless a test names another: the rules of comparison, by hand. */
class ComparisonTest {

    private final RunResult sim = withSwitches(TestResults.run("sim", 0, around(Metrics.WAIT, 1000, 1)), 7);
    private final RunResult probe = withSwitches(TestResults.run("probe", 0, around(Metrics.WAIT, 1000, 2)), 7);

    @Test
    void equalCountsAndTimesAgree() {
        Comparison comparison = Comparison.of(sim, probe);

        assertThat(comparison.verdict()).isEqualTo(new Verdict(AGREES, "1 counts equal, 1 times within tolerance"));
        assertThat(comparison.metrics().get(0).declared()).isFalse();
        assertThat(comparison.metrics().get(0).tolerance()).isEqualTo(Comparison.DEFAULT_TOLERANCE);
        assertThat(comparison.notes()).isEmpty();
    }

    @Test
    void oneMoreSwitchIsAWrongStructureWhateverTheTimes() {
        Verdict verdict = Comparison.of(sim, withSwitches(TestResults.run("probe", 0, around(Metrics.WAIT, 5000, 2)), 8)).verdict();

        assertThat(verdict.kind()).isEqualTo(WRONG_STRUCTURE);
        assertThat(verdict.reason()).isEqualTo("RUN SYSCALL: 7 against 8");
    }

    @Test
    void countsMustBeEqualInEveryReplicationNotOnlyInSum() {
        List<RunResult> a = List.of(withSwitches(run("sim", 0), 7), withSwitches(run("sim", 1), 9));
        List<RunResult> b = List.of(withSwitches(run("probe", 0), 9), withSwitches(run("probe", 1), 7));

        assertThat(Comparison.of(a, b).verdict().kind()).isEqualTo(WRONG_STRUCTURE);
        assertThat(Comparison.of(a, List.of(withSwitches(run("probe", 1), 9))).verdict().kind()).isEqualTo(AGREES);
    }

    /** Oracle: arithmetic by hand: 28 = 4 x 7 and 32 = 4 x 8 are the same for each invocation, 33 are not. */
    @Test
    void whereAnswersDecideHowManyCallsThereAreCountsAreComparedPerInvocation() {
        RunResult predicted = withSwitches(TestResults.run("sim", 0, TestResults.raw(Metrics.INVOCATIONS, 7)), 28);
        RunResult measured = TestResults.run("probe", 0, TestResults.raw(Metrics.INVOCATIONS, 8));

        assertThat(Comparison.of(predicted, withSwitches(measured, 32)).counts().get(0).equal()).isTrue();
        assertThat(Comparison.of(predicted, withSwitches(measured, 33)).counts().get(0).equal()).isFalse();
    }

    @Test
    void asynchronousCountsAreReportedNotJudged() {
        RunResult interrupted = TestResults.with(probe, TestResults.switches(ModeSwitch.INTERRUPT_EXIT, 3));
        Comparison comparison = Comparison.of(sim, interrupted);

        assertThat(comparison.verdict().kind()).isEqualTo(AGREES);
        assertThat(comparison.counts()).filteredOn(c -> c.kind() == ModeSwitch.INTERRUPT_EXIT)
                .allSatisfy(c -> assertThat(c.b()).isEqualTo(3)).allSatisfy(c -> assertThat(c.judged()).isFalse());
    }

    @ParameterizedTest
    @CsvSource({"ledger", "ledger.syscall", "ledger.run", "ledger.run.syscall"})
    void aCountThatASideCannotTakeIsNotJudged(String unsupported) {
        RunResult blind = TestResults.with(run("probe", 0), new Unsupported(unsupported, "no counter"));

        assertThat(Comparison.of(sim, blind).verdict().kind()).isEqualTo(AGREES);
    }

    @ParameterizedTest
    @CsvSource({"1000, 0.10, AGREES", "1080, 0.10, AGREES", "1080, 0.02, WRONG_COST", "1300, 0.10, WRONG_COST", "1300, 0.50, AGREES",
        "700, 0.10, WRONG_COST"})
    void timesAreHeldAgainstTheTolerance(double measured, double tolerance, Verdict.Kind expected) {
        RunResult declared = TestResults.with(sim, Map.entry("wait", tolerance));
        RunResult other = withSwitches(TestResults.run("probe", 0, around(Metrics.WAIT, measured, 2)), 7);

        Comparison comparison = Comparison.of(declared, other);

        assertThat(comparison.verdict().kind()).isEqualTo(expected);
        assertThat(comparison.metrics().get(0).median().value()).isCloseTo(1000 / measured, within(0.03));
    }

    @Test
    void aWrongTailIsAWrongCostEvenIfTheMedianAgrees() {
        double[] tailed = ((Samples.Raw) around(Metrics.WAIT, 1000, 2).samples()).values().clone();
        for (int i = 0; i < tailed.length; i += 20) {
            tailed[i] *= 10;
        }
        Verdict verdict = Comparison.of(sim, withSwitches(TestResults.run("probe", 0, TestResults.raw(Metrics.WAIT, tailed)), 7)).verdict();

        assertThat(verdict.kind()).isEqualTo(WRONG_COST);
        assertThat(verdict.reason()).startsWith("wait p99 ratio 0.1");
    }

    /** Oracle: ARCHITECTURE, a fingerprint names the accelerator because a translated machine is another machine. */
    @Test
    void resultsOfDifferentAcceleratorsAreNotCompared() {
        RunResult run = withSwitches(TestResults.run("probe", 0, TestResults.raw(Metrics.WAIT, 500, 800, 850)), 7);
        RunResult kvm = TestResults.with(run, new RunProvenance("0.1.0", "17", Map.of("accel", "kvm"), ""));
        RunResult translated = TestResults.with(run, new RunProvenance("0.1.0", "17", Map.of("accel", "tcg"), ""));

        Verdict verdict = Comparison.of(kvm, translated).verdict();
        assertThat(verdict.kind()).isEqualTo(NOT_COMPARABLE);
        assertThat(verdict.reason()).contains("accelerator kvm", "tcg");
        assertThat(Comparison.of(kvm, kvm).verdict().kind()).isEqualTo(AGREES);
    }

    @Test
    void tooFewSamplesToTellIsNoVerdict() {
        RunResult few = withSwitches(TestResults.run("probe", 0, TestResults.raw(Metrics.WAIT, 500, 800, 850, 1010, 1900)), 7);
        Verdict verdict = Comparison.of(sim, few).verdict();

        assertThat(verdict.kind()).isEqualTo(NOT_COMPARABLE);
        assertThat(verdict.reason()).startsWith("too few samples to tell: wait median ratio 1.18");
    }

    @Test
    void memoryIsJudgedAndOtherSizesOnlyIfTheScenarioDeclaresATolerance() {
        RunResult small = withSwitches(TestResults.run("sim", 0, around(Metrics.BYTES_COPIED, 1000, 1)), 7);
        RunResult large = withSwitches(TestResults.run("probe", 0, around(Metrics.BYTES_COPIED, 2000, 2)), 7);
        RunResult lean = withSwitches(TestResults.run("sim", 0, around(Metrics.MEMORY_USS, 1000, 1)), 7);
        RunResult fat = withSwitches(TestResults.run("probe", 0, around(Metrics.MEMORY_USS, 2000, 2)), 7);

        assertThat(Comparison.of(small, large).verdict().kind()).isEqualTo(AGREES);
        assertThat(Comparison.of(TestResults.with(small, Map.entry("io.bytes-copied", 0.05)), large).verdict().kind()).isEqualTo(WRONG_COST);
        assertThat(Comparison.of(lean, fat).verdict().kind()).isEqualTo(WRONG_COST);
    }

    @Test
    void noAgreementIsClaimedBelowWhatTwoMeasurementsDifferBy() {
        RunResult slower = withSwitches(TestResults.run("probe", 0, around(Metrics.WAIT, 1300, 3)), 7);
        Comparison twice = twice(probe, slower);

        assertThat(twice(probe, probe).metrics().get(0).finding()).isEqualTo(MetricComparison.Finding.WITHIN);
        assertThat(twice.metrics().get(0).finding()).isEqualTo(MetricComparison.Finding.WITHIN_NOISE);
        assertThat(twice.metrics().get(0).noise().median()).isCloseTo(0.3, within(0.03));
        assertThat(twice.verdict().reason()).contains("1 of them, within what two measurements differ by");
    }

    @Test
    void aSecondMeasurementWithOtherCountsIsAWrongStructure() {
        assertThat(twice(probe, withSwitches(run("probe", 0), 8)).verdict().kind()).isEqualTo(WRONG_STRUCTURE);
    }

    private Comparison twice(RunResult once, RunResult again) {
        return Comparison.of(List.of(sim), new NoiseFloor.Twice(List.of(once), List.of(again)), NoiseFloor.NONE);
    }

    /** Oracle: symmetry. Where twice as much is within what two measurements differ by, half as much is, and a tenth is not. */
    @ParameterizedTest
    @CsvSource({"1900, true", "530, true", "2200, false", "450, false", "100, false"})
    void noiseLetsPassAsMuchBelowAsAbove(double predicted, boolean passes) {
        RunResult half = withSwitches(TestResults.run("probe", 0, around(Metrics.WAIT, 700, 4)), 7);
        RunResult full = withSwitches(TestResults.run("probe", 0, around(Metrics.WAIT, 1400, 5)), 7);
        NoiseFloor.Twice both = new NoiseFloor.Twice(List.of(half, full), List.of(half, full));
        NoiseFloor floor = NoiseFloor.of(List.of(new NoiseFloor.Twice(List.of(half), List.of(full))));
        RunResult prediction = withSwitches(TestResults.run("sim", 0, around(Metrics.WAIT, predicted, 1)), 7);

        assertThat(floor.entries()).singleElement().satisfies(entry -> assertThat(entry.noise().median()).isCloseTo(1, within(0.1)));
        assertThat(Comparison.of(List.of(prediction), both, floor).metrics().get(0).median().within(0.05, 1)).isEqualTo(passes);
    }

    @Test
    void anotherScenarioIsRefused() {
        assertThat(Comparison.of(sim, TestResults.in(probe, "test.b-2", Scenario.Role.VALIDATE)).verdict().reason())
                .isEqualTo("the scenarios differ: sha256:12345678 and sha256:test.b-2");
    }

    @Test
    void aMissingMetricIsABugUnlessDeclaredUnsupported() {
        RunResult more = withSwitches(TestResults.run("sim", 0, around(Metrics.WAIT, 1000, 1), around(Metrics.RECYCLE, 50, 3)), 7);

        assertThat(Comparison.of(more, probe).verdict()).isEqualTo(
                new Verdict(NOT_COMPARABLE, "probe neither measured nor declared unsupported [recycle]"));
        assertThat(Comparison.of(more, TestResults.with(probe, new Unsupported("recycle", "no pages"))).verdict().kind()).isEqualTo(AGREES);
    }

    @Test
    void aBrokenGuardVoidsTheMeasurement() {
        RunResult broken = TestResults.with(probe, new Guard("emulated_insn_per_run", 900, 1, false));

        assertThat(Comparison.of(sim, broken).verdict()).isEqualTo(new Verdict(NOT_COMPARABLE,
                "guard emulated_insn_per_run of probe does not hold: 900.0, limit 1.0"));
    }

    @Test
    void whatWasFittedIsNoEvidence() {
        RunResult a = TestResults.in(sim, "test.a", Scenario.Role.CALIBRATE);

        assertThat(Comparison.of(a, TestResults.in(probe, "test.a", Scenario.Role.CALIBRATE)).verdict().reason()).contains("role is calibrate");
        assertThat(Comparison.of(a, a).verdict().kind()).isEqualTo(AGREES);
    }

    @Test
    void otherHostsAndClocksAreNoted() {
        RunResult here = TestResults.with(run("probe", 0), new RunProvenance("0.1.0", "17", Map.of("cpu", "A", "kernel", "6"), ""));
        RunResult there = TestResults.with(TestResults.run("probe", 0, new Measurement(Metrics.WAIT, Clock.CPU, around(Metrics.WAIT, 1000,
                3).samples())), new RunProvenance("0.1.0", "17", Map.of("cpu", "B", "kernel", "6"), ""));

        assertThat(Comparison.of(here, there).notes()).containsExactly("measured on different hosts: cpu A against B",
                "wait is by different clocks: VIRTUAL against CPU");
    }

    @Test
    void everyScenarioOfEitherSideIsThere() {
        RunResult other = TestResults.in(probe, "test.b-2", Scenario.Role.VALIDATE);

        assertThat(Comparison.all(List.of(sim), List.of(other, probe))).extracting(c -> c.verdict().kind())
                .containsExactly(AGREES, NOT_COMPARABLE);
        assertThatThrownBy(() -> Comparison.of(List.of(sim, other), List.of(probe))).hasMessageContaining("one scenario");
    }

    @Test
    void bootstrapCoversTheRatioAsOftenAsPromised() {
        // Oracle: simulation; medians of exponentials with means 3 and 2 have the ratio 1.5.
        Random random = new Random(21);
        int covered = 0;
        int trials = 800;
        for (int i = 0; i < trials; i++) {
            Pooled a = Pooled.of(List.of(Samples.Raw.of(random.doubles(60).map(u -> -3 * Math.log(u)).toArray())));
            Pooled b = Pooled.of(List.of(Samples.Raw.of(random.doubles(80).map(u -> -2 * Math.log(u)).toArray())));
            covered += Bootstrap.ratio(a, b, 0.5, 0.95, i).interval().contains(1.5) ? 1 : 0;
        }
        assertThat(covered / (double) trials).isCloseTo(0.95, within(0.03));
    }

    private static RunResult run(String executor, int replication) {
        return TestResults.run(executor, replication, around(Metrics.WAIT, 1000, replication));
    }

    private static RunResult withSwitches(RunResult run, long syscalls) {
        return TestResults.with(run, TestResults.switches(ModeSwitch.SYSCALL, syscalls));
    }

    /** 400 values with a standard deviation of 5 %. */
    private static Measurement around(Metric metric, double mean, long seed) {
        Random random = new Random(seed);
        return TestResults.raw(metric, random.doubles(400).map(u -> mean * (1 + 0.05 * random.nextGaussian())).toArray());
    }
}
