package sandglass.kvm.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Oracle: lines whose slope is known, with noise from a seed. */
class TrendTest {

    private static Trend trend(double slope, double noise, int outliers) {
        Random random = new Random(7);
        double[] x = new double[100];
        double[] y = new double[100];
        for (int i = 0; i < x.length; i++) {
            x[i] = 1000.0 * i;
            y[i] = 50 + slope * x[i] + noise * random.nextGaussian() + (i % (100 / Math.max(1, outliers)) == 1 && outliers > 0 ? 1e6 : 0);
        }
        return Trend.of("thing", "", x, y, 4);
    }

    @Test
    void aLineGrowsByItsRise() {
        assertThat(trend(1e-3, 0, 0).growth()).isCloseTo(99, within(1e-6));
        assertThat(trend(1e-3, 0, 0).grows()).isTrue();
    }

    @Test
    void noiseIsNoGrowthAndAFewOutliersChangeNothing() {
        assertThat(trend(0, 1, 0).grows()).isFalse();
        assertThat(trend(0, 1, 20).grows()).isFalse();
        assertThat(trend(1e-3, 1, 20).growth()).isCloseTo(99, within(5.0));
    }

    @Test
    void whatShrinksDoesNotGrow() {
        assertThat(trend(-1e-3, 1, 0).grows()).isFalse();
    }

    @Test
    void tooFewSamplesSayNothing() {
        Trend few = Trend.of("thing", "", new double[] {0, 1, 2}, new double[] {0, 100, 200}, 4);
        assertThat(few.isKnown()).isFalse();
        assertThat(few.grows()).isFalse();
    }
}
