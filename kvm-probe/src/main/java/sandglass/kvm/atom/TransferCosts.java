package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;
import static sandglass.unit.Unit.NANOSECONDS_PER_BYTE;
import static sandglass.unit.Unit.NANOSECONDS_PER_PAGE;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.stack.DescribedWork;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.stack.LiveConfig;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;
import sandglass.unit.Quantities;

/**
 * What a GET and a POST cost on a real stack, each by a call that does nothing else, in parts that add up: what every transfer costs and what
 * each byte more, and of both, where the caller's core time is known, what the caller computes and what it waits for.
 */
final class TransferCosts {

    /** Stacks whose documents are Python's own memory, which is new each time beyond {@code FRESH_BYTES}. */
    private static final Set<String> FRESH = Set.of("container", "process");
    /** Stacks whose caller's core time is known. */
    private static final Set<String> PARTED = Set.of("usetl", "process");
    /** Stacks whose sandboxes serve once, so that every transfer is its sandbox's first, into memory that nothing has touched. */
    private static final Set<String> SERVE_ONCE = Set.of("zygote", "criu");
    private static final int FIRST_TRANSFERS = 18;
    /** More than malloc's greatest threshold for mapping, 32 MiB (mallopt(3)), below which freed memory is used again. */
    private static final long FRESH_BYTES = 48_000_000;
    private static final long BLOCK_BYTES = 128 << 10;

    private static final String CPU = "core time of ";
    private static final String RECYCLE = "recycling after ";
    private static final String NEVER_MORE = "post of a sandbox that never sends more";
    private static final String SENT_PAGE = "recycle.sent-page";
    private static final String CPU_PART = "-cpu";
    private static final String GET_CPU = ".get-call" + CPU_PART;
    private static final String POST_CPU = ".post-call" + CPU_PART;
    private static final String GET_BYTE = ".get-byte";
    private static final String POST_BYTE = ".post-byte";
    private static final int SMALL_BYTES = 1000;
    private static final long[] LARGE_BYTES = {2_000_000, 8_000_000, 32_000_000};
    private static final long MEMORY_BYTES = 512L << 20;
    private static final long GUEST_MEMORY_BYTES = 128L << 20;
    private static final int TRANSFERS = 40;
    private static final int SETTLING = 200;
    private static final int SWITCHES = 100;

    private TransferCosts() {
    }

    /** GET and POST of one stack, from 1 kB to 64 MB. */
    static Atom of(String stack) {
        String beside = PARTED.contains(stack) ? ", beside the caller's core time" : "";
        List<Quantity> quantities = new ArrayList<>(List.of(
                new Quantity(stack + ".get-call", NANOSECONDS, "a GET of nearly nothing, beyond a call without work and its exit"),
                new Quantity(stack + GET_BYTE, NANOSECONDS_PER_BYTE, "each byte more of a GET" + beside),
                new Quantity(stack + ".post-call", NANOSECONDS, "a POST of nearly nothing, beyond a call without work and its exits"),
                new Quantity(stack + POST_BYTE, NANOSECONDS_PER_BYTE, "each byte more of a POST" + beside)));
        if (PARTED.contains(stack)) {
            quantities.add(new Quantity(stack + GET_CPU, NANOSECONDS, "core time of the caller for that GET, not of the server: the rest waits"));
            quantities.add(new Quantity(stack + POST_CPU, NANOSECONDS, "the same for that POST"));
            quantities.add(new Quantity(stack + GET_BYTE + CPU_PART, NANOSECONDS_PER_BYTE,
                    "core time of the caller for each byte more of a GET, on average: server and caller may share a core or not"));
            quantities.add(new Quantity(stack + POST_BYTE + CPU_PART, NANOSECONDS_PER_BYTE, "the same for a POST"));
        }
        if (stack.equals("usetl")) {
            quantities.add(new Quantity(SENT_PAGE, NANOSECONDS_PER_PAGE,
                    "what recycling takes more, for each page of memory that a POST of 32 MB left"));
        }
        boolean fresh = FRESH.contains(stack);
        if (fresh) {
            quantities.add(new Quantity(stack + ".fresh-block", NANOSECONDS, "what 128 KiB more cost in a document that malloc maps pages for"));
        }
        if (SERVE_ONCE.contains(stack)) {
            quantities.add(new Quantity(stack + ".first-transfer", NANOSECONDS, "the first GET of a sandbox, beyond a second in the same call"));
        }
        String which = SERVE_ONCE.contains(stack) ? "; each by a sandbox of its own, which has nothing to send" : "; the second of two equal calls";
        return new Atom(stack + "-transfer", Set.of(stack), quantities, "GET of 1 kB, 2, 8 and 32 MB from a loopback server and POST of as"
                + " much" + which + (fresh ? "; GET of 48 MB" : ""),
                Clock.WALL, new Seconds(18, 4), bench -> measure(bench, stack));
    }

    private static List<Reading> measure(Bench bench, String stack) throws UnsupportedHereException {
        try (DocumentServer server = new DocumentServer(path -> Optional.empty())) {
            boolean guest = stack.equals("usetl");
            LiveConfig config = bench.config().withLimits(guest ? GUEST_MEMORY_BYTES : MEMORY_BYTES, bench.config().timeLimit())
                    .withAllowedHosts(Set.of(server.hostAndPort()));
            Map<String, Sample> samples = new LinkedHashMap<>();
            long posted;
            int rounds = bench.rounds(SERVE_ONCE.contains(stack) ? FIRST_TRANSFERS : TRANSFERS);
            try (LiveBench live = new LiveBench(bench, config, stack, Optional.of(server))) {
                live.settle(server.url(), SETTLING);
                long before = server.postedBytes();
                for (int i = 0; i < rounds; i++) {
                    transfer(live, samples, "nothing", LiveBench.NOTHING);
                    if (guest) {
                        transfer(live, samples, "switch", DescribedWork.event("", List.of(DescribedWork.op("switch", SWITCHES))));
                    }
                    transfer(live, server, samples, "get", SMALL_BYTES);
                    transfer(live, server, samples, "post", SMALL_BYTES);
                    if (SERVE_ONCE.contains(stack)) {
                        String get = DescribedWork.op("get", SMALL_BYTES);
                        transfer(live, samples, "get twice", DescribedWork.event(server.url(), List.of(get, get)));
                    }
                    for (long bytes : LARGE_BYTES) {
                        transfer(live, server, samples, "get", bytes);
                        transfer(live, server, samples, "post", bytes);
                    }
                    if (FRESH.contains(stack)) {
                        transfer(live, server, samples, "get", FRESH_BYTES);
                    }
                }
                posted = server.postedBytes() - before;
                for (int i = 0; guest && i < rounds; i++) {
                    live.renew();
                    transfer(live, samples, NEVER_MORE, DescribedWork.event(server.url(), List.of(DescribedWork.op("post", SMALL_BYTES))));
                }
            }
            long largeBytes = java.util.Arrays.stream(LARGE_BYTES).sum();
            long expected = rounds * (SERVE_ONCE.contains(stack) ? 1 : 2) * (SMALL_BYTES + largeBytes);
            double nothing = samples.get("nothing").median();
            double exit = guest ? (samples.get("switch").median() - nothing) / SWITCHES : 0;
            double get = samples.get("get " + SMALL_BYTES).median();
            boolean once = SERVE_ONCE.contains(stack);
            double second = once ? Math.max(0, samples.get("get twice").median() - get) : 0;
            double first = once ? Math.max(0, get - nothing - second) : 0;
            boolean parted = PARTED.contains(stack);
            Sample getCpu = parted ? coreTime(stack + GET_CPU, samples, "get " + SMALL_BYTES, exit) : new Sample(stack + GET_CPU);
            Sample postCpu = parted ? coreTime(stack + POST_CPU, samples, "post " + SMALL_BYTES, exit) : new Sample(stack + POST_CPU);
            double getCpuNs = parted ? getCpu.median() : 0;
            double postCpuNs = parted ? postCpu.median() : 0;
            List<Reading> readings = new ArrayList<>(List.of(
                    Sample.less(stack + ".get-call", samples.get("get " + SMALL_BYTES), nothing + first + exit + getCpuNs).reading(),
                    byteCost(stack, GET_BYTE, samples, "get ").reading(),
                    Sample.less(stack + ".post-call", samples.get("post " + SMALL_BYTES), nothing + first + exit + postCpuNs)
                            .exactly("bytes posted", posted, expected).reading(),
                    byteCost(stack, POST_BYTE, samples, "post ").exactly("bytes posted", posted, expected).reading()));
            if (parted) {
                readings.add(getCpu.middle());
                readings.add(postCpu.middle());
                readings.add(rate(stack + GET_BYTE + CPU_PART, samples, CPU + "get ").average());
                readings.add(rate(stack + POST_BYTE + CPU_PART, samples, CPU + "post ").average());
            }
            if (guest) {
                readings.add(sentPage(samples).middle());
            }
            if (once) {
                readings.add(Sample.less(stack + ".first-transfer", samples.get("get " + SMALL_BYTES), nothing + second).middle());
            }
            if (FRESH.contains(stack)) {
                readings.add(freshBlock(stack, samples, get).middle());
            }
            return readings;
        }
    }

    /** What a call takes of the cores beyond one without work and its exit. */
    private static Sample coreTime(String parameter, Map<String, Sample> samples, String kind, double exitNs) {
        return Sample.less(parameter, samples.get(CPU + kind), samples.get(CPU + "nothing").median() + exitNs);
    }

    /** What recycling takes for each page more that was sent. */
    private static Sample sentPage(Map<String, Sample> samples) {
        long most = LARGE_BYTES[LARGE_BYTES.length - 1];
        double little = samples.get(RECYCLE + NEVER_MORE).median();
        Sample result = new Sample(SENT_PAGE);
        samples.get(RECYCLE + "post " + most).forEach(ns -> result.add(Math.max(0, ns - little) * Quantities.PAGE_BYTES / most));
        return result;
    }

    /** What a GET of fresh memory takes beyond what its size costs at the largest size that has none. */
    private static Sample freshBlock(String stack, Map<String, Sample> samples, double getNs) {
        long reused = LARGE_BYTES[LARGE_BYTES.length - 1];
        double byteNs = (samples.get("get " + reused).median() - getNs) / (reused - SMALL_BYTES);
        double expectedNs = getNs + byteNs * (FRESH_BYTES - SMALL_BYTES);
        Sample result = new Sample(stack + ".fresh-block");
        double blocks = (FRESH_BYTES + BLOCK_BYTES - 1) / BLOCK_BYTES;
        samples.get("get " + FRESH_BYTES).forEach(ns -> result.add(Math.max(0, ns - expectedNs) / blocks));
        return result;
    }

    private static void transfer(LiveBench live, DocumentServer server, Map<String, Sample> samples, String op, long bytes) {
        transfer(live, samples, op + " " + bytes, DescribedWork.event(server.url(), List.of(DescribedWork.op(op, bytes))));
    }

    /**
     * Takes the second of two equal calls: taking the window of a document away from a unikernel makes its next call fault again, and
     * who transfers once does so the next time too. Of a sandbox that serves once, it takes the first.
     */
    private static void transfer(LiveBench live, Map<String, Sample> samples, String kind, String event) {
        if (SERVE_ONCE.contains(live.stack().name())) {
            live.renew();
            samples.computeIfAbsent(kind, Sample::new).add(live.call(LiveBench.WORK, event).ns());
            return;
        }
        live.call(LiveBench.WORK, event);
        live.recycle();
        LiveBench.Served served = live.call(LiveBench.WORK, event);
        samples.computeIfAbsent(kind, Sample::new).add(served.ns());
        if (PARTED.contains(live.stack().name())) {
            samples.computeIfAbsent(CPU + kind, Sample::new).add(served.cpuNs());
        }
        samples.computeIfAbsent(RECYCLE + kind, Sample::new).add(live.recycle().ns());
    }

    /** Each byte more than of a small transfer, less the caller's core time for it where that is a parameter of its own. */
    private static Sample byteCost(String stack, String what, Map<String, Sample> samples, String kind) {
        Sample all = rate(stack + what, samples, kind);
        return !PARTED.contains(stack) ? all : Sample.less(stack + what, all, rate(what, samples, CPU + kind).mean());
    }

    /** Of each size as many values: a transfer's rate is drawn once, whatever its size. */
    private static Sample rate(String parameter, Map<String, Sample> samples, String kind) {
        Sample result = new Sample(parameter);
        double fixedNs = samples.get(kind + SMALL_BYTES).median();
        for (long bytes : LARGE_BYTES) {
            samples.get(kind + bytes).forEach(value -> result.add(Math.max(0, value - fixedNs) / (bytes - SMALL_BYTES)));
        }
        return result;
    }
}
