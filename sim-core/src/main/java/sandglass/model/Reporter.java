package sandglass.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import sandglass.platform.SampleCollector;
import sandglass.result.Clock;
import sandglass.result.LedgerEntry;
import sandglass.result.Measurement;
import sandglass.result.Metric;
import sandglass.result.Metrics;
import sandglass.result.Samples;
import sandglass.result.Series;
import sandglass.result.Unsupported;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;

/** Puts into one {@link ModelReport} what the parts of the model have counted. */
final class Reporter {

    private final CostBook costs;
    private final Books books;
    private final HostCpu cpu;
    private final HostMemory memory;
    private final Poller poller;
    private final KsmScanner scanner;
    private final SharedByScanning scanned;
    private final DiskSizes disk;
    private final int functions;
    private long contextSwitches;
    private long contextSwitchNs;

    /**
     * @param poller null where notifications are interrupts
     * @param scanner null, as {@code scanned}, where nothing is scanned
     */
    Reporter(CostBook costs, Books books, HostCpu cpu, HostMemory memory, Poller poller, KsmScanner scanner, SharedByScanning scanned,
            DiskSizes disk, int functions) {
        this.costs = costs;
        this.books = books;
        this.cpu = cpu;
        this.memory = memory;
        this.poller = poller;
        this.scanner = scanner;
        this.scanned = scanned;
        this.disk = disk;
        this.functions = functions;
    }

    /** The measured time begins: what was counted so far does not count. */
    void restart() {
        books.forget();
        costs.forget();
        cpu.restart();
        memory.restart();
        if (poller != null) {
            poller.restart();
        }
        if (scanner != null) {
            scanner.restart();
        }
    }

    /** What was counted up to now. */
    ModelReport report() {
        memory.end();
        contextSwitches = cpu.contextSwitches();
        contextSwitchNs = cpu.contextSwitchNs();
        List<Measurement> measurements = new ArrayList<>();
        List<Unsupported> unsupported = new ArrayList<>();
        addCpu(measurements, unsupported);
        addMemory(measurements);
        measurements.add(size(Metrics.BYTES_COPIED, books.bytesCopied()));
        measurements.add(size(Metrics.DISK_IMAGE, disk.bytes(functions)));
        measurements.add(size(Metrics.DISK_PRIVATE, disk.privateBytes()));
        return new ModelReport(measurements, series(), ledger(), costs.uses(), unsupported, facts());
    }

    private void addCpu(List<Measurement> measurements, List<Unsupported> unsupported) {
        double scanningNs = scanner == null ? 0 : scanner.coreNs();
        double pollingNs = poller == null ? 0 : poller.coreNs();
        double switchesNs = books.ledger().totalNs() + cpu.contextSwitchNs();
        if (cpu.unlimited()) {
            unsupported.add(new Unsupported(Metrics.CPU_BUSY.id(), "the host has unlimited cores, so that no share of them is in use"));
        } else {
            measurements.add(time(Metrics.CPU_BUSY, cpu.busyShare()));
        }
        if (books.completedCount() > 0) {
            double allNs = books.coreNs() + cpu.contextSwitchNs() + cpu.lostNs() + scanningNs + pollingNs;
            double[] batchMeans = allNs == books.coreNs() ? books.coreNsEach() : new double[0];
            measurements.add(new Measurement(Metrics.CPU_PER_INVOCATION, Clock.VIRTUAL,
                    Samples.Raw.mean(allNs / books.completedCount(), batchMeans)));
        }
        SampleCollector tenants = new SampleCollector();
        Arrays.stream(books.coreNsOf()).forEach(ns -> tenants.add(Math.round(ns)));
        measurements.add(new Measurement(Metrics.CPU_BY_TENANT, Clock.VIRTUAL, tenants.samples()));
        measurements.add(time(Metrics.CPU_SWITCHES, switchesNs));
        measurements.add(time(Metrics.CPU_SCANNING, scanningNs));
        measurements.add(time(Metrics.CPU_POLLING, poller == null ? 0 : poller.burntNs()));
    }

    private void addMemory(List<Measurement> measurements) {
        measurements.add(new Measurement(Metrics.MEMORY_MEAN, Clock.NONE, Samples.Raw.mean(memory.meanBytes(), memory.batchMeans())));
        measurements.add(size(Metrics.MEMORY_MAX, memory.mostBytes()));
        measurements.add(size(Metrics.MEMORY_PER_SANDBOX, memory.bytesEach()));
        if (scanner != null) {
            measurements.add(size(Metrics.MEMORY_MERGED, scanner.savedBytes()));
            measurements.add(size(Metrics.MEMORY_MERGED_MEAN, scanner.meanSavedBytes()));
        }
        addSamples(measurements, Metrics.MEMORY_RSS, memory.resident());
        addSamples(measurements, Metrics.MEMORY_PSS, memory.proportional());
        addSamples(measurements, Metrics.MEMORY_USS, memory.unique());
    }

    private List<Series> series() {
        return scanner == null ? List.of(memory.series()) : List.of(memory.series(), scanner.savedSeries());
    }

    /** The ledger with the switches between threads that scheduling made until the last report, which belong to no step. */
    List<LedgerEntry> ledger() {
        List<LedgerEntry> entries = new ArrayList<>(books.ledger().entries());
        if (contextSwitches > 0) {
            long count = books.ledger().count(Phase.RUN, ModeSwitch.CONTEXT_SWITCH);
            long ns = entries.stream().filter(Reporter::runContextSwitch).mapToLong(LedgerEntry::ns).sum();
            entries.removeIf(Reporter::runContextSwitch);
            entries.add(new LedgerEntry(Phase.RUN, ModeSwitch.CONTEXT_SWITCH, count + contextSwitches, ns + contextSwitchNs));
        }
        return entries;
    }

    private static boolean runContextSwitch(LedgerEntry entry) {
        return entry.phase() == Phase.RUN && entry.kind() == ModeSwitch.CONTEXT_SWITCH;
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new TreeMap<>();
        facts.put("bytes.assumed-share", String.format(Locale.ROOT, "%.4f", costs.assumedShareOfBytes()));
        if (!cpu.unlimited()) {
            facts.put("cpu.scheduling", cpu.describe());
        }
        if (scanned != null) {
            facts.put("ksm.pages-saved", Long.toString(scanned.savedPages()));
            facts.put("ksm.pages-unsettled", Long.toString(scanned.unsettledPages()));
        }
        return facts;
    }

    private static void addSamples(List<Measurement> measurements, Metric metric, SampleCollector samples) {
        if (!samples.isEmpty()) {
            measurements.add(new Measurement(metric, Clock.NONE, samples.samples()));
        }
    }

    private static Measurement time(Metric metric, double value) {
        return new Measurement(metric, Clock.VIRTUAL, Samples.Raw.of(value));
    }

    private static Measurement size(Metric metric, double value) {
        return new Measurement(metric, Clock.NONE, Samples.Raw.of(value));
    }
}
