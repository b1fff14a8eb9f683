package sandglass.kvm.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import sandglass.kvm.ksm.Ksm;
import sandglass.kvm.ksm.KsmThread;
import sandglass.kvm.sys.Linux;
import sandglass.platform.StepSeries;
import sandglass.result.Clock;
import sandglass.result.Measurement;
import sandglass.result.Metrics;
import sandglass.result.Samples;
import sandglass.result.Series;
import sandglass.unit.Unit;

/**
 * Follows what the kernel's scanner merges during a run. The curves are looked at every {@value #EVERY_MS} ms by a thread of its own;
 * between two looks the later one holds.
 */
final class Merging implements AutoCloseable {

    private static final long EVERY_MS = 200;

    private final Ksm ksm;
    private final KsmThread thread;
    private final LongSupplier nowNs;
    private final StepSeries saved = new StepSeries(Metrics.MEMORY_MERGED.id(), Unit.BYTES, "Memory saved by merging");
    private final StepSeries copies = new StepSeries("memory.merged-copies", Unit.BYTES, "Memory that merged pages take");
    private final StepSeries profit = new StepSeries("memory.merged-profit", Unit.BYTES, "Memory saved less the kernel's structures");
    private final Thread watcher = new Thread(this::watch, "merging");
    private Ksm.Counts counts;
    private long cpuNs;
    private long beganNs;
    private long endedNs;
    private boolean measuring;
    private List<String> disturbed = List.of();

    /** @param nowNs the run's time */
    Merging(Ksm ksm, KsmThread thread, LongSupplier nowNs) {
        this.ksm = ksm;
        this.thread = thread;
        this.nowNs = nowNs;
        watcher.setDaemon(true);
    }

    synchronized void begin() {
        beganNs = nowNs.getAsLong();
        saved.begin(beganNs);
        copies.begin(beganNs);
        profit.begin(beganNs);
        cpuNs = thread.cpuNs();
        if (!measuring) {
            measuring = true;
            watcher.start();
        }
    }

    synchronized void end() {
        look();
        measuring = false;
        endedNs = nowNs.getAsLong();
        cpuNs = thread.cpuNs() - cpuNs;
        disturbed = ksm.disturbed();
        watcher.interrupt();
    }

    private void watch() {
        try {
            for (;;) {
                Thread.sleep(EVERY_MS);
                synchronized (this) {
                    if (!measuring) {
                        return;
                    }
                    look();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        counts = ksm.counts();
        long ns = nowNs.getAsLong();
        saved.hold((double) counts.sharing() * Linux.PAGE_BYTES, ns);
        copies.hold((double) counts.shared() * Linux.PAGE_BYTES, ns);
        profit.hold(counts.profitBytes(), ns);
    }

    synchronized List<Measurement> measurements() {
        List<Measurement> all = new ArrayList<>();
        all.add(new Measurement(Metrics.MEMORY_MERGED, Clock.NONE, Samples.Raw.of((double) counts.sharing() * Linux.PAGE_BYTES)));
        if (endedNs > beganNs) {
            all.add(new Measurement(Metrics.MEMORY_MERGED_MEAN, Clock.NONE, Samples.Raw.of(saved.integral() / (endedNs - beganNs))));
        }
        all.add(new Measurement(Metrics.CPU_SCANNING, Clock.CPU, Samples.Raw.of(cpuNs)));
        return all;
    }

    /** Core time that the scanner took in the measured time, ns. */
    synchronized long cpuNs() {
        return cpuNs;
    }

    synchronized List<Series> series() {
        return List.of(saved.series(), copies.series(), profit.series());
    }

    synchronized Map<String, String> facts() {
        return Map.of("ksm.pages-saved", Long.toString(counts.sharing()), "ksm.pages-shared", Long.toString(counts.shared()),
                "ksm.pages-unshared", Long.toString(counts.unshared()), "ksm.full-scans", Long.toString(counts.fullScans()));
    }

    synchronized List<String> warnings() {
        return disturbed.isEmpty() ? List.of()
                : List.of("somebody changed KSM's settings " + disturbed + " meanwhile: what was merged in this run does not count");
    }

    /** Ends the watching; the kernel goes on. */
    @Override
    public void close() {
        synchronized (this) {
            measuring = false;
        }
        watcher.interrupt();
        try {
            watcher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
