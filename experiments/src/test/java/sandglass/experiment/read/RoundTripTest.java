package sandglass.experiment.read;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sandglass.calibration.Calibration;
import sandglass.experiment.write.CalibrationWriter;
import sandglass.experiment.write.StackWriter;
import sandglass.scenario.Stack;
import sandglass.unit.Distribution;

class RoundTripTest {

    /** Oracle: the reader, on what the writer wrote. */
    @Test void aStackSurvives() {
        Stack stack = StackReader.read(Valid.file("stacks/box.yaml"), "box.yaml");
        assertThat(StackReader.read(YamlTree.parse(StackWriter.write(stack).toString(), "written"))).isEqualTo(stack);
    }

    /** Oracle: the reader, on what the writer wrote; the digest depends on values, not on their spelling. */
    @Test void aCalibrationSurvivesWithItsDigest() {
        Calibration some = CalibrationReader.read(Valid.file("calibrations/some.json"), "some.json");
        Calibration again = CalibrationReader.parse(CalibrationWriter.text(some), "written");
        assertThat(again).isEqualTo(some);
        assertThat(again.digest()).startsWith("sha256:").hasSize(71);
    }

    /** Oracle: the closed forms of the log-normal's mean and standard deviation. */
    @Test void aLogNormalGivenByMomentsHasThem() {
        Calibration some = CalibrationReader.read(Valid.file("calibrations/some.json"), "some.json");
        Distribution moments = some.parameters().get("c.moments").distribution();
        assertThat(moments.mean()).isCloseTo(50e6, org.assertj.core.data.Percentage.withPercentage(1e-9));
        assertThat(Math.sqrt(moments.variance())).isCloseTo(5e6, org.assertj.core.data.Percentage.withPercentage(1e-9));
        assertThat(some.parameters().get("a.constant").distribution()).isEqualTo(new Distribution.Constant(50.5));
    }

    /** Oracle: the words themselves; a swap of neighbours is one slip. */
    @ParameterizedTest
    @ValueSource(strings = {"lifecylce", "lifecycel", "lifcycle", "lifecyclee"})
    void aSlipOfTheHandIsOneStepAway(String slip) {
        assertThat(Suggestion.distance(slip, "lifecycle")).isEqualTo(1);
    }
}
