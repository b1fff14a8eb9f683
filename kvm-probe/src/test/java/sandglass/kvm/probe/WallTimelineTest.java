package sandglass.kvm.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import sandglass.kvm.measure.Clocks;
import sandglass.platform.Timer;

/** Oracle: the contract of Timeline, and the definition of coordinated omission: a late generator must not shorten latencies. */
class WallTimelineTest {

    private static final long MS = 1_000_000;

    private final WallTimeline timeline = new WallTimeline(Clocks.monotonicNs());
    private final List<String> log = new ArrayList<>();

    @Test
    void callbacksRunInTimeOrderAtTheTimeTheyAreForHoweverLate() {
        long[] times = {3 * MS, MS, 2 * MS, 2 * MS};
        for (int i = 0; i < times.length; i++) {
            int number = i;
            timeline.timer(() -> {
                log.add(number + "@" + timeline.nowNs());
                busy(20 * MS);
            }).at(times[i]);
        }
        timeline.timer(timeline::stop).at(4 * MS);
        timeline.run();
        assertThat(log).containsExactly("1@" + MS, "2@" + 2 * MS, "3@" + 2 * MS, "0@" + 3 * MS);
        assertThat(timeline.lateness().samples().n()).isEqualTo(5);
        assertThat(timeline.lateness().samples().max()).isGreaterThan(50 * MS);
    }

    private void busy(long ns) {
        long endNs = timeline.clockNs() + ns;
        while (timeline.clockNs() < endNs) {
            Thread.onSpinWait();
        }
    }

    @Test
    void timersMoveCancelAndFireOncePerArming() {
        Timer moved = timeline.timer(() -> log.add("moved@" + timeline.nowNs()));
        moved.at(MS);
        moved.at(3 * MS);
        Timer cancelled = timeline.timer(() -> log.add("cancelled"));
        cancelled.at(2 * MS);
        cancelled.cancel();
        assertThat(cancelled.armed()).isFalse();
        assertThat(moved.armed()).isTrue();
        timeline.timer(timeline::stop).at(5 * MS);
        timeline.run();
        assertThat(log).containsExactly("moved@" + 3 * MS);
        assertThat(moved.armed()).isFalse();
        assertThatThrownBy(() -> moved.at(MS)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatOtherThreadsReportRunsHereAtTheTimeTheyStamped() throws InterruptedException {
        int posts = 1000;
        Thread other = new Thread(() -> {
            for (int i = 0; i < posts; i++) {
                long stampNs = timeline.clockNs();
                timeline.post(stampNs, () -> {
                    log.add(Thread.currentThread().getName());
                    assertThat(timeline.nowNs()).isGreaterThanOrEqualTo(stampNs);
                });
            }
            timeline.post(timeline.clockNs(), timeline::stop);
        });
        other.start();
        timeline.run();
        other.join();
        assertThat(log).hasSize(posts).containsOnly(Thread.currentThread().getName());
    }

    /** Oracle: the contract, with a clock of ours. A timer counts from when it was due, a report from when it is heard, a run from its begin. */
    @Test
    void whatATimerBeginsIsDueWhenItWasAndWhatAReportBeginsWhenItIsHeard() {
        AtomicLong clock = new AtomicLong(7 * MS);
        WallTimeline injected = new WallTimeline(clock::get);
        clock.set(100 * MS);
        injected.begin();
        injected.timer(() -> log.add("timer@" + injected.dueNs())).at(2 * MS);
        injected.post(3 * MS, () -> log.add("report of " + injected.nowNs() + " heard@" + injected.dueNs()));
        injected.post(4 * MS, injected::stop);
        clock.set(109 * MS);
        injected.run();
        assertThat(log).containsExactly("timer@" + 2 * MS, "report of " + 3 * MS + " heard@" + 9 * MS);
    }
}
