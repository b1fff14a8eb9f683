package sandglass.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import sandglass.platform.IdleTimes;
import sandglass.platform.KeepAlivePolicy.Window;
import sandglass.platform.PlacementPolicy.Placement;

/** The decisions alone. Oracle: values worked out by hand from the definitions in the papers. */
class PoliciesTest {

    private static final long MINUTE = IdleTimes.BIN_NS;
    private static final long RANGE = 240 * MINUTE;

    private final HybridHistogram histogram = new HybridHistogram(RANGE, 0.05, 0.99);

    private static IdleTimes minutes(double... pauses) {
        IdleTimes times = new IdleTimes(RANGE);
        for (double pause : pauses) {
            times.record(Math.round(pause * MINUTE));
        }
        return times;
    }

    private Window decide(double... pauses) {
        return histogram.window(0, 0, minutes(pauses));
    }

    @Test
    void anUnknownOwnerIsKeptForTheWholeRange() {
        assertThat(decide()).isEqualTo(Window.keep(RANGE));
    }

    // Head in bin 10, so away for 0.9 * 10 min; tail in bin 12, so there until 1.1 * 13 min.
    @Test
    void aTellingHistogramSetsBothWindows() {
        assertThat(decide(10.5, 11.2, 12.9)).isEqualTo(new Window(9 * MINUTE,
            Math.round(1.1 * 13 * MINUTE) - 9 * MINUTE));
    }

    @Test
    void aHeadWithinTheFirstMinuteMeansThatTheSandboxDoesNotLeave() {
        assertThat(decide(0.5, 5.5)).isEqualTo(new Window(0, Math.round(1.1 * 6 * MINUTE)));
    }

    @Test
    void evenlySpreadPausesTellNothing() {
        double[] even = new double[240];
        for (int i = 0; i < even.length; i++) {
            even[i] = i + 0.5;
        }
        assertThat(decide(even)).isEqualTo(Window.keep(RANGE));
    }

    // Two of four are beyond the range of 240 min. Pauses 100, 300, 100, 300 alternate: after 300 the regression says
    // 100.
    @Test
    void manyPausesOutOfBoundsAreForecast() {
        Window window = decide(100, 300, 100, 300);
        assertThat((double) window.awayNs()).isCloseTo(0.85 * 100 * MINUTE, within(1e3));
        assertThat((double) window.keepNs()).isCloseTo(0.30 * 100 * MINUTE, within(1e3));
    }

    @Test
    void aConstantPauseOutOfBoundsIsForecastAsItself() {
        for (int n = 1; n <= 40; n += 13) {
            double[] pauses = new double[n];
            Arrays.fill(pauses, 300);
            Window window = decide(pauses);
            assertThat((double) window.awayNs()).isCloseTo(0.85 * 300 * MINUTE, within(1e3));
            assertThat((double) window.keepNs()).isCloseTo(0.30 * 300 * MINUTE, within(1e3));
        }
    }

    @Test
    void anUnrenewedTimeToLiveShrinksWithAgeAndNeverBelowZero() {
        TimeToLive policy = new TimeToLive(100, false);
        assertThat(policy.window(30, 10, minutes())).isEqualTo(Window.keep(80));
        assertThat(policy.window(300, 10, minutes())).isEqualTo(Window.keep(0));
        assertThat(new TimeToLive(100, true).window(300, 10, minutes())).isEqualTo(Window.keep(100));
    }

    @Test
    void greedyDualRanksByClockFrequencyCostAndSize() {
        assertThat(new GreedyDual().rank(0, 5, 3, 40, 8)).isEqualTo(5 + 3 * 40 / 8.0);
    }

    @Test
    void placementStartsBelowTheLimitAndMakesRoomAboveIt() {
        LimitPlacement placement = new LimitPlacement(2, Placement.QUEUE);
        assertThat(placement.place(1, 0, false)).isEqualTo(Placement.START);
        assertThat(placement.place(2, 1, false)).isEqualTo(Placement.MAKE_ROOM);
        assertThat(placement.place(2, 0, false)).isEqualTo(Placement.QUEUE);
        assertThat(placement.place(1, 0, true)).isEqualTo(Placement.QUEUE);
        assertThat(new PopulationPlacement(2).place(2, 1, false)).isEqualTo(Placement.REJECT);
    }
}
