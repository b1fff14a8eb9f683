package sandglass.des;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuantumSchedulerTest {

    private static final double MEAN_NS = 1e6;

    private final SsjTimeline timeline = new SsjTimeline();
    private final List<String> log = new ArrayList<>();

    private Job logging(String name) {
        return new Job(() -> log.add(name + timeline.nowNs()));
    }

    // Oracle: worked by hand. Switches at 0, 12, 24, 36, 46: a 2-12, b 14-24, a 26-36, b 38-44, a alone from 46 on.
    @Test
    void takesTurnsAndPaysForSwitches() {
        QuantumScheduler cpu = new QuantumScheduler(timeline, 1, 10, 2);
        cpu.start(logging("a"), 45);
        timeline.runUntil(3);
        cpu.start(logging("b"), 16);
        timeline.run();
        assertThat(log).containsExactly("b44", "a71");
        assertThat(cpu.contextSwitches()).isEqualTo(5);
        assertThat(cpu.preemptions()).isEqualTo(3);
        assertThat(cpu.busyCores().integral()).isEqualTo(45 + 16 + 5 * 2);
    }

    private void arrive(QuantumScheduler cpu, long timeNs, String name, long workNs) {
        timeline.runUntil(timeNs);
        cpu.start(logging(name), workNs);
    }

    // Oracle: a second computation, one quantum after the other; equality per job.
    @Test
    void agreesWithSteppingThroughEveryQuantum() {
        for (long seed = 1; seed <= 5; seed++) {
            OpenQueue queue = OpenQueue.poisson(seed, 3_000, MEAN_NS / 0.7, u -> OpenQueue.hyperexponential(u, MEAN_NS));
            long quantumNs = 137_903 * seed;
            long switchNs = 7_919 * (seed - 1);
            SsjTimeline own = new SsjTimeline();
            long[] sojournNs = queue.sojournNs(own, new QuantumScheduler(own, 1, quantumNs, switchNs));
            assertThat(sojournNs).as("seed %d", seed).isEqualTo(everyQuantum(queue, quantumNs, switchNs));
        }
    }

    private static long[] everyQuantum(OpenQueue queue, long quantumNs, long switchNs) {
        long[] left = queue.workNs().clone();
        long[] sojournNs = new long[left.length];
        Deque<Integer> waiting = new ArrayDeque<>();
        long now = 0;
        int next = 0;
        int current = -1;
        int last = -1;
        while (next < left.length || current >= 0 || !waiting.isEmpty()) {
            if (current < 0 && waiting.isEmpty()) {
                now = queue.arrivalNs()[next];
                waiting.add(next++);
            }
            if (current < 0) {
                current = waiting.remove();
            }
            now += current == last ? 0 : switchNs;
            last = current;
            long slice = Math.min(quantumNs, left[current]);
            now += slice;
            left[current] -= slice;
            while (next < left.length && queue.arrivalNs()[next] < now) {
                waiting.add(next++);
            }
            if (left[current] == 0) {
                sojournNs[current] = now - queue.arrivalNs()[current];
                current = -1;
            } else if (!waiting.isEmpty()) {
                waiting.add(current);
                current = -1;
            }
        }
        return sojournNs;
    }

    // Oracle: processor sharing, which round robin becomes as the quantum shrinks; the gap shrinks with it.
    @Test
    void becomesProcessorSharingAsTheQuantumShrinks() {
        OpenQueue queue = OpenQueue.poisson(11, 4_000, MEAN_NS / 0.7, u -> OpenQueue.exponential(u, MEAN_NS));
        long[] shared = queue.sojournNs(timeline, new ProcessorSharing(timeline, 1));
        double coarse = meanGap(queue, shared, 400_000);
        double fine = meanGap(queue, shared, 40_000);
        double finest = meanGap(queue, shared, 4_000);
        assertThat(fine).isLessThan(coarse / 4);
        assertThat(finest).isLessThan(fine / 4).isLessThan(3 * 4_000);
    }

    private static double meanGap(OpenQueue queue, long[] shared, long quantumNs) {
        SsjTimeline own = new SsjTimeline();
        long[] turns = queue.sojournNs(own, new QuantumScheduler(own, 1, quantumNs, 0));
        double sum = 0;
        for (int i = 0; i < turns.length; i++) {
            sum += Math.abs(turns[i] - shared[i]);
        }
        return sum / turns.length;
    }

    // Oracle: a queue first come first served, which round robin becomes without interruption; equality per job.
    @Test
    void becomesFirstComeFirstServedWithoutInterruption() {
        OpenQueue queue = OpenQueue.poisson(12, 20_000, MEAN_NS / 2.5, u -> OpenQueue.exponential(u, MEAN_NS));
        long[] turns = queue.sojournNs(timeline, new QuantumScheduler(timeline, 3, Long.MAX_VALUE, 0));
        SsjTimeline own = new SsjTimeline();
        assertThat(turns).isEqualTo(queue.sojournNs(own, new FifoServer(own, 3, Integer.MAX_VALUE)::start));
    }

    // Oracle: conservation of time on cores, and Little's law on the path, both exactly.
    @Test
    void accountsForEveryNanosecond() {
        for (int cores = 1; cores <= 3; cores++) {
            OpenQueue queue = OpenQueue.poisson(13, 5_000, MEAN_NS / (0.7 * cores), u -> OpenQueue.exponential(u, MEAN_NS));
            SsjTimeline own = new SsjTimeline();
            QuantumScheduler cpu = new QuantumScheduler(own, cores, 100_000, 1_500);
            long[] sojournNs = queue.sojournNs(own, cpu);
            long work = Arrays.stream(queue.workNs()).sum();
            assertThat(cpu.busyCores().integral()).isEqualTo(work + 1_500.0 * cpu.contextSwitches());
            assertThat(cpu.jobs().integral()).isEqualTo(Arrays.stream(sojournNs).sum());
            assertThat(cpu.busyCores().max()).isEqualTo(cores);
            assertThat(cpu.contextSwitches()).isGreaterThan(cpu.preemptions()).isGreaterThanOrEqualTo(5_000);
        }
    }

    // Oracle: all times multiplied by k multiply every stay by k and leave every count, exactly.
    @Test
    void scalesWithTime() {
        OpenQueue queue = OpenQueue.poisson(14, 3_000, MEAN_NS / 1.6, u -> OpenQueue.exponential(u, MEAN_NS));
        SsjTimeline scaledTimeline = new SsjTimeline();
        QuantumScheduler cpu = new QuantumScheduler(timeline, 2, 100_000, 1_500);
        QuantumScheduler scaledCpu = new QuantumScheduler(scaledTimeline, 2, 100_000_000, 1_500_000);
        long[] once = queue.sojournNs(timeline, cpu);
        assertThat(queue.scaled(1000).sojournNs(scaledTimeline, scaledCpu))
            .isEqualTo(Arrays.stream(once).map(s -> 1000 * s).toArray());
        assertThat(scaledCpu.contextSwitches()).isEqualTo(cpu.contextSwitches());
    }

    // Oracle: worked by hand; a removed, b removed while it waits, then c within its switch.
    @Test
    void returnsWhatRemainsOfARemovedJob() {
        QuantumScheduler cpu = new QuantumScheduler(timeline, 1, 10, 2);
        Job a = logging("a");
        Job b = logging("b");
        Job c = logging("c");
        cpu.start(a, 30);
        cpu.start(b, 30);
        cpu.start(c, 30);
        timeline.runUntil(7);
        assertThat(cpu.remove(b)).isEqualTo(30);
        assertThat(cpu.remove(a)).isEqualTo(25);
        timeline.runUntil(8);
        assertThat(cpu.remove(c)).isEqualTo(30);
        assertThat(cpu.busyCores().value()).isZero();
        cpu.start(a, 25);
        timeline.run();
        assertThat(log).containsExactly("a35");
        assertThat(cpu.contextSwitches()).isEqualTo(3);
    }

    // Oracle: uncontended work costs a constant number of events however many quanta it takes.
    @Test
    void needsOneEventForAJobThatRunsAlone() {
        QuantumScheduler cpu = new QuantumScheduler(timeline, 2, 10, 1);
        cpu.start(logging("a"), 1_000_000);
        cpu.start(logging("b"), 2_000_000);
        timeline.run();
        assertThat(log).containsExactly("a1000001", "b2000001");
        assertThat(timeline.eventCount()).isEqualTo(2);
    }

    // Oracle: a hand-worked log; work of zero is done at once but after start returned, and done may start again.
    @Test
    void keepsTheTurnOfThoseWaitingWhenADoneJobReturns() {
        QuantumScheduler cpu = new QuantumScheduler(timeline, 1, 10, 0);
        Job[] again = new Job[1];
        again[0] = new Job(() -> {
            log.add("again" + timeline.nowNs());
            if (log.size() == 1) {
                cpu.start(again[0], 3);
            }
        });
        cpu.start(again[0], 0);
        cpu.start(logging("other"), 5);
        assertThat(log).isEmpty();
        timeline.run();
        assertThat(log).containsExactly("again0", "other5", "again8");
    }

    // Oracle: the contract of the constructor.
    @Test
    void refusesMisuse() {
        assertThatThrownBy(() -> new QuantumScheduler(timeline, 0, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new QuantumScheduler(timeline, 1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new QuantumScheduler(timeline, 1, 1, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
