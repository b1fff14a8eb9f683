package sandglass.des;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import sandglass.platform.Timer;
import sandglass.run.SsjStreams;
import sandglass.scenario.Uniforms;

class AllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final SsjTimeline timeline = new SsjTimeline();
    private final Uniforms stream = new SsjStreams(1, 0).named("work");

    private long drawNs() {
        return 1 + OpenQueue.exponential(stream, 1000);
    }

    /** Jobs that are in service and think in turn, for ever. */
    private void cycle(int count, BiConsumer<Job, Long> start) {
        Long work = 700L;
        for (int i = 0; i < count; i++) {
            Timer[] think = new Timer[1];
            Job job = new Job(() -> think[0].at(timeline.nowNs() + drawNs()));
            think[0] = timeline.timer(() -> start.accept(job, work));
            think[0].at(drawNs());
        }
    }

    // Oracle: the virtual machine's count of bytes; a million events in a steady state allocate less than a byte each.
    @Test
    void allocatesNothingInASteadyState() {
        FifoServer fifo = new FifoServer(timeline, 2, Integer.MAX_VALUE);
        ProcessorSharing sharing = new ProcessorSharing(timeline, 2);
        QuantumScheduler turns = new QuantumScheduler(timeline, 2, 100, 5);
        DoubleScheduler twice = new DoubleScheduler(timeline, 1, 200, 5);
        QuantumScheduler guest = twice.guest(2, 100, 5);
        List<TimeAverage> levels = new ArrayList<>(List.of(fifo.busy(), sharing.jobs(), turns.jobs(), guest.jobs()));
        cycle(10, fifo::start);
        cycle(10, sharing::start);
        cycle(10, turns::start);
        cycle(10, guest::start);
        timeline.runUntil(3_000_000);
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        long events = timeline.eventCount();
        timeline.runUntil(60_000_000);
        long bytes = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat(timeline.eventCount() - events).isGreaterThan(1_000_000);
        assertThat(bytes).isLessThan(timeline.eventCount() - events);
        assertThat(levels).allSatisfy(level -> assertThat(level.max()).isGreaterThan(1));
    }
}
