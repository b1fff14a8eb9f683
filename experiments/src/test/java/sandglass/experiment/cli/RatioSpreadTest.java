package sandglass.experiment.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Oracle: counted by hand. */
class RatioSpreadTest {

    @Test
    void aRatioBelowOneIsAsFarOffAsItsInverse() {
        RatioSpread spread = new RatioSpread(new double[] {0.25, 0.5, 0.8, 1, 1.1, 1.5, 1.6, 1.7, 3, 10}, 0.1);
        assertThat(spread.median()).isEqualTo(1.1);
        // Factors in order: 1, 1.1, 1.25, 1.5, 1.6, 1.7, 2, 3, 4, 10.
        assertThat(spread.within(0.5)).isEqualTo(1.6);
        assertThat(spread.within(0.9)).isEqualTo(4);
        assertThat(spread.sentence())
                .startsWith("Whatever the noise, 10 % of all predictions are within the declared")
                .contains("half within a factor of 1.60").contains("nine in ten within 4.00").endsWith("middle is 1.10");
    }

    @Test
    void nothingIsSaidOfNothing() {
        assertThat(RatioSpread.of(List.of()).sentence()).isEmpty();
    }
}
