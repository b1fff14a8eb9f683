package sandglass.kvm.atom;

import static sandglass.unit.Unit.BYTES;
import static sandglass.unit.Unit.RATIO;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.stack.DescribedWork;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.stack.LiveStacks;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/** What work of some kind leaves with a sandbox for as long as that lives, beside the pages that it writes. */
final class LiveHoldings {

    private static final int TEMPLATES = 5;
    private static final int QUICK_TEMPLATES = 2;
    private static final int SENT_BYTES = 16_000_000;
    private static final int PAGE_BYTES = 4096;

    /** Sizes of documents, bytes; what the C library keeps of a freed block depends on its size, mallopt(3). */
    private static final long[] FETCHED = {1L << 20, 4L << 20, 16L << 20, 24L << 20, 32L << 20, 48L << 20, 64L << 20};
    private static final int PROCESSES = 3;
    private static final int CALLS = 40;
    private static final double MOST_OF_IT = 0.5;
    private static final long MEMORY_BYTES = 512L << 20;

    private LiveHoldings() {
    }

    static Atom unikernel() {
        List<Quantity> quantities = new ArrayList<>();
        for (String kind : List.of("transfer", "post", "touch", "wait")) {
            quantities.add(new Quantity("usetl." + kind + "-template-bytes", BYTES, "pages of the template that the first " + kind + " maps"));
            quantities.add(new Quantity("usetl." + kind + "-clone-bytes", BYTES, "pages that the template does not map, the same"));
        }
        quantities.add(new Quantity("usetl.sent-kept", RATIO, "of memory that is asked for to be sent, what stays mapped"));
        return new Atom("usetl-holdings", Set.of("usetl"), quantities, "the only clone of a template calls a function that does nothing, then "
                + "one that does little of the kind, and is recycled after each; of posts what is beyond gets; smaps of its memory", Clock.NONE,
                new Seconds(4, 1), LiveHoldings::measureClones);
    }

    private static List<Reading> measureClones(Bench bench) throws UnsupportedHereException {
        Map<String, Sample> samples = new LinkedHashMap<>();
        Sample kept = new Sample("usetl.sent-kept");
        try (DocumentServer server = new DocumentServer(path -> Optional.empty())) {
            LiveConfig config = bench.config().withAllowedHosts(Set.of(server.hostAndPort()));
            for (int t = 0; t < (bench.quick() ? QUICK_TEMPLATES : TEMPLATES); t++) {
                try (LiveStack stack = LiveStacks.open("usetl", config, bench.clockNs())) {
                    stack.reach(server);
                    String get = DescribedWork.event(server.url(), ops("get", 1000));
                    String post = DescribedWork.event(server.url(), ops("post", 1000));
                    Footprint got = hold(stack, samples, "transfer", Footprint.NONE, get, 0);
                    hold(stack, samples, "post", got, post, PAGE_BYTES);
                    hold(stack, samples, "touch", Footprint.NONE, DescribedWork.event("", ops("touch", 1)), PAGE_BYTES);
                    hold(stack, samples, "wait", Footprint.NONE, DescribedWork.event("", ops("wait", 1000)), 0);
                    try (LiveSandbox clone = stack.create()) {
                        Footprint before = after(clone, post);
                        Footprint sent = after(clone, DescribedWork.event(server.url(), ops("post", SENT_BYTES)));
                        kept.add(Math.max(0, sent.rssBytes() - before.rssBytes()) / (double) SENT_BYTES);
                    }
                }
            }
        }
        List<Reading> readings = new ArrayList<>(samples.values().stream().map(Sample::reading).toList());
        readings.add(kept.reading());
        return readings;
    }

    private static List<String> ops(String name, long amount) {
        return List.of(DescribedWork.op(name, amount));
    }

    /** Adds what a new clone's first call of a kind leaves with it beyond {@code known}; gives all that it leaves. */
    private static Footprint hold(LiveStack stack, Map<String, Sample> samples, String kind, Footprint known, String event, long writtenBytes) {
        try (LiveSandbox clone = stack.create()) {
            Footprint before = after(clone, DescribedWork.nothing());
            Footprint then = after(clone, event);
            long own = then.ussBytes() - before.ussBytes();
            long both = then.rssBytes() - before.rssBytes();
            long more = Math.max(0, own - known.ussBytes() - writtenBytes);
            samples.computeIfAbsent("usetl." + kind + "-template-bytes", Sample::new)
                    .add(Math.max(0, both - known.rssBytes() - writtenBytes - more));
            samples.computeIfAbsent("usetl." + kind + "-clone-bytes", Sample::new).add(more);
            return new Footprint(both, 0, own, 0);
        }
    }

    private static Footprint after(LiveSandbox sandbox, String event) {
        sandbox.call(DescribedWork.source(), event);
        sandbox.recycle();
        return sandbox.footprint();
    }

    static Atom process() {
        return new Atom("process-holdings", Set.of("process", "container"), List.of(
                new Quantity("process.fetched-kept", BYTES, "the largest document whose memory the C library keeps when it is freed"),
                new Quantity("process.used-bytes", BYTES, "by how much unique memory grows from the first call to the fortieth"),
                new Quantity("process.transfer-bytes", BYTES, "by how much it grows with the first transfer")),
                "a process calls a function that does nothing forty times and then one that fetches little; documents of 1 to 64 MiB fetched "
                        + "twice, each size in a process of its own; smaps before and after",
                Clock.NONE, new Seconds(4, 1), LiveHoldings::measureProcesses);
    }

    private static List<Reading> measureProcesses(Bench bench) throws UnsupportedHereException {
        Sample sample = new Sample("process.fetched-kept");
        Sample used = new Sample("process.used-bytes");
        Sample transfer = new Sample("process.transfer-bytes");
        try (DocumentServer server = new DocumentServer(path -> Optional.empty())) {
            LiveConfig config = bench.config().withLimits(MEMORY_BYTES, bench.config().timeLimit()).withAllowedHosts(Set.of(server.hostAndPort()));
            try (LiveStack stack = LiveStacks.open("process", config, bench.clockNs())) {
                for (int p = 0; p < (bench.quick() ? 1 : PROCESSES); p++) {
                    use(stack, server, used, transfer);
                    long largest = 0;
                    for (long bytes : FETCHED) {
                        try (LiveSandbox process = stack.create()) {
                            process.call(DescribedWork.source(), DescribedWork.event(server.url(), ops("get", 1000)));
                            long before = process.footprint().ussBytes();
                            for (int i = 0; i < 2; i++) {
                                process.call(DescribedWork.source(), DescribedWork.event(server.url(), ops("get", bytes)));
                            }
                            largest = process.footprint().ussBytes() - before > MOST_OF_IT * bytes ? bytes : largest;
                        }
                    }
                    sample.add(largest);
                }
            }
        }
        return List.of(sample.reading(), used.reading(), transfer.reading());
    }

    private static void use(LiveStack stack, DocumentServer server, Sample used, Sample transfer) {
        try (LiveSandbox process = stack.create()) {
            process.call(DescribedWork.source(), DescribedWork.nothing());
            long first = process.footprint().ussBytes();
            for (int i = 1; i < CALLS; i++) {
                process.call(DescribedWork.source(), DescribedWork.nothing());
            }
            long warm = process.footprint().ussBytes();
            used.add(Math.max(0, warm - first));
            process.call(DescribedWork.source(), DescribedWork.event(server.url(), ops("get", 1000)));
            transfer.add(Math.max(0, process.footprint().ussBytes() - warm));
        }
    }
}
