package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;
import static sandglass.unit.Unit.RATIO;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import sandglass.calibration.WellKnown;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.stack.LiveStacks;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/** What unikernels cost each other because they are machines of one process: the kernel has one lock for its memory, and tells each of changes. */
final class AddressSpace {

    private static final int SETTLING = 80;
    private static final int LIVING = 400;
    private static final int LIVING_IN_A_HURRY = 200;
    /** The first and the last quarter of them are compared. */
    private static final int QUARTERS = 4;
    private static final int THREADS_A_CORE = 4;
    private static final int MOST_THREADS = 64;
    private static final int CLONES = 192;
    private static final int CLONES_IN_A_HURRY = 64;
    private static final int CLONES_A_THREAD = 8;
    /** Threads that exclude each other in nothing need one core's part of the time, and by noise a little more. */
    private static final double NOISE = 1.15;

    private AddressSpace() {
    }

    static Atom neighbours() {
        return new Atom("usetl-neighbours", Set.of("usetl"), List.of(
                new Quantity("usetl.neighbour-clone", NANOSECONDS, "what each living unikernel of the process adds to the making of another"),
                new Quantity("usetl.neighbour-first-call", NANOSECONDS, "what each adds to the first call of another")),
                "400 clones made one after the other, each called once, all of which stay; the medians of the last 100 less those of the first 100",
                Clock.WALL, new Seconds(12, 2), AddressSpace::measureNeighbours);
    }

    private static List<Reading> measureNeighbours(Bench bench) throws UnsupportedHereException {
        List<Sample> clones = new ArrayList<>();
        List<Sample> calls = new ArrayList<>();
        for (int i = 0; i < QUARTERS; i++) {
            clones.add(new Sample("clones"));
            calls.add(new Sample("first calls"));
        }
        int living = bench.quick() ? LIVING_IN_A_HURRY : LIVING;
        Deque<LiveSandbox> made = new ArrayDeque<>();
        try (LiveStack stack = LiveStacks.open("usetl", bench.config(), bench.clockNs())) {
            try {
                settle(stack);
                for (int i = 0; i < living; i++) {
                    int quarter = i * QUARTERS / living;
                    long beginNs = bench.nowNs();
                    LiveSandbox next = stack.create();
                    made.add(next);
                    long madeNs = bench.nowNs();
                    next.warm();
                    clones.get(quarter).add(madeNs - beginNs);
                    calls.get(quarter).add(bench.nowNs() - madeNs);
                }
            } finally {
                made.forEach(LiveSandbox::close);
            }
        }
        return List.of(slope("usetl.neighbour-clone", clones, living), slope("usetl.neighbour-first-call", calls, living));
    }

    private static Reading slope(String parameter, List<Sample> byQuarter, int living) {
        Sample last = byQuarter.get(QUARTERS - 1);
        double between = (QUARTERS - 1.0) / QUARTERS * living;
        double each = Math.max(0, last.median() - byQuarter.get(0).median()) / between;
        Sample result = new Sample(parameter);
        last.forEach(any -> result.add(each));
        return result.exactly("clones", byQuarter.stream().mapToInt(Sample::count).sum(), living).middle();
    }

    static Atom exclusion() {
        return new Atom("address-space", Set.of("usetl"), List.of(new Quantity(WellKnown.ADDRESS_SPACE_EXCLUSIVE, RATIO,
                "time for a clone and its first call by four threads a core, over that by one less a later call; 0 if as little as cores allow")),
                "192 clones made and called once by several threads, and as many by one, before and after", Clock.WALL, new Seconds(12, 2),
                AddressSpace::measureExclusion);
    }

    private static List<Reading> measureExclusion(Bench bench) throws UnsupportedHereException {
        int cores = Runtime.getRuntime().availableProcessors();
        int threads = Math.min(MOST_THREADS, THREADS_A_CORE * cores);
        int clones = Math.max(bench.quick() ? CLONES_IN_A_HURRY : CLONES, CLONES_A_THREAD * threads);
        try (LiveStack stack = LiveStacks.open("usetl", bench.config(), bench.clockNs())) {
            settle(stack);
            Sample later = new Sample("later call");
            double aloneNs = eachNs(bench, stack, 1, clones, later);
            double togetherNs = eachNs(bench, stack, threads, clones, new Sample("later call among others"));
            aloneNs = (aloneNs + eachNs(bench, stack, 1, clones, later)) / 2;
            // What a later call takes, too, is no work on the address space.
            double share = togetherNs / Math.max(1, aloneNs - later.median());
            Sample sample = new Sample(WellKnown.ADDRESS_SPACE_EXCLUSIVE);
            sample.add(togetherNs <= NOISE / cores * aloneNs ? 0 : Math.min(1, share));
            return List.of(sample.middle());
        }
    }

    /** Wall time, ns, for each of so many clones, by so many threads at once; and what a second call of each takes. */
    private static double eachNs(Bench bench, LiveStack stack, int threads, int clones, Sample later) {
        long beginNs = bench.nowNs();
        try (AtOnce all = new AtOnce(stack, threads, clones, true)) {
            double eachNs = (bench.nowNs() - beginNs) / (double) clones;
            for (LiveSandbox sandbox : all.made()) {
                sandbox.recycle();
                long againNs = bench.nowNs();
                sandbox.warm();
                later.add(bench.nowNs() - againNs);
            }
            return eachNs;
        }
    }

    private static void settle(LiveStack stack) {
        for (int i = 0; i < SETTLING; i++) {
            new AtOnce(stack, 1, 1, true).close();
        }
    }
}
