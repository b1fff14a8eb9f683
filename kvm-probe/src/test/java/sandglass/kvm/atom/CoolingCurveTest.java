package sandglass.kvm.atom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Oracle: curves that were computed from a known time. */
class CoolingCurveTest {

    private static final long[] PAUSES_NS = {500_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000};

    @ParameterizedTest
    @ValueSource(doubles = {1e6, 5e6, 16e6})
    void findsTheTimeOfAnExponential(double timeNs) {
        double[] seen = Arrays.stream(PAUSES_NS).mapToDouble(pause -> 46_000 - 40_000 * Math.exp(-pause / timeNs)).toArray();

        CoolingCurve curve = CoolingCurve.through(PAUSES_NS, seen);

        assertThat(curve.timeNs()).isCloseTo(timeNs, within(0.01 * timeNs));
        assertThat(curve.coldNs()).isCloseTo(46_000, within(100.0));
        assertThat(curve.lossNs()).isCloseTo(40_000, within(400.0));
    }

    @Test
    void isNotFarOffWhereEachValueIsATenthOff() {
        Random random = new Random(1);
        double[] seen = Arrays.stream(PAUSES_NS).mapToDouble(pause -> (46_000 - 40_000 * Math.exp(-pause / 15e6))
                * (0.9 + 0.2 * random.nextDouble())).toArray();

        assertThat(CoolingCurve.through(PAUSES_NS, seen).timeNs()).isBetween(7.5e6, 30e6);
    }

    @Test
    void hasLostNearlyAllAfterTheLongestPause() {
        // A straight line, as noise makes it: the best exponential would take for ever.
        double[] seen = Arrays.stream(PAUSES_NS).mapToDouble(pause -> 6_000 + 35_000 * pause / 50e6).toArray();

        assertThat(CoolingCurve.through(PAUSES_NS, seen).timeNs()).isBetween(10e6, 20e6);
    }

    @Test
    void losesNothingWhereItGetsFaster() {
        double[] seen = Arrays.stream(PAUSES_NS).mapToDouble(pause -> 10_000 + 40_000 * Math.exp(-pause / 5e6)).toArray();

        assertThat(CoolingCurve.through(PAUSES_NS, seen).lossNs()).isNegative();
    }
}
