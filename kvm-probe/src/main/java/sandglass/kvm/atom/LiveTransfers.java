package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.stack.DescribedWork;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.stack.LiveConfig;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/** What a transfer costs beside itself: the first of a sandbox more than a later one, and recycling after a document more than without. */
final class LiveTransfers {

    private static final int BYTES = 1000;
    private static final int SANDBOXES = 30;
    private static final int DOCUMENTS = 4;
    private static final int SETTLING = 200;

    private LiveTransfers() {
    }

    static Atom firsts(String stack) {
        List<Quantity> quantities = new ArrayList<>(List.of(
                new Quantity(stack + ".first-transfer", NANOSECONDS, "the first POST of a sandbox that has been called before, beyond a later one")));
        if (stack.equals("usetl")) {
            quantities.add(new Quantity("recycle.document", NANOSECONDS, "recycling after a GET, beyond that after a call without work"));
        }
        return new Atom(stack + "-first-transfer", Set.of(stack), quantities,
                "new sandboxes, called once, then twice to POST 1 kB" + (stack.equals("usetl") ? ", then by turns without work and to GET 1 kB" : ""),
                Clock.WALL, stack.equals("usetl") ? new Seconds(10, 2) : new Seconds(8, 1), bench -> measure(bench, stack));
    }

    private static List<Reading> measure(Bench bench, String stack) throws UnsupportedHereException {
        boolean guest = stack.equals("usetl");
        Sample first = new Sample("first");
        Sample later = new Sample("later");
        Sample plain = new Sample("recycling");
        Sample withDocument = new Sample("recycling with a document");
        long posted;
        int sandboxes = bench.rounds(SANDBOXES);
        try (DocumentServer server = new DocumentServer(path -> Optional.empty())) {
            LiveConfig config = bench.config().withAllowedHosts(Set.of(server.hostAndPort()));
            String post = DescribedWork.event(server.url(), List.of(DescribedWork.op("post", BYTES)));
            String get = DescribedWork.event(server.url(), List.of(DescribedWork.op("get", BYTES)));
            try (LiveBench live = new LiveBench(bench, config, stack, Optional.of(server))) {
                live.settle(server.url(), SETTLING);
                long before = server.postedBytes();
                for (int i = 0; i < sandboxes; i++) {
                    live.renew();
                    live.call(LiveBench.WORK, LiveBench.NOTHING);
                    live.recycle();
                    first.add(live.call(LiveBench.WORK, post).ns());
                    live.recycle();
                    later.add(live.call(LiveBench.WORK, post).ns());
                    live.recycle();
                    for (int d = 0; guest && d < DOCUMENTS; d++) {
                        live.call(LiveBench.WORK, LiveBench.NOTHING);
                        plain.add(live.recycle().ns());
                        live.call(LiveBench.WORK, get);
                        withDocument.add(live.recycle().ns());
                    }
                }
                posted = server.postedBytes() - before;
            }
        }
        List<Reading> readings = new ArrayList<>();
        readings.add(Sample.less(stack + ".first-transfer", first, later.median()).exactly("bytes posted", posted, 2L * sandboxes * BYTES).reading());
        if (guest) {
            readings.add(Sample.less("recycle.document", withDocument, plain.median()).middle());
        }
        return readings;
    }
}
