package sandglass.kvm.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import sandglass.kvm.measure.Fingerprint;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.stack.LiveStack;
import sandglass.platform.Platform;
import sandglass.platform.Recorder;
import sandglass.platform.SandboxListener;
import sandglass.policy.PolicyRegistry;
import sandglass.result.Clock;
import sandglass.result.LedgerEntry;
import sandglass.result.Measurement;
import sandglass.result.Metrics;
import sandglass.result.RunProvenance;
import sandglass.result.RunResult;
import sandglass.result.Samples;
import sandglass.result.Series;
import sandglass.result.Unsupported;
import sandglass.run.SsjStreams;
import sandglass.scenario.ArrivalProcess;
import sandglass.scenario.ArrivalSource;
import sandglass.scenario.Function;
import sandglass.scenario.Host;
import sandglass.scenario.Load;
import sandglass.scenario.Policies;
import sandglass.scenario.Scenario;
import sandglass.scenario.Streams;

/** One replication of one scenario for real: its parts put together, run and read out. */
final class ProbeRun {

    /** So many sandboxes run at a time; the host's kernel shares its cores among them, as the model does. */
    static final int WORKERS = 64;
    /** A trace's functions mostly wait, many at a time. */
    private static final int TRACE_WORKERS = 512;
    /** From the start: each makes the process larger in which unikernels are made, which takes the kernel longer then. */
    private static final int READY_WORKERS = 8;
    private static final long END_LIMIT_S = 120;
    /** The host's available memory changes by some hundred megabytes without us. */
    private static final int MANY_SANDBOXES = 200;
    private static final double SLOW_FIRST = 3;

    private final Scenario scenario;
    private final int replication;
    private final boolean awake;
    private final LiveStack stack;
    private final WallTimeline timeline;
    private final ArrivalProcess arrivals;
    private final List<Function> functions;
    private final Recorder recorder;
    private final Platform platform;
    private final LiveBooks books = new LiveBooks(Fingerprint.kvmBackend());
    private final Crew workers;
    private final Programs programs;
    /** Null if nothing is scanned. */
    private final Merging merging;
    private LiveRuntime runtime;

    ProbeRun(Scenario scenario, int replication, ArrivalSource source, LiveStack stack, DocumentServer server, double turnNs,
            LongSupplier clockNs, boolean awake) {
        this(scenario, replication, source, stack, server, turnNs, clockNs, awake, null);
    }

    /** @param merging makes, from the run's clock, what follows the kernel's scanner; null if nothing is scanned */
    ProbeRun(Scenario scenario, int replication, ArrivalSource source, LiveStack stack, DocumentServer server, double turnNs,
            LongSupplier clockNs, boolean awake, java.util.function.Function<LongSupplier, Merging> merging) {
        this.awake = awake;
        this.scenario = scenario;
        this.replication = replication;
        this.stack = stack;
        this.timeline = new WallTimeline(clockNs);
        this.merging = merging == null ? null : merging.apply(timeline::clockNs);
        int most = scenario.load() instanceof Load.Trace ? TRACE_WORKERS : WORKERS;
        int ready = scenario.load() instanceof Load.Burst burst ? burst.size() : READY_WORKERS;
        this.workers = new Crew(Math.min(most, ready), most);
        Streams streams = new SsjStreams(scenario.seed(), replication);
        arrivals = followsCompletions(scenario.load()) ? null : source.open(scenario, streams);
        functions = arrivals == null ? scenario.functions() : arrivals.functions();
        programs = new Programs(functions, server.url(), turnNs);
        recorder = new Recorder(Clock.WALL, functions.size());
        platform = new Platform(scenario, functions, timeline, streams, PolicyRegistry.policiesOf(scenario, streams), recorder,
                listener -> runtime = runtime(programs, listener));
    }

    private static boolean followsCompletions(Load load) {
        return load instanceof Load.Closed || load instanceof Load.Population;
    }

    private LiveRuntime runtime(Programs programs, SandboxListener listener) {
        return new LiveRuntime(stack, programs, scenario.start() == Scenario.Start.POOL,
                scenario.policies().atHorizon() == Policies.AtHorizon.CUT, workers, timeline, listener, books, merging);
    }

    RunResult run(String version, LiveConfig config) {
        try {
            timeline.begin();
            platform.begin(arrivals, timeline::stop);
            if (!platform.isDone()) {
                timeline.run();
            }
            platform.requireDone();
        } catch (IllegalStateException e) {
            throw new IllegalStateException("replication " + replication + ": " + e.getMessage(), e);
        } finally {
            endWorkers();
            runtime.closeAll();
            if (merging != null) {
                merging.close();
            }
        }
        return result(version, config);
    }

    private void endWorkers() {
        try {
            if (!workers.end(END_LIMIT_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException("functions still run " + END_LIMIT_S + " s after the end of the run");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private RunResult result(String version, LiveConfig config) {
        List<Measurement> measurements = new ArrayList<>(recorder.measurements());
        List<Unsupported> unsupported = new ArrayList<>();
        memory(measurements, unsupported);
        unsupported(measurements, unsupported);
        RunProvenance provenance = new RunProvenance(version, Integer.toString(Runtime.version().feature()),
                fingerprint(config), "");
        return new RunResult(scenario.id(), scenario.digest(), scenario.experiment(), scenario.stack().name(), scenario.role(),
                scenario.axes(), scenario.spec(), scenario.tolerances(), scenario.seed(), replication, "probe", provenance, measurements,
                series(), books.entries(), books.guards(), unsupported, List.of(), facts(), warnings(measurements));
    }

    private List<Series> series() {
        List<Series> all = new ArrayList<>(recorder.series());
        if (merging != null) {
            all.addAll(merging.series());
        }
        return all;
    }

    private Map<String, String> fingerprint(LiveConfig config) {
        Map<String, String> facts = new TreeMap<>(Fingerprint.ofThisHost(config.interpreter()));
        facts.putAll(stack.fingerprint());
        return facts;
    }

    private void memory(List<Measurement> measurements, List<Unsupported> unsupported) {
        LiveBooks.Memory memory = runtime.memory();
        if (memory.footprints().isEmpty() || functions.stream().anyMatch(function -> function.residentBytes() > 0)) {
            String reason = memory.footprints().isEmpty() ? "no sandbox was idle when the measured time ended"
                    : "memory that functions were measured to hold elsewhere: for real they hold what their work writes";
            List.of(Metrics.MEMORY_RSS, Metrics.MEMORY_PSS, Metrics.MEMORY_USS)
                    .forEach(metric -> unsupported.add(new Unsupported(metric.id(), reason)));
        } else {
            measurements.add(new Measurement(Metrics.MEMORY_RSS, Clock.NONE,
                    new Samples.Raw(memory.footprints().stream().mapToDouble(f -> f.rssBytes()).toArray())));
            measurements.add(new Measurement(Metrics.MEMORY_PSS, Clock.NONE,
                    new Samples.Raw(memory.footprints().stream().mapToDouble(f -> f.pssBytes()).toArray())));
            measurements.add(new Measurement(Metrics.MEMORY_USS, Clock.NONE,
                    new Samples.Raw(memory.footprints().stream().mapToDouble(f -> f.ussBytes()).toArray())));
        }
        if (memory.alive() >= MANY_SANDBOXES && memory.drop() > 0) {
            measurements.add(new Measurement(Metrics.MEMORY_PER_SANDBOX, Clock.NONE,
                    Samples.Raw.of((double) memory.drop() / memory.alive())));
        } else {
            unsupported.add(new Unsupported(Metrics.MEMORY_PER_SANDBOX.id(), memory.alive() < MANY_SANDBOXES
                    ? "fewer than " + MANY_SANDBOXES + " sandboxes: the host's other users would drown them"
                    : "the host's available memory rose meanwhile: others use it too"));
        }
    }

    private void unsupported(List<Measurement> measurements, List<Unsupported> unsupported) {
        String clock = "a function that looked at the clock around a transfer would leave the guest twice more";
        unsupported.add(new Unsupported(Metrics.GET.id(), clock));
        unsupported.add(new Unsupported(Metrics.POST.id(), clock));
        cpu(measurements, unsupported);
        ledger(unsupported);
        List.of(Metrics.MEMORY_MEAN, Metrics.MEMORY_MAX).forEach(metric -> unsupported.add(new Unsupported(metric.id(),
                "memory is read once, at the end: reading it takes longer than a call")));
        unsupported.add(new Unsupported("ledger.host-syscall", "the monitor is one process for all sandboxes, and its own calls are among them"));
        if (!stack.name().equals("usetl")) {
            unsupported.add(new Unsupported("ledger.syscall", stack.unsupported().getOrDefault("syscalls", "nobody counts them")));
            if (!programs.readsFollowFromWork()) {
                unsupported.add(new Unsupported("ledger.read-call",
                        "a function's own program, a long source and the libraries that transfers use read files as they like"));
            }
            if (!programs.writesFollowFromWork()) {
                unsupported.add(new Unsupported("ledger.write-call", "how often a function's own program writes is not in the work"));
            }
            if (books.counts().containsKey("packets_sent")) {
                unsupported.add(new Unsupported("packets", "TCP decides by time how it cuts and acknowledges: counts.packets_* are facts"));
            }
        }
        unsupported.add(new Unsupported(Metrics.BYTES_COPIED.id(), "no counter of the host says how often a byte was copied"));
        List.of(Metrics.DISK_IMAGE, Metrics.DISK_PRIVATE).forEach(metric -> unsupported.add(new Unsupported(metric.id(),
                "the probe installs no image: functions come from memory")));
    }

    /** Core time of the threads that carry the verbs out, which is the vCPUs', of the sandboxes' own processes, and of who polls or scans. */
    private void cpu(List<Measurement> measurements, List<Unsupported> unsupported) {
        OptionalLong cpuNs = books.cpuNs();
        LiveStack.Polling polling = runtime.polling();
        if (cpuNs.isPresent() && books.runs() > 0) {
            long besideNs = polling.lookingNs() + polling.servingNs() + (merging == null ? 0 : merging.cpuNs());
            measurements.add(new Measurement(Metrics.CPU_PER_INVOCATION, Clock.CPU,
                    Samples.Raw.of((double) (cpuNs.getAsLong() + besideNs) / books.runs())));
        } else {
            unsupported.add(new Unsupported(Metrics.CPU_PER_INVOCATION.id(), cpuNs.isPresent() ? "nothing was invoked"
                    : "nobody says how much core time a sandbox of the stack " + stack.name() + " uses"));
        }
        String others = "the host also runs the monitor, the load and the server, so that its cores' use is not the sandboxes' own";
        List.of(Metrics.CPU_BUSY, Metrics.CPU_BY_TENANT, Metrics.CPU_SWITCHES)
                .forEach(metric -> unsupported.add(new Unsupported(metric.id(), others)));
        if (merging == null) {
            unsupported.add(new Unsupported(Metrics.CPU_SCANNING.id(), "nobody scans"));
        } else {
            measurements.addAll(merging.measurements());
        }
        if (polling.lookingNs() > 0) {
            measurements.add(new Measurement(Metrics.CPU_POLLING, Clock.CPU, Samples.Raw.of(polling.lookingNs())));
        } else {
            unsupported.add(new Unsupported(Metrics.CPU_POLLING.id(), "nobody polls"));
        }
    }

    /** Which times the ledger lacks: there are counts of these kinds, with a time of 0. */
    private void ledger(List<Unsupported> unsupported) {
        String inKernel = "the kernel takes care of it without telling how long it took";
        books.entries().stream().filter(entry -> entry.ns() == 0).map(LedgerEntry::kind).distinct().forEach(kind -> unsupported.add(
                new Unsupported("ledger-time." + kind.name().toLowerCase(Locale.ROOT).replace('_', '-'), inKernel)));
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new TreeMap<>();
        if (arrivals != null) {
            facts.putAll(arrivals.facts());
        }
        stack.preparationNs().forEach((name, ns) -> facts.put("preparation." + name + "-ns", Long.toString(ns)));
        if (merging != null) {
            facts.putAll(merging.facts());
        }
        books.counts().forEach((name, count) -> facts.put("counts." + name, Long.toString(count)));
        if (books.calls() > 0 && books.entries().stream().anyMatch(entry -> entry.ns() > 0)) {
            facts.put("ledger.ns", "wall clock of the vCPU's thread from KVM_RUN's return to the next KVM_RUN: the monitor's part, with what "
                    + "it fetches or sends, without the kernel's and the processor's");
        }
        if (runtime.polling().lookingNs() > 0) {
            facts.put("cpu.vcpu-threads-ns", Long.toString(books.cpuNs().orElse(0)));
            facts.put("cpu.poller-ns", Long.toString(runtime.polling().lookingNs()));
            facts.put("cpu.polled-calls-ns", Long.toString(runtime.polling().servingNs()));
        }
        facts.put("host.idle-cores", awake ? "poll" : "halt");
        facts.put("functions.errors", Long.toString(books.errors()));
        quantiles(facts, "timeline.late-ns", timeline.lateness().isEmpty() ? null : timeline.lateness().samples());
        quantiles(facts, "recycle.dirty-pages", books.dirtyPages().isEmpty() ? null : books.dirtyPages().samples());
        return facts;
    }

    private static void quantiles(Map<String, String> facts, String name, Samples samples) {
        if (samples != null) {
            facts.put(name, String.format(Locale.ROOT, "n %d, median %.0f, p99 %.0f, max %.0f", samples.n(), samples.quantile(0.5),
                    samples.quantile(0.99), samples.max()));
        }
    }

    private List<String> warnings(List<Measurement> measurements) {
        List<String> warnings = new ArrayList<>(platform.warnings());
        if (books.errors() > 0) {
            warnings.add(books.errors() + " of " + books.calls() + " calls raised an exception; the first: "
                    + lastLine(books.firstError()));
        }
        measurements.stream().filter(m -> m.metric().equals(Metrics.START_CREATE)).map(Measurement::samples).findFirst()
                .ifPresent(samples -> firstCreate(samples, warnings));
        int cores = Runtime.getRuntime().availableProcessors();
        if (scenario.host().cores() != Host.UNLIMITED && scenario.host().cores() != cores) {
            warnings.add("the scenario's host has " + scenario.host().cores() + " cores, this one " + cores);
        }
        if (scenario.functions().stream().anyMatch(function -> function.program().isEmpty() && function.modules() > 0)) {
            warnings.add("the probe imports no modules for functions that are only described");
        }
        if (merging != null) {
            warnings.addAll(merging.warnings());
        }
        books.guards().stream().filter(guard -> !guard.ok()).forEach(guard -> warnings.add(String.format(Locale.ROOT,
                "guard %s is %.2f, above %.2f: the times of this run do not count", guard.name(), guard.value(), guard.limit())));
        return warnings;
    }

    private static String lastLine(String text) {
        return text.substring(text.lastIndexOf('\n') + 1);
    }

    private static void firstCreate(Samples samples, List<String> warnings) {
        if (samples instanceof Samples.Raw raw && raw.n() > 2 && raw.values()[0] > SLOW_FIRST * raw.quantile(0.5)) {
            warnings.add(String.format(Locale.ROOT, "the first create took %.0f times the median: cold caches",
                    raw.values()[0] / raw.quantile(0.5)));
        }
    }
}
