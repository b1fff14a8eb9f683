package sandglass.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import sandglass.plot.FigureSpec.Scale;
import sandglass.unit.Unit;

/** Axes and numbers for readers. */
class AxisTest {

    @Test
    void labelsAreRoundNumbersInTheUnitAtHand() {
        // Oracle: by hand.
        assertThat(Axis.of("", Unit.NANOSECONDS, Scale.LINEAR, Axis.Floor.BASE, new double[] {0, 3.4e6}, 5).ticks())
                .extracting(Axis.Tick::label).containsExactly("0", "1 ms", "2 ms", "3 ms", "4 ms");
        assertThat(Axis.of("", Unit.NANOSECONDS, Scale.LOG, Axis.Floor.DATA, new double[] {2e3, 3e9}, 8).ticks())
                .extracting(Axis.Tick::label).containsExactly("10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s");
        assertThat(Axis.of("", Unit.BYTES, Scale.LINEAR, Axis.Floor.BASE, new double[] {5 << 20}, 5).ticks())
                .extracting(Axis.Tick::label).startsWith("0", "2 MiB", "4 MiB");
        assertThat(Axis.elapsed("", 3600e9, 8).ticks()).extracting(Axis.Tick::label).contains("10 min", "60 min");
        assertThat(Axis.shares("").ticks()).extracting(Axis.Tick::label).startsWith("0", "20 %").endsWith("100 %");
    }

    @Test
    void everyAxisHoldsItsDataAndHasAFewLabels() {
        // Oracle: the definition of an axis, over random ranges; the seed is 9.
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < 2000; i++) {
            double low = Math.pow(10, random.nextDouble() * 12 - 2);
            double high = low * Math.pow(10, random.nextDouble() * random.nextDouble() * 8);
            Unit unit = Unit.values()[random.nextInt(Unit.values().length)];
            for (Scale scale : Scale.values()) {
                for (Axis.Floor floor : Axis.Floor.values()) {
                    Axis axis = Axis.of("", unit, scale, floor, new double[] {low, high}, 6);
                    String what = unit + " " + scale + " " + floor + " " + low + " to " + high;
                    assertThat(axis.low()).as(what).isLessThanOrEqualTo(low);
                    assertThat(axis.high()).as(what).isGreaterThanOrEqualTo(high);
                    assertThat(axis.ticks().size()).as(what).isBetween(1, 16);
                    assertThat(axis.fraction(low)).as(what).isBetween(0.0, axis.fraction(high));
                }
            }
        }
    }

    @Test
    void positionsFollowTheScale() {
        // Oracle: by hand; 10 is halfway between 1 and 100 on a logarithmic axis.
        Axis axis = new Axis("", Scale.LOG, 1, 100, List.of());

        assertThat(axis.fraction(10)).isCloseTo(0.5, within(1e-12));
        assertThat(axis.fraction(0)).isZero();
        assertThat(axis.fraction(1e9)).isEqualTo(1);
    }

    @Test
    void numbersReadWell() {
        // Oracle: by hand.
        assertThat(Human.value(1234, Unit.NANOSECONDS)).isEqualTo("1.23 µs");
        assertThat(Human.value(0.256, Unit.RATIO)).isEqualTo("25.6 %");
        assertThat(Human.value(54.1 * 1048576, Unit.BYTES)).isEqualTo("54.1 MiB");
        assertThat(Human.value(123456, Unit.COUNT)).isEqualTo("123 456");
        assertThat(Human.value(0, Unit.NANOSECONDS)).isEqualTo("0");
        assertThat(Human.value(Double.NaN, Unit.BYTES)).isEqualTo("–");
        assertThat(Human.interval(1.2e6, 1.4e6, Unit.NANOSECONDS)).isEqualTo("1.2 to 1.4 ms");
        assertThat(Human.interval(901e3, 1.06e6, Unit.NANOSECONDS)).isEqualTo("901 to 1060 µs");
        assertThat(Human.axis("function.work.0.get")).isEqualTo("get");
        assertThat(Human.axis("policy.keep-alive.ttl")).isEqualTo("keep-alive time");
        assertThat(Human.number("64MB").orElseThrow()).isEqualTo(64e6);
        assertThat(Human.number("5%").orElseThrow()).isEqualTo(0.05);
        assertThat(Human.number("usetl")).isEmpty();
    }
}
