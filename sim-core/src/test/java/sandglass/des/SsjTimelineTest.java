package sandglass.des;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sandglass.platform.Timer;

class SsjTimelineTest {

    private final SsjTimeline timeline = new SsjTimeline();
    private final List<String> log = new ArrayList<>();

    private Timer logging(String name) {
        return timeline.timer(() -> log.add(name + timeline.nowNs()));
    }

    // Oracle: the contract of Timeline, a hand-worked log.
    @Test
    void firesInTimeOrderAndTiesInTheOrderOfArming() {
        Timer a = logging("a");
        Timer b = logging("b");
        Timer c = logging("c");
        a.at(5);
        b.at(5);
        c.at(3);
        a.at(5);
        timeline.run();
        assertThat(log).containsExactly("c3", "b5", "a5");
        assertThat(timeline.eventCount()).isEqualTo(3);
        assertThat(timeline.armedTimers()).isZero();
    }

    // Oracle: the contract of Timer, a hand-worked log.
    @Test
    void armsAgainInsideItsOwnActionAndStaysDisarmedAfterCancel() {
        Timer[] tick = new Timer[1];
        Timer doomed = logging("doomed");
        tick[0] = timeline.timer(() -> {
            log.add("tick" + timeline.nowNs());
            assertThat(tick[0].armed()).isFalse();
            if (timeline.nowNs() == 20) {
                doomed.cancel();
                doomed.cancel();
            } else {
                tick[0].at(timeline.nowNs() + 10);
                assertThat(tick[0].armed()).isTrue();
            }
        });
        tick[0].at(0);
        doomed.at(25);
        timeline.run();
        assertThat(log).containsExactly("tick0", "tick10", "tick20");
        assertThat(doomed.armed()).isFalse();
    }

    // Oracle: the contract of runUntil, a hand-worked log; the second at 10 ns is armed while the horizon is due.
    @Test
    void runsEverythingDueUpToAndIncludingTheHorizon() {
        Timer second = logging("second");
        Timer first = timeline.timer(() -> {
            log.add("first" + timeline.nowNs());
            second.at(10);
        });
        Timer later = logging("later");
        first.at(10);
        later.at(11);
        timeline.runUntil(10);
        assertThat(log).containsExactly("first10", "second10");
        assertThat(timeline.nowNs()).isEqualTo(10);
        assertThat(later.armed()).isTrue();

        timeline.runUntil(40);
        assertThat(log).containsExactly("first10", "second10", "later11");
        assertThat(timeline.nowNs()).isEqualTo(40);
        assertThat(timeline.eventCount()).isEqualTo(3);
    }

    // Oracle: the contract of stop, a hand-worked log.
    @Test
    void stopsAfterTheCurrentActionAndContinuesFromThere() {
        Timer stopping = timeline.timer(() -> {
            log.add("stop" + timeline.nowNs());
            timeline.stop();
        });
        Timer later = logging("later");
        stopping.at(5);
        later.at(7);
        timeline.runUntil(100);
        assertThat(log).containsExactly("stop5");
        assertThat(timeline.nowNs()).isEqualTo(5);
        timeline.run();
        assertThat(log).containsExactly("stop5", "later7");
        assertThat(timeline.nowNs()).isEqualTo(7);
    }

    // Oracle: a failure reaches the caller, and what was armed is still there.
    @Test
    void letsAFailureOutAndCanContinue() {
        Timer failing = timeline.timer(() -> {
            throw new IllegalStateException("broken model");
        });
        Timer later = logging("later");
        failing.at(1);
        later.at(2);
        assertThatThrownBy(timeline::run).hasMessage("broken model");
        timeline.run();
        assertThat(log).containsExactly("later2");
    }

    // Oracle: doubles are exact up to 2^53, and not beyond.
    @Test
    void keepsEveryNanosecondApartUpToItsLimitAndRefusesLaterTimes() {
        Timer last = logging("last");
        Timer previous = logging("previous");
        last.at(SsjTimeline.LATEST_NS);
        previous.at(SsjTimeline.LATEST_NS - 1);
        assertThatThrownBy(() -> last.at(SsjTimeline.LATEST_NS + 1)).isInstanceOf(IllegalArgumentException.class);
        timeline.run();
        assertThat(log).containsExactly("previous9007199254740991", "last9007199254740992");
        assertThatThrownBy(() -> previous.at(3)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("9007199254740992");
    }

    // Oracle: the contract of run.
    @Test
    void refusesToRunInsideItself() {
        Timer nested = timeline.timer(timeline::run);
        nested.at(1);
        assertThatThrownBy(timeline::run).isInstanceOf(IllegalStateException.class).hasMessageContaining("1 ns");
        timeline.run();
        assertThat(timeline.nowNs()).isEqualTo(1);
    }
}
