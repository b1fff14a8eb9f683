package sandglass.experiment.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sandglass.result.Clock;
import sandglass.result.LedgerEntry;
import sandglass.result.Measurement;
import sandglass.result.Metric;
import sandglass.result.Metrics;
import sandglass.result.RunProvenance;
import sandglass.result.RunResult;
import sandglass.result.Samples;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.scenario.Scenario;

/** What measurements say to claims. Oracle: the orderings of values that are given here, and their ledger divided by hand. */
class MeasuredClaimsTest {

    private static final RunResult USF = created("usetl", "kvm", 2e6);
    private static final RunResult CONTAINER = created("container", "kvm", 300e6);

    @Test
    void aClaimThatDoesNotHoldIsExplainedByTheLedger() {
        MeasuredFinding found = MeasuredClaims.of("C1", List.of(USF, CONTAINER));
        assertThat(found.verdict()).isEqualTo(ClaimVerdict.DOES_NOT_HOLD);
        assertThat(found.figures()).contains("usetl 2 ms (n=1)", "container 300 ms (n=1)");
        assertThat(found.reason()).contains("usetl 2.5 pio-exit (run)");
    }

    @Test
    void withoutAMachineTheOrderCannotBeTold() {
        assertThat(MeasuredClaims.of("C1", List.of(created("usetl", "kvm", 400e6), CONTAINER)).verdict()).isEqualTo(ClaimVerdict.CANNOT_TELL);
        assertThat(MeasuredClaims.of("C1", List.of(created("usetl", "kvm", 400e6), CONTAINER, created("vm", "kvm", 2e9))).verdict())
                .isEqualTo(ClaimVerdict.HOLDS);
    }

    @Test
    void translatedMachinesStandBesideNothing() {
        MeasuredFinding found = MeasuredClaims.of("C1", List.of(created("usetl", "kvm", 400e6), CONTAINER, created("vm", "tcg", 2e9)));
        assertThat(found.verdict()).isEqualTo(ClaimVerdict.CANNOT_TELL);
        assertThat(found.figures()).doesNotContain("vm");
    }

    @Test
    void nothingIsSaidWithoutMeasurements() {
        assertThat(MeasuredClaims.of("C1", List.of())).isEqualTo(MeasuredFinding.NONE);
        assertThat(MeasuredClaims.of("C5", List.of(USF))).isEqualTo(MeasuredFinding.NONE);
    }

    /** Four calls with ten exits. */
    private static RunResult created(String stack, String accelerator, double coldNs) {
        return new RunResult("molecule-start." + stack, "sha256:ab", "molecule-start", stack, Scenario.Role.VALIDATE,
                Map.of("stack", stack, "start", "create"), "{}", Map.of(), 1, 1, "probe",
                new RunProvenance("0.1", "17", Map.of("accel", accelerator), "sha256:cd"),
                List.of(one(Metrics.START_COLD, coldNs), one(Metrics.INVOCATIONS, 4)), List.of(),
                List.of(new LedgerEntry(Phase.RUN, ModeSwitch.PIO_EXIT, 10, 0)), List.of(), List.of(), List.of(), Map.of(), List.of());
    }

    private static Measurement one(Metric metric, double value) {
        return new Measurement(metric, Clock.WALL, Samples.Raw.of(value));
    }
}
