package sandglass.kvm.atom;

import static sandglass.unit.Unit.RATIO;

import java.util.List;
import java.util.Set;
import sandglass.calibration.WellKnown;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.stack.LiveStacks;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/** What it costs a process to go on after others had its core: the caches are theirs. */
final class SliceLoss {

    private static final int A_CORE = 8;
    private static final int ROUNDS = 9;

    private SliceLoss() {
    }

    static Atom atom() {
        return new Atom("slice-loss", Set.of("process"), List.of(new Quantity(WellKnown.SLICE_LOSS, RATIO,
                "core time of an interpreter's start beside seven others a core, less that beside none, over the former")),
                "interpreters of the process stack started one and eight a core at once, in turn; their own core time", Clock.CPU, new Seconds(12, 3),
                SliceLoss::measure);
    }

    private static List<Reading> measure(Bench bench) throws UnsupportedHereException {
        int cores = Runtime.getRuntime().availableProcessors();
        Sample alone = new Sample("core time of a start");
        Sample among = new Sample("core time of a start among others");
        int rounds = Math.max(2, bench.rounds(ROUNDS));
        try (LiveStack stack = LiveStacks.open("process", bench.config(), bench.clockNs())) {
            start(stack, cores, new Sample("settling"));
            for (int round = 0; round < rounds; round++) {
                start(stack, A_CORE * cores, among);
                for (int i = 0; i < A_CORE; i++) {
                    start(stack, cores, alone);
                }
            }
        }
        Sample loss = new Sample(WellKnown.SLICE_LOSS);
        loss.add(Math.max(0, 1 - alone.median() / among.median()));
        return List.of(loss.exactly("interpreters", among.count(), (long) rounds * A_CORE * cores).middle());
    }

    /** Starts so many at once and notes the core time of each. */
    private static void start(LiveStack stack, int number, Sample coreNs) {
        try (AtOnce all = new AtOnce(stack, number, number, false)) {
            all.made().forEach(sandbox -> coreNs.add(sandbox.cpuNs()));
        }
    }
}
