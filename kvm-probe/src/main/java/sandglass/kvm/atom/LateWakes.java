package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import sandglass.calibration.WellKnown;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.probe.Crew;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/**
 * Who is woken while another computes is sometimes put behind it, though a core is idle, and waits until the kernel interrupts that one or takes
 * notice: seldom, but that is what the 99th percentiles of starts beside busy sandboxes are made of.
 */
final class LateWakes {

    private static final int WAKES = 250;
    /** With nobody beside, in how many turns once. */
    private static final int ALONE_EVERY = 2;
    private static final long COMPUTES_NS = 8_000_000;
    private static final long SOONEST_NS = 500_000;
    private static final long LATEST_NS = 7_500_000;
    /** So long that the kernel thinks little of the load of either core, as it does on a host that is not busy. */
    private static final long PAUSE_NS = 30_000_000;
    /** Less is how much wake-ups differ in any case. */
    private static final long LATE_NS = 300_000;
    private static final int SEED = 5;
    private static final double MOST_MISSED = 0.1;

    private LateWakes() {
    }

    static Atom atom() {
        return new Atom("late-wake", Set.of(Atom.HOST), List.of(
                new Quantity(WellKnown.LATE_WAKE, NANOSECONDS,
                        "how much later than usual a verb begins while another thread computes; nothing if less than 0.3 ms"),
                new Quantity(WellKnown.DISPLACING_WAKE, NANOSECONDS, "how much later it begins while one computes on each core")),
                "hand-overs between the threads of a run, due 0.5 to 7.5 ms after one other thread, or one for each core, begins to compute for"
                        + " 8 ms, less the median of those beside nobody, in turn, after pauses of 30 ms", Clock.WALL, new Seconds(26, 4),
                LateWakes::measure);
    }

    private static List<Reading> measure(Bench bench) throws UnsupportedHereException {
        int wakes = bench.rounds(WAKES);
        int cores = Runtime.getRuntime().availableProcessors();
        try (Wakes of = new Wakes(bench, cores)) {
            Sample alone = new Sample("hand-overs beside nobody");
            Sample beside = new Sample("hand-overs beside one that computes");
            Sample displacing = new Sample("hand-overs where all cores compute");
            for (int i = 0; i < wakes; i++) {
                beside.add(of.handOverNs(1));
                displacing.add(of.handOverNs(cores));
                if (i % ALONE_EVERY == 0) {
                    alone.add(of.handOverNs(0));
                }
            }
            double usual = alone.median();
            Sample late = new Sample(WellKnown.LATE_WAKE);
            beside.forEach(ns -> late.add(ns - usual > LATE_NS ? ns - usual : 0));
            Sample later = new Sample(WellKnown.DISPLACING_WAKE);
            displacing.forEach(ns -> later.add(Math.max(0, ns - usual)));
            double missed = of.missed / (2.0 * wakes);
            String guard = "turns that other threads had not ended before the next, share";
            return List.of(late.atMost(guard, missed, MOST_MISSED).reading(), later.atMost(guard, missed, MOST_MISSED).reading());
        }
    }

    /** Hand-overs beside threads that compute. */
    private static final class Wakes implements AutoCloseable {

        private final Bench bench;
        private final Crew neighbours;
        private final Workers workers;
        private final Random random = new Random(SEED);
        private final AtomicLong ended = new AtomicLong();
        private long begun;
        private long missed;

        Wakes(Bench bench, int most) {
            this.bench = bench;
            neighbours = new Crew(most, most);
            workers = new Workers(bench.clockNs());
        }

        /** How long a hand-over takes beside so many. */
        long handOverNs(int computing) {
            workers.performAfter(PAUSE_NS, () -> { });
            missed += ended.get() == begun ? 0 : 1;
            begun += computing;
            for (int i = 0; i < computing; i++) {
                neighbours.execute(this::compute);
            }
            return workers.performAfter(SOONEST_NS + random.nextLong(LATEST_NS - SOONEST_NS), () -> { }).handOverNs();
        }

        private void compute() {
            long endNs = bench.nowNs() + COMPUTES_NS;
            while (bench.nowNs() < endNs) {
                Thread.onSpinWait();
            }
            ended.incrementAndGet();
        }

        @Override
        public void close() {
            workers.close();
            neighbours.close();
        }
    }
}
