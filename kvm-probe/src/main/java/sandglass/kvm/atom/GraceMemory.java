package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import sandglass.kvm.lean.ControlGroups;
import sandglass.kvm.leftovers.Journal;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/** How long the kernel remembers that somebody has waited for it to let control groups' members be changed. */
final class GraceMemory {

    private static final String MEMORY = "linux.grace-memory";
    private static final int ROUNDS = 10;
    private static final int QUICK_ROUNDS = 2;
    private static final int STEP_MS = 5;
    private static final int MOST_MS = 60;
    /** Who waits takes more than so large a part of what those take who come after the longest pause; others take far less. */
    private static final double PART = 0.25;
    private static final long MEMORY_BYTES = 64L << 20;

    private GraceMemory() {
    }

    static Atom atom() {
        return new Atom("grace-memory", Set.of("zygote"), List.of(
                new Quantity(MEMORY, NANOSECONDS, "for how long, in the mean, who changes a control group is spared the wait of the last")),
                "a process moved to and fro between two control groups after pauses of 5 to 60 ms; the sum of the shares that did not wait",
                Clock.WALL, new Atom.Seconds(5, 1), GraceMemory::measure);
    }

    private static List<Reading> measure(Bench bench) throws UnsupportedHereException, IOException, InterruptedException {
        int rounds = bench.quick() ? QUICK_ROUNDS : ROUNDS;
        List<Sample> byPause = new ArrayList<>();
        for (int ms = STEP_MS; ms <= MOST_MS; ms += STEP_MS) {
            byPause.add(new Sample(MEMORY));
        }
        // It waits for its input to end, which it does with this program at the latest.
        Process moved = new ProcessBuilder("cat").start();
        try (Journal journal = Journal.open(); ControlGroups one = new ControlGroups(journal, MEMORY_BYTES, 1, 1);
                ControlGroups other = new ControlGroups(journal, MEMORY_BYTES, 1, 1)) {
            try {
                one.admit(moved.pid());
                for (int i = 0; i < rounds; i++) {
                    for (int p = 0; p < byPause.size(); p++) {
                        ControlGroups next = (i * byPause.size() + p) % 2 == 0 ? other : one;
                        Thread.sleep((p + 1L) * STEP_MS);
                        long beginNs = bench.nowNs();
                        next.admit(moved.pid());
                        byPause.get(p).add(bench.nowNs() - beginNs);
                    }
                }
            } finally {
                moved.destroyForcibly().waitFor();
            }
        }
        double leastNs = PART * byPause.get(byPause.size() - 1).median();
        long[] spared = new long[1];
        byPause.forEach(sample -> sample.forEach(ns -> spared[0] += ns < leastNs ? 1 : 0));
        double memoryNs = (double) spared[0] / rounds * STEP_MS * 1_000_000L;
        return List.of(new Reading.Measured(MEMORY, new double[] {memoryNs}, (long) rounds * byPause.size(), List.of()));
    }
}
