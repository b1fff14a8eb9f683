package sandglass.des;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;
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

/**
 * Jobs that think and are served in turn on two cores, 70 % busy. Prints nanoseconds and allocated bytes a job served,
 * thinking included: two events a job, and more where quanta end.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class ServerBenchmark {

    private static final int SERVED = 2000;
    private static final int DRAWS = 1 << 13;
    private static final int JOBS = 10;
    private static final double MEAN_NS = 1e6;

    /** {@code turns} and {@code twice} have quanta of the mean work, on one level and on two. */
    @Param({"delay", "fifo", "sharing", "turns", "twice"})
    public String server;

    private final SsjTimeline timeline = new SsjTimeline();
    private final double[] draws = new double[DRAWS];
    private int nextDraw;
    private int left;

    @Setup
    public void fill() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < DRAWS; i++) {
            draws[i] = -Math.log(1 - random.nextDouble());
        }
        ObjLongConsumer<Job> start = switch (server) {
            case "delay" -> new ProcessorSharing(timeline, Double.POSITIVE_INFINITY)::start;
            case "fifo" -> new FifoServer(timeline, 2, Integer.MAX_VALUE)::start;
            case "sharing" -> new ProcessorSharing(timeline, 2)::start;
            case "turns" -> new QuantumScheduler(timeline, 2, (long) MEAN_NS, 2000)::start;
            case "twice" -> new DoubleScheduler(timeline, 2, (long) MEAN_NS, 2000).guest(2, (long) MEAN_NS, 2000)::start;
            default -> throw new IllegalArgumentException("no such server: " + server);
        };
        for (int i = 0; i < JOBS; i++) {
            cycle(start);
        }
    }

    private void cycle(ObjLongConsumer<Job> start) {
        Timer[] think = new Timer[1];
        Job job = new Job(() -> {
            think[0].at(timeline.nowNs() + drawNs(5.5));
            if (--left == 0) {
                timeline.stop();
            }
        });
        think[0] = timeline.timer(() -> start.accept(job, drawNs(1)));
        think[0].at(drawNs(5.5));
    }

    private long drawNs(double factor) {
        return 1 + (long) (draws[nextDraw++ & DRAWS - 1] * factor * MEAN_NS);
    }

    @Benchmark
    @OperationsPerInvocation(SERVED)
    public void serve() {
        left = SERVED;
        timeline.run();
    }
}
