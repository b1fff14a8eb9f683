package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import sandglass.calibration.WellKnown;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/**
 * Who is woken while another computes is sometimes put behind it, though a core is idle, and waits until the kernel interrupts that one or takes
 * notice: seldom, but that is what the 99th percentiles of starts beside busy sandboxes are made of.
 */
final class LateWakes {

    private static final int WAKES = 2400;
    /** Long enough for the threads to sleep. */
    private static final long PAUSE_NS = 3_000_000;
    /** As the functions of a host do, it computes for a while and sleeps: the kernel tells who always computes from others sooner. */
    private static final long COMPUTES_NS = 8_000_000;
    private static final long MEAN_SLEEP_NS = 8_000_000;
    /** Less is how much wake-ups differ in any case. */
    private static final long LATE_NS = 300_000;
    private static final int SEED = 5;
    /** Far from always and from never, so that there are both kinds. */
    private static final double LEAST_BESIDE = 0.2;
    private static final double MOST_BESIDE = 0.9;

    private LateWakes() {
    }

    static Atom atom() {
        return new Atom("late-wake", Set.of(Atom.HOST), List.of(new Quantity(WellKnown.LATE_WAKE, NANOSECONDS,
                "how much later than usual a verb begins while another thread computes; nothing if less than 0.3 ms")),
                "hand-overs between the threads of a run, each after a pause of 3 ms, beside a thread that computes for 8 ms and sleeps for about as"
                        + " long; those due while it computes, less the median of the others", Clock.WALL, new Seconds(9, 2), LateWakes::measure);
    }

    private static List<Reading> measure(Bench bench) throws UnsupportedHereException {
        int wakes = bench.rounds(WAKES);
        Sample beside = new Sample("hand-overs beside one that computes");
        Sample alone = new Sample("hand-overs beside nobody");
        try (Neighbour neighbour = new Neighbour(bench.clockNs()); Workers workers = new Workers(bench.clockNs())) {
            for (int i = 0; i < wakes; i++) {
                long[] computedWhenDue = new long[1];
                Workers.Took took = workers.performAfter(PAUSE_NS, () -> computedWhenDue[0] = neighbour.beganNs());
                long begunNs = bench.nowNs() - took.ns() - took.handOverNs();
                boolean computed = computedWhenDue[0] != 0 && computedWhenDue[0] < begunNs && begunNs < computedWhenDue[0] + COMPUTES_NS;
                (computed ? beside : alone).add(took.handOverNs());
            }
        }
        double usual = alone.median();
        Sample late = new Sample(WellKnown.LATE_WAKE);
        beside.forEach(ns -> late.add(ns - usual > LATE_NS ? ns - usual : 0));
        double share = late.count() / (double) wakes;
        return List.of(late.atMost("share of hand-overs beside one that computes", share, MOST_BESIDE)
                .atMost("share of hand-overs beside nobody", 1 - share, 1 - LEAST_BESIDE).reading());
    }

    /** A thread that computes and sleeps in turn, as long as it is open. */
    private static final class Neighbour implements AutoCloseable {

        private final LongSupplier clockNs;
        private final Thread thread = new Thread(this::live, "neighbour");
        private volatile long beganNs;
        private volatile boolean closed;

        Neighbour(LongSupplier clockNs) {
            this.clockNs = clockNs;
            thread.setDaemon(true);
            thread.start();
        }

        /** When it began to compute for the last time; 0 before the first. */
        long beganNs() {
            return beganNs;
        }

        private void live() {
            Random random = new Random(SEED);
            while (!closed) {
                long began = clockNs.getAsLong();
                beganNs = began;
                while (!closed && clockNs.getAsLong() - began < COMPUTES_NS) {
                    Thread.onSpinWait();
                }
                LockSupport.parkNanos((long) (-MEAN_SLEEP_NS * Math.log(1 - random.nextDouble())));
            }
        }

        @Override
        public void close() {
            closed = true;
            LockSupport.unpark(thread);
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
