package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.stack.LiveStacks;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/** What a call and its recycling take longer because other sandboxes have had the cores' caches since the same sandbox's last one. */
final class DisplacedCalls {

    private static final int SANDBOXES = 8;
    private static final int ROUNDS = 90;
    private static final int SETTLING = 50;
    private static final String DISPLACED = "recycle.displaced";

    private DisplacedCalls() {
    }

    static Atom of(String stack) {
        boolean restored = stack.equals("usetl");
        List<Quantity> quantities = new ArrayList<>(List.of(new Quantity(stack + ".displaced-call", NANOSECONDS,
                "what a call takes longer right after calls of seven other sandboxes than right after one of its own")));
        if (restored) {
            quantities.add(new Quantity(DISPLACED, NANOSECONDS, "the same for the recycling after it"));
        }
        return new Atom(stack + "-displaced", Set.of(stack), quantities,
                "eight sandboxes, two calls of each in turn, without pauses; medians of the first ones less those of the second", Clock.WALL,
                restored ? new Seconds(4, 1) : new Seconds(6, 1), bench -> measure(bench, stack, restored));
    }

    private static List<Reading> measure(Bench bench, String name, boolean restored) throws UnsupportedHereException {
        Sample first = new Sample("calls after others");
        Sample second = new Sample("calls after its own");
        Sample recycledFirst = new Sample("recycling after others");
        Sample recycledSecond = new Sample("recycling after its own");
        int rounds = bench.rounds(ROUNDS);
        List<LiveSandbox> all = new ArrayList<>();
        try (Workers workers = new Workers(bench.clockNs()); LiveStack stack = LiveStacks.open(name, bench.config(), bench.clockNs())) {
            try {
                for (int i = 0; i < SANDBOXES; i++) {
                    all.add(stack.create());
                }
                for (int round = -SETTLING / SANDBOXES; round < rounds; round++) {
                    boolean counts = round >= 0;
                    for (LiveSandbox sandbox : all) {
                        call(workers, sandbox, counts ? first : new Sample("settling"), counts ? recycledFirst : new Sample("settling"));
                        call(workers, sandbox, counts ? second : new Sample("settling"), counts ? recycledSecond : new Sample("settling"));
                    }
                }
            } finally {
                all.forEach(LiveSandbox::close);
            }
        }
        int expected = rounds * SANDBOXES;
        List<Reading> readings = new ArrayList<>(List.of(Sample.less(name + ".displaced-call", first, second.median())
                .exactly("calls", first.count(), expected).middle()));
        if (restored) {
            readings.add(Sample.less(DISPLACED, recycledFirst, recycledSecond.median())
                    .exactly("recyclings", recycledFirst.count(), expected).middle());
        }
        return readings;
    }

    private static void call(Workers workers, LiveSandbox sandbox, Sample calls, Sample recyclings) {
        workers.perform(() -> calls.add(sandbox.call(LiveBench.WORK, LiveBench.NOTHING).runNs()));
        recyclings.add(workers.perform(sandbox::recycle).ns());
    }
}
