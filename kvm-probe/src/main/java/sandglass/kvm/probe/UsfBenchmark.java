package sandglass.kvm.probe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.usf.Invocation;
import sandglass.kvm.usf.Outcome;
import sandglass.kvm.usf.Recycling;
import sandglass.kvm.usf.Usf;
import sandglass.kvm.usf.UsfConfig;
import sandglass.kvm.usf.UsfFactory;
import sandglass.kvm.usf.UsfPool;
import sandglass.kvm.vm.KvmStats;
import sandglass.result.Samples;
import sandglass.run.UnsupportedHereException;

/** What a unikernel costs by itself, without a control plane: clone, calls, exits, transfers. One thread, one unikernel at a time. */
public final class UsfBenchmark {

    private static final String TRIVIAL = "def handler(event, etl):\n    return event + 1\n";
    private static final String EXITS = "import os\ndef handler(event, etl):\n    for _ in range(event):\n        os.getppid()\n";
    private static final String TRANSFER = """
            import time
            def handler(event, etl):
                start = time.perf_counter_ns()
                data = etl.get(event['from'])
                middle = time.perf_counter_ns()
                etl.post(event['to'], data)
                return [middle - start, time.perf_counter_ns() - middle]
            """;
    private static final String POPULATED = "populated";
    private static final String LARGE = "large pages";
    private static final String FAULTS = "pf_fixed";
    private static final int EXITS_EACH = 1000;
    private static final int WARM_UPS = 20;
    /** Until the compiler is through with what a clone runs: a service makes thousands. */
    private static final int CLONE_WARM_UPS = 200;
    private static final int C_CLONES = 20;
    private static final int C_FAULTS = 1000;

    /**
     * How often each part is measured.
     *
     * @param clones        clones, without and with population
     * @param warm          warm calls
     * @param exit          exits, in calls of 1000
     * @param transfer      transfers each way
     * @param transferBytes size of one
     */
    public record Rounds(int clones, int warm, int exit, int transfer, long transferBytes) {
    }

    /** One quantity; {@code unit} is {@code us}, {@code 1/s}, {@code exits}, {@code faults} or {@code x} for a ratio. */
    public record Row(String name, String unit, Samples.Raw samples) {
    }

    private final Rounds rounds;
    private final LongSupplier clockNs;
    private final Consumer<String> progress;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> unsupported = new ArrayList<>();

    /** @param progress told what is being measured */
    public UsfBenchmark(Rounds rounds, LongSupplier clockNs, Consumer<String> progress) {
        this.rounds = rounds;
        this.clockNs = clockNs;
        this.progress = progress;
    }

    /**
     * Measures everything.
     *
     * @throws sandglass.kvm.vm.KvmUnavailableException                   without a usable KVM
     * @throws sandglass.kvm.usf.file.PythonImage.MissingRuntimeException without a usable Python
     */
    public void run() {
        try (DocumentServer server = new DocumentServer(path -> Optional.empty())) {
            UsfConfig config = UsfConfig.defaults().withAllowedHosts(Set.of(server.hostAndPort()));
            progress.accept("clones without population");
            try (UsfFactory factory = new UsfFactory(config.withPopulation(UsfConfig.Population.NONE), clockNs)) {
                clones(factory, "not populated");
            }
            try (UsfFactory factory = new UsfFactory(config, clockNs); UsfPool pool = new UsfPool(factory, clockNs);
                    UsfFactory large = new UsfFactory(config.withPopulation(UsfConfig.Population.LARGE_PAGES), clockNs)) {
                progress.accept("clones with population");
                clones(factory, POPULATED);
                progress.accept("clones with large pages");
                clones(large, LARGE);
                progress.accept("warm calls");
                try (Usf usf = factory.create()) {
                    warm(usf, pool);
                    progress.accept("exits");
                    exits(usf, pool);
                    progress.accept("the same in C");
                    besideC(factory, large, usf, pool);
                    progress.accept("transfers");
                    transfers(usf, pool, server);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("host-only transfer", e);
        }
    }

    /** What was measured, in order. */
    public List<Row> rows() {
        return List.copyOf(rows);
    }

    private void clones(UsfFactory factory, String kind) {
        double[] cloneUs = new double[rounds.clones];
        double[] firstUs = new double[rounds.clones];
        double[] bothUs = new double[rounds.clones];
        for (int i = -Math.min(CLONE_WARM_UPS, 2 * rounds.clones); i < rounds.clones; i++) {
            long startNs = clockNs.getAsLong();
            try (Usf usf = factory.create()) {
                long readyNs = clockNs.getAsLong();
                call(usf, TRIVIAL, "1");
                long endNs = clockNs.getAsLong();
                if (i >= 0) {
                    cloneUs[i] = us(readyNs - startNs);
                    firstUs[i] = us(endNs - readyNs);
                    bothUs[i] = us(endNs - startNs);
                }
            }
        }
        row("clone to ready, " + kind, "us", cloneUs);
        row("first call on it, " + kind, "us", firstUs);
        row("clone and first call, " + kind, "us", bothUs);
    }

    private void warm(Usf usf, UsfPool pool) {
        double[] callUs = new double[rounds.warm];
        double[] recycleUs = new double[rounds.warm];
        double[] bothUs = new double[rounds.warm];
        long allNs = 0;
        for (int i = -WARM_UPS; i < rounds.warm; i++) {
            long startNs = clockNs.getAsLong();
            Invocation invocation = call(usf, TRIVIAL, "1");
            Recycling recycling = pool.recycle(usf);
            long ns = clockNs.getAsLong() - startNs;
            if (i >= 0) {
                callUs[i] = us(invocation.runNs());
                recycleUs[i] = us(recycling.elapsedNs());
                bothUs[i] = us(ns);
                allNs += ns;
            }
        }
        row("warm call", "us", callUs);
        row("recycle after it", "us", recycleUs);
        row("recycle and warm call", "us", bothUs);
        row("calls a second on one vCPU", "1/s", new double[] {rounds.warm * 1e9 / allNs});
    }

    private void exits(Usf usf, UsfPool pool) {
        int calls = Math.max(1, rounds.exit / EXITS_EACH);
        double[] emptyUs = new double[calls];
        double[] fullUs = new double[calls];
        for (int i = -1; i < calls; i++) {
            long emptyNs = call(usf, EXITS, "0").runNs();
            pool.recycle(usf);
            long fullNs = call(usf, EXITS, Integer.toString(EXITS_EACH)).runNs();
            pool.recycle(usf);
            if (i >= 0) {
                emptyUs[i] = us(emptyNs);
                fullUs[i] = us(fullNs);
            }
        }
        double without = new Samples.Raw(emptyUs).quantile(0.5);
        for (int i = 0; i < calls; i++) {
            fullUs[i] = (fullUs[i] - without) / EXITS_EACH;
        }
        row("exit and back, mean of " + EXITS_EACH, "us", fullUs);
    }

    /** What no part of the benchmark could be done, and how to get it, a sentence each. */
    public List<String> unsupported() {
        return List.copyOf(unsupported);
    }

    /** Exit, clone and page fault, alternating with a C program that does the same. */
    private void besideC(UsfFactory factory, UsfFactory large, Usf usf, UsfPool pool) {
        try (CReference c = CReference.start()) {
            exitsBesideC(usf, pool, c);
            clonesBesideC(factory, POPULATED, c);
            clonesBesideC(large, LARGE, c);
        } catch (UnsupportedHereException e) {
            unsupported.add("ratios to a C program: " + e.getMessage());
        }
    }

    private void exitsBesideC(Usf usf, UsfPool pool, CReference c) {
        int calls = Math.max(1, rounds.exit / EXITS_EACH);
        double[] ratio = new double[calls];
        double[] cUs = new double[calls];
        for (int i = -1; i < calls; i++) {
            long emptyNs = call(usf, EXITS, "0").runNs();
            pool.recycle(usf);
            long fullNs = call(usf, EXITS, Integer.toString(EXITS_EACH)).runNs();
            pool.recycle(usf);
            long cNs = c.exitsNs(EXITS_EACH);
            if (i >= 0) {
                cUs[i] = us(cNs) / EXITS_EACH;
                ratio[i] = (double) (fullNs - emptyNs) / cNs;
            }
        }
        row("exit and back in C, mean of " + EXITS_EACH, "us", cUs);
        row("exit and back / the same in C", "x", ratio);
    }

    /** Our clones are populated and run a first call, so that its page faults can be set against the price of one in C. */
    private void clonesBesideC(UsfFactory factory, String kind, CReference c) {
        int parts = Math.max(1, rounds.clones / C_CLONES);
        double[][] values = new double[5][parts];
        for (int part = 0; part < parts; part++) {
            double[] cloneUs = new double[C_CLONES];
            double[] firstUs = new double[C_CLONES];
            double faults = 0;
            for (int i = 0; i < C_CLONES; i++) {
                long startNs = clockNs.getAsLong();
                try (Usf usf = factory.create()) {
                    cloneUs[i] = us(clockNs.getAsLong() - startNs);
                    try (KvmStats counters = usf.counters()) {
                        long before = counters.read().getOrDefault(FAULTS, 0L);
                        firstUs[i] = us(call(usf, TRIVIAL, "1").runNs());
                        faults = counters.read().getOrDefault(FAULTS, 0L) - before;
                    }
                }
            }
            double cFaultUs = us(c.faultsNs(C_FAULTS)) / C_FAULTS;
            values[0][part] = us(c.cloneNs(C_CLONES));
            values[1][part] = median(cloneUs) / values[0][part];
            values[2][part] = cFaultUs;
            values[3][part] = faults;
            values[4][part] = median(firstUs) / (faults * cFaultUs);
        }
        row("clone in C, not populated, medians of " + C_CLONES + ", beside " + kind, "us", values[0]);
        row("clone to ready, " + kind + " / clone in C, not populated", "x", values[1]);
        row("page fault in C, mean of " + C_FAULTS + ", beside " + kind, "us", values[2]);
        row("page faults of a first call, " + kind, "faults", values[3]);
        row("first call, " + kind + " / as many page faults in C", "x", values[4]);
    }

    private static double median(double[] values) {
        return new Samples.Raw(values).quantile(0.5);
    }

    private void transfers(Usf usf, UsfPool pool, DocumentServer server) throws IOException {
        double[][] us = new double[5][rounds.transfer];
        try (HostTransfer host = new HostTransfer(server.hostAndPort(), clockNs)) {
            for (int i = -2; i < rounds.transfer; i++) {
                double[] guestUs = transfer(usf, server, rounds.transferBytes);
                pool.recycle(usf);
                double clientUs = us(host.downloadByClient(rounds.transferBytes));
                double downUs = us(host.download(rounds.transferBytes));
                double upUs = us(host.upload(rounds.transferBytes));
                if (i >= 0) {
                    us[0][i] = guestUs[0];
                    us[1][i] = downUs;
                    us[2][i] = guestUs[1];
                    us[3][i] = upUs;
                    us[4][i] = clientUs;
                }
            }
        }
        String size = String.format(Locale.ROOT, "%.0f MB", rounds.transferBytes / 1e6);
        Row get = row("GET " + size + " into the guest", "us", us[0]);
        Row byClient = row("host-only download to tmpfs, same client", "us", us[4]);
        Row down = row("host-only download to tmpfs, bare socket", "us", us[1]);
        Row post = row("POST " + size + " from the guest", "us", us[2]);
        Row up = row("host-only upload from tmpfs, bare socket", "us", us[3]);
        ratio("GET / download by the same client, medians", get, byClient);
        ratio("GET / download by a bare socket, medians", get, down);
        ratio("POST / upload by a bare socket, medians", post, up);
        row("exits of GET and POST, 1 kB", "exits", new double[] {exitsOf(usf, pool, server, 1000)});
        row("exits of GET and POST, " + size, "exits", new double[] {exitsOf(usf, pool, server, rounds.transferBytes)});
    }

    private static double[] transfer(Usf usf, DocumentServer server, long bytes) {
        String json = ((Outcome.Result) call(usf, TRANSFER, event(server, bytes)).outcome()).json();
        String[] ns = json.substring(1, json.length() - 1).split(", ");
        return new double[] {us(Long.parseLong(ns[0])), us(Long.parseLong(ns[1]))};
    }

    private static int exitsOf(Usf usf, UsfPool pool, DocumentServer server, long bytes) {
        int exits = call(usf, TRANSFER, event(server, bytes)).exits().total();
        pool.recycle(usf);
        return exits;
    }

    private static String event(DocumentServer server, long bytes) {
        return "{\"from\": \"" + server.url() + "/bytes/" + bytes + "\", \"to\": \"" + server.url() + "/sink\"}";
    }

    private static Invocation call(Usf usf, String source, String event) {
        Invocation invocation = usf.invoke(source, event);
        if (!(invocation.outcome() instanceof Outcome.Result)) {
            throw new IllegalStateException("a function of the benchmark failed: " + invocation.outcome());
        }
        return invocation;
    }

    private void ratio(String name, Row above, Row below) {
        row(name, "x", new double[] {above.samples().quantile(0.5) / below.samples().quantile(0.5)});
    }

    private Row row(String name, String unit, double[] values) {
        Row row = new Row(name, unit, new Samples.Raw(values));
        rows.add(row);
        return row;
    }

    private static double us(long ns) {
        return ns / 1e3;
    }
}
