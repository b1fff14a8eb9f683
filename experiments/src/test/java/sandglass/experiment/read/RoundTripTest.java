package sandglass.experiment.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sandglass.calibration.Calibration;
import sandglass.calibration.Parameter;
import sandglass.calibration.Provenance;
import sandglass.experiment.write.CalibrationWriter;
import sandglass.experiment.write.StackWriter;
import sandglass.scenario.Stack;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

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

    /** Oracle: the reader, on what the writer wrote, for every family and with a host. */
    @Test void everyFamilyOfDistributionsSurvives() {
        List<Distribution> families = List.of(new Distribution.Constant(1.5), new Distribution.Exponential(2), new Distribution.Normal(7.25, 0.5),
                new Distribution.Gamma(2.5, 1e-3), new Distribution.ShiftedExponential(3, 0.1), new Distribution.LogNormal(-1, 0.3),
                new Distribution.Weibull(1.1, 5), new Distribution.Uniform(1, 2),
                new Distribution.Quantiles(new double[] {0, 1.0 / 3, 1}, new double[] {0, 1e-9, 12345.678}));
        for (Unit unit : List.of(Unit.NANOSECONDS, Unit.BYTES, Unit.NANOSECONDS_PER_PAGE)) {
            Map<String, Parameter> parameters = new TreeMap<>();
            for (int i = 0; i < families.size(); i++) {
                parameters.put("p" + i, new Parameter("p" + i, unit, families.get(i), new Provenance.Measured("h", "d", 3, "wall", "m")));
            }
            Calibration some = new Calibration("some", CalibrationWriter.digest(parameters), parameters, Map.of("cpu", "A", "cores", "2"));
            assertThat(CalibrationReader.parse(CalibrationWriter.text(some), "written")).isEqualTo(some);
        }
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
