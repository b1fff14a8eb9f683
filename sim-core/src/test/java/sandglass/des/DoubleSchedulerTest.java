package sandglass.des;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoubleSchedulerTest {

    private static final double MEAN_NS = 1e6;

    private final SsjTimeline timeline = new SsjTimeline();
    private final List<String> log = new ArrayList<>();

    private Job logging(String name) {
        return new Job(() -> log.add(name + timeline.nowNs()));
    }

    // Oracle: the guest's scheduler without a host, equality per job; a guest alone on free cores notices no host.
    @Test
    void isOneSchedulerForAGuestAlone() {
        OpenQueue queue = OpenQueue.poisson(1, 4_000, MEAN_NS / 1.5, u -> OpenQueue.exponential(u, MEAN_NS));
        DoubleScheduler both = new DoubleScheduler(timeline, 2, 50_000, 0);
        QuantumScheduler guest = both.guest(2, 70_000, 1_100);
        SsjTimeline own = new SsjTimeline();
        QuantumScheduler alone = new QuantumScheduler(own, 2, 70_000, 1_100);
        assertThat(queue.sojournNs(timeline, guest)).isEqualTo(queue.sojournNs(own, alone));
        assertThat(both.guestSwitches()).isEqualTo(guest.contextSwitches()).isEqualTo(alone.contextSwitches());
        assertThat(both.host().busyCores().integral()).isEqualTo(alone.busyCores().integral());
        assertThat(both.host().preemptions()).isZero();
    }

    // Oracle: the host's scheduler without guests, equality per job; a guest of one task adds nothing but its switch. The
    // second time, all times are multiples of the quantum, so that work ends when a virtual CPU is due to be interrupted.
    @Test
    void isOneSchedulerForGuestsOfOneTask() {
        OpenQueue queue = OpenQueue.poisson(2, 4_000, MEAN_NS / 0.8, u -> OpenQueue.exponential(u, MEAN_NS));
        checkGuestsOfOneTask(queue, 70_000, 1_100);
        OpenQueue ties = OpenQueue.poisson(3, 4_000, 2 / 0.8, u -> OpenQueue.exponential(u, 2)).scaled(100);
        checkGuestsOfOneTask(ties, 100, 0);
    }

    private static void checkGuestsOfOneTask(OpenQueue queue, long quantumNs, long switchNs) {
        SsjTimeline timeline = new SsjTimeline();
        DoubleScheduler both = new DoubleScheduler(timeline, 1, quantumNs, switchNs);
        long[] twice = queue.sojournNs(timeline, (job, work) -> {
            both.guest(1, 50_000, 0).start(job, work);
            return true;
        });
        SsjTimeline own = new SsjTimeline();
        QuantumScheduler single = new QuantumScheduler(own, 1, quantumNs, switchNs);
        assertThat(twice).isEqualTo(queue.sojournNs(own, single));
        assertThat(both.hostSwitches()).isEqualTo(single.contextSwitches());
        assertThat(both.guestSwitches()).isEqualTo(4_000);
    }

    // Oracle: worked by hand, with free switches and quanta of 10 on the host and 4 in guest x, which has tasks a and b.
    // Host: x 0-10, y 10-20, x 20-26, y 26-30. Guest time of x: a 0-4, b 4-8, a 8-10, interrupted, a 10-11 done,
    // b 11-15 and alone 15-16. a's second turn starts at 8 and is cut at 10 by the host, not by its guest.
    @Test
    void interruptsATaskWhenItsVirtualCpuIsInterrupted() {
        DoubleScheduler both = new DoubleScheduler(timeline, 1, 10, 0);
        QuantumScheduler x = both.guest(1, 4, 0);
        QuantumScheduler y = both.guest(1, 4, 0);
        x.start(logging("a"), 7);
        x.start(logging("b"), 9);
        y.start(logging("c"), 14);
        timeline.run();
        assertThat(log).containsExactly("a21", "b26", "c30");
        assertThat(both.hostSwitches()).isEqualTo(4);
        assertThat(both.host().preemptions()).isEqualTo(2);
        assertThat(x.contextSwitches()).isEqualTo(4);
    }

    // Oracle: worked by hand; b begins at 4 and ends at 10, the instant at which its virtual CPU would be interrupted.
    @Test
    void letsATaskEndThatEndsWithItsQuantum() {
        DoubleScheduler both = new DoubleScheduler(timeline, 1, 10, 0);
        QuantumScheduler x = both.guest(1, 50, 0);
        x.start(logging("a"), 4);
        x.start(logging("b"), 6);
        both.guest(1, 50, 0).start(logging("c"), 15);
        timeline.run();
        assertThat(log).containsExactly("a4", "b10", "c25");
        assertThat(both.host().preemptions()).isZero();
    }

    // Oracle: conservation: every nanosecond of the host's cores is work, a guest's switch or a host's switch.
    @Test
    void accountsForEveryNanosecond() {
        for (int seed = 1; seed <= 5; seed++) {
            SsjTimeline own = new SsjTimeline();
            DoubleScheduler both = new DoubleScheduler(own, 2, 90_001, 2_003);
            QuantumScheduler[] guests = {both.guest(1, 40_009, 701), both.guest(2, 70_001, 701), both.guest(3, 10_007, 701)};
            OpenQueue queue = OpenQueue.poisson(seed, 3_000, MEAN_NS / 1.4, u -> OpenQueue.exponential(u, MEAN_NS));
            int[] turn = new int[1];
            long[] sojournNs = queue.sojournNs(own, (job, work) -> {
                guests[turn[0]++ % guests.length].start(job, work);
                return true;
            });
            double spentNs = Arrays.stream(queue.workNs()).sum() + 701.0 * both.guestSwitches() + 2_003.0 * both.hostSwitches();
            assertThat(both.host().busyCores().integral()).isEqualTo(spentNs);
            assertThat(Arrays.stream(guests).mapToDouble(g -> g.jobs().integral()).sum())
                .isEqualTo(Arrays.stream(sojournNs).sum());
            assertThat(both.host().jobs().value()).isZero();
        }
    }

    // Oracle: all times multiplied by k multiply every stay by k, exactly.
    @Test
    void scalesWithTime() {
        OpenQueue queue = OpenQueue.poisson(7, 2_000, MEAN_NS / 0.8, u -> OpenQueue.exponential(u, MEAN_NS));
        long[] once = inThreeGuests(queue, 1);
        assertThat(inThreeGuests(queue.scaled(1000), 1000)).isEqualTo(Arrays.stream(once).map(s -> 1000 * s).toArray());
    }

    private static long[] inThreeGuests(OpenQueue queue, long k) {
        SsjTimeline own = new SsjTimeline();
        DoubleScheduler both = new DoubleScheduler(own, 1, 90_001 * k, 2_003 * k);
        List<QuantumScheduler> guests = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            guests.add(both.guest(1, 40_009 * k, 701 * k));
        }
        int[] turn = new int[1];
        return queue.sojournNs(own, (job, work) -> {
            guests.get(turn[0]++ % 3).start(job, work);
            return true;
        });
    }

    // Oracle: the same tasks scheduled once, as one-task unikernels are: twice pays more switches, and so more of the
    // processor and longer stays.
    @Test
    void costsMoreThanSchedulingOnce() {
        OpenQueue queue = OpenQueue.poisson(8, 5_000, MEAN_NS / 0.7, u -> OpenQueue.exponential(u, MEAN_NS));
        DoubleScheduler both = new DoubleScheduler(timeline, 1, 100_000, 3_000);
        QuantumScheduler[] guests = {both.guest(1, 100_000, 3_000), both.guest(1, 100_000, 3_000)};
        int[] turn = new int[1];
        long[] twice = queue.sojournNs(timeline, (job, work) -> {
            guests[turn[0]++ % 2].start(job, work);
            return true;
        });
        SsjTimeline own = new SsjTimeline();
        QuantumScheduler single = new QuantumScheduler(own, 1, 100_000, 3_000);
        long[] once = queue.sojournNs(own, single);
        assertThat(both.hostSwitches() + both.guestSwitches()).isGreaterThan(single.contextSwitches());
        assertThat(both.host().busyCores().integral()).isGreaterThan(single.busyCores().integral());
        assertThat(Arrays.stream(twice).average().orElseThrow()).isGreaterThan(Arrays.stream(once).average().orElseThrow());
    }
}
