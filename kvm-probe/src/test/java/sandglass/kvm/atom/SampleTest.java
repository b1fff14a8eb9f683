package sandglass.kvm.atom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Oracle: quantiles of the values that went in, computed here by sorting. */
class SampleTest {

    @Test
    void manyValuesAreThinnedToAThousandWithTheSameQuantilesAndExtremes() {
        Random random = new Random(5);
        double[] all = random.doubles(100_000).map(u -> -Math.log1p(-u)).toArray();
        Sample sample = new Sample("a");
        Arrays.stream(all).forEach(sample::add);
        Reading.Measured reading = (Reading.Measured) sample.reading();
        Arrays.sort(all);
        double[] kept = reading.values();
        assertThat(kept).hasSize(Reading.MOST_VALUES);
        assertThat(reading.n()).isEqualTo(all.length);
        assertThat(kept[0]).isEqualTo(all[0]);
        assertThat(kept[kept.length - 1]).isEqualTo(all[all.length - 1]);
        assertThat(kept[500]).isCloseTo(all[50_000], org.assertj.core.data.Percentage.withPercentage(0.5));
        assertThat(kept[989]).isCloseTo(all[99_000], org.assertj.core.data.Percentage.withPercentage(2));
    }

    @Test
    void aBrokenGuardMakesTheReadingUnsupportedWithTheReason() {
        Sample sample = new Sample("kvm.mmio-exit");
        sample.add(3);
        Reading reading = sample.exactly("exits", 3, 3).atMost("emulated instructions a run", 900, 1).reading();
        assertThat(reading).isInstanceOfSatisfying(Reading.Unsupported.class, unsupported -> assertThat(unsupported.reason())
                .contains("emulated instructions a run is 900.0, expected 1.0").doesNotContain("exits is"));
    }

    @Test
    void nothingObservedIsNoNumberAndNegativesAreRefused() {
        assertThat(new Sample("a").reading()).isInstanceOf(Reading.Unsupported.class);
        assertThatThrownBy(() -> new Sample("a").add(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Sample("a").add(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
