package sandglass.des;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import sandglass.platform.Timer;
import umontreal.ssj.simevents.Event;
import umontreal.ssj.simevents.Simulator;
import umontreal.ssj.simevents.eventlist.BinaryTree;
import umontreal.ssj.simevents.eventlist.DoublyLinked;
import umontreal.ssj.simevents.eventlist.EventList;
import umontreal.ssj.simevents.eventlist.Henriksen;
import umontreal.ssj.simevents.eventlist.RedblackTree;
import umontreal.ssj.simevents.eventlist.SplayTree;

/**
 * The hold model (Jones, CACM 29(4), 1986): a constant number of pending events, each of which schedules itself again
 * after an exponential delay. Prints nanoseconds and allocated bytes an event, for SSJ's lists and ours side by side.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class HoldBenchmark {

    private static final int EVENTS = 2000;
    private static final int DELAYS = 1 << 13;
    private static final double MEAN_DELAY_NS = 1e6;

    /** {@code timeline} is what the simulator runs on: our list under reusable timers. */
    @Param({"timeline", "quaternary", "splay", "redblack", "henriksen", "binary", "linked"})
    public String list;

    @Param({"10", "1000", "10000", "100000"})
    public int pending;

    private final long[] delaysNs = new long[DELAYS];
    private int nextDelay;
    private int left;
    private Runnable run;

    @Setup
    public void fill() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < DELAYS; i++) {
            delaysNs[i] = 1 + (long) (-Math.log(1 - random.nextDouble()) * MEAN_DELAY_NS);
        }
        switch (list) {
            case "timeline" -> fillTimeline();
            case "quaternary" -> fillSimulator(new QuaternaryEventList());
            case "splay" -> fillSimulator(new SplayTree());
            case "redblack" -> fillSimulator(new RedblackTree());
            case "henriksen" -> fillSimulator(new Henriksen());
            case "binary" -> fillSimulator(new BinaryTree());
            case "linked" -> fillSimulator(new DoublyLinked());
            default -> throw new IllegalArgumentException("no such event list: " + list);
        }
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void hold() {
        left = EVENTS;
        run.run();
    }

    private long delayNs() {
        return delaysNs[nextDelay++ & DELAYS - 1];
    }

    private void fillTimeline() {
        SsjTimeline timeline = new SsjTimeline();
        for (int i = 0; i < pending; i++) {
            new HeldTimer(timeline);
        }
        run = timeline::run;
    }

    private void fillSimulator(EventList events) {
        Simulator simulator = new Simulator(events);
        for (int i = 0; i < pending; i++) {
            new HeldEvent(simulator).schedule(delayNs());
        }
        run = simulator::start;
    }

    private final class HeldTimer implements Runnable {

        private final SsjTimeline timeline;
        private final Timer timer;

        HeldTimer(SsjTimeline timeline) {
            this.timeline = timeline;
            timer = timeline.timer(this);
            timer.at(delayNs());
        }

        @Override
        public void run() {
            timer.at(timeline.nowNs() + delayNs());
            if (--left == 0) {
                timeline.stop();
            }
        }
    }

    private final class HeldEvent extends Event {

        HeldEvent(Simulator simulator) {
            super(simulator);
        }

        @Override
        public void actions() {
            schedule(delayNs());
            if (--left == 0) {
                sim.stop();
            }
        }
    }
}
