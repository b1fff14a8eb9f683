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

    private static final int WAKES = 300;
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
        return new Atom("late-wake", Set.of(Atom.HOST), List.of(new Quantity(WellKnown.LATE_WAKE, NANOSECONDS,
                "how much later than usual a verb begins while another thread computes; nothing if less than 0.3 ms")),
                "hand-overs between the threads of a run, due 0.5 to 7.5 ms after another thread begins to compute for 8 ms, less the median of those"
                        + " beside nobody, after pauses of 30 ms", Clock.WALL, new Seconds(11, 2), LateWakes::measure);
    }

    private static List<Reading> measure(Bench bench) throws UnsupportedHereException {
        int wakes = bench.rounds(WAKES);
        Random random = new Random(SEED);
        Sample beside = new Sample("hand-overs beside one that computes");
        Sample alone = new Sample("hand-overs beside nobody");
        AtomicLong turns = new AtomicLong();
        long missed = 0;
        try (Crew neighbour = new Crew(1, 1); Workers workers = new Workers(bench.clockNs())) {
            for (int i = 0; i < wakes; i++) {
                neighbour.execute(() -> {
                    compute(bench);
                    turns.incrementAndGet();
                });
                beside.add(workers.performAfter(SOONEST_NS + random.nextLong(LATEST_NS - SOONEST_NS), () -> { }).handOverNs());
                alone.add(workers.performAfter(PAUSE_NS, () -> { }).handOverNs());
                missed += turns.get() == i + 1 ? 0 : 1;
            }
        }
        double usual = alone.median();
        Sample late = new Sample(WellKnown.LATE_WAKE);
        beside.forEach(ns -> late.add(ns - usual > LATE_NS ? ns - usual : 0));
        return List.of(late.atMost("turns that the other thread missed, share", missed / (double) wakes, MOST_MISSED).reading());
    }

    private static void compute(Bench bench) {
        long endNs = bench.nowNs() + COMPUTES_NS;
        while (bench.nowNs() < endNs) {
            Thread.onSpinWait();
        }
    }
}
