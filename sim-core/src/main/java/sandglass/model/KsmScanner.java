package sandglass.model;

import sandglass.des.Job;
import sandglass.platform.StepSeries;
import sandglass.platform.Timeline;
import sandglass.platform.Timer;
import sandglass.result.Metrics;
import sandglass.result.Series;
import sandglass.scenario.Policies.Sharing.Ksm;
import sandglass.scenario.Uniforms;
import sandglass.unit.Quantities;
import sandglass.unit.Unit;

/**
 * The kernel thread that scans for equal pages: wakes up, looks at so many pages on a core, sleeps, again. As long as no page
 * could merge any more, its wake-ups change nothing: then they are not played, but a steady load on the cores stands for them.
 */
final class KsmScanner {

    private final Timeline timeline;
    private final Ksm policy;
    private final SharedByScanning sharing;
    private final HostCpu cpu;
    private final Costs costs;
    private final long sleepNs;
    private final Timer wakeUp;
    private final Timer scanned;
    private final Job scanning;
    private HostMemory memory;
    private boolean playing;
    private long scanPages;
    private double load;
    private double hadNs;
    private final StepSeries saved = new StepSeries(Metrics.MEMORY_MERGED.id(), Unit.BYTES, "Memory saved by merging");
    private long savedPages;
    private long mergingNs;
    private long beganNs;
    private double coreNs;

    /**
     * What it costs.
     *
     * @param scanPage    each look at a page
     * @param uniforms    what that is drawn with
     * @param mergePage   what each merged page adds, at its mean; null if that is nothing
     * @param wakingUp    what each wake-up adds, at its mean; null if that is nothing
     * @param oversleepNs how much longer it sleeps than it was told to
     */
    record Costs(Cost scanPage, Uniforms uniforms, Cost mergePage, Cost wakingUp, long oversleepNs) {

        private double wakingUpNs() {
            return wakingUp == null ? 0 : wakingUp.mean();
        }
    }

    KsmScanner(Timeline timeline, Ksm policy, SharedByScanning sharing, HostCpu cpu, Costs costs) {
        this.costs = costs;
        sleepNs = policy.sleepNs() + costs.oversleepNs;
        this.timeline = timeline;
        this.policy = policy;
        this.sharing = sharing;
        this.cpu = cpu;
        wakeUp = timeline.timer(this::wakeUp);
        scanned = timeline.timer(this::scanned);
        scanning = new Job(this::scanned);
        beganNs = timeline.nowNs();
        saved.begin(beganNs);
    }

    /** Says whose memory falls when pages merge. */
    void serve(HostMemory host) {
        memory = host;
    }

    /** Sandboxes have come, gone or written: there may be something to do, or nothing any more. */
    void notice() {
        follow();
        if (playing) {
            return;
        }
        if (sharing.unsettledPages() > 0) {
            carry(0);
            playing = true;
            wakeUp.at(timeline.nowNs() + sleepNs);
        } else {
            rest();
        }
    }

    /** Core time that scanning has taken since {@link #restart}, ns. */
    double coreNs() {
        carry(load);
        return coreNs;
    }

    void restart() {
        carry(load);
        coreNs = 0;
        savedPages = sharing.savedPages();
        beganNs = timeline.nowNs();
        saved.begin(beganNs);
    }

    /** Memory that equal pages do not take now, bytes. */
    long savedBytes() {
        return sharing.savedPages() * Quantities.PAGE_BYTES;
    }

    /** The same averaged over the time since {@link #restart}, bytes; as it is now if no time has passed. */
    double meanSavedBytes() {
        follow();
        long spanNs = timeline.nowNs() - beganNs;
        return spanNs == 0 ? savedBytes() : saved.integral() / spanNs;
    }

    /** The same over that time. */
    Series savedSeries() {
        follow();
        return saved.series();
    }

    private void follow() {
        saved.hold((double) savedPages * Quantities.PAGE_BYTES, timeline.nowNs());
        savedPages = sharing.savedPages();
    }

    private void wakeUp() {
        scanPages = Math.min(policy.pagesToScan(), sharing.pages());
        long scanNs = costs.scanPage.draw(scanPages, costs.uniforms);
        long wakeNs = Math.round(costs.wakingUpNs());
        if (wakeNs > 0) {
            costs.wakingUp.charge(wakeNs);
        }
        coreNs += scanNs + wakeNs;
        long ns = scanNs + wakeNs + mergingNs;
        mergingNs = 0;
        if (cpu.unlimited()) {
            scanned.at(timeline.nowNs() + ns);
        } else {
            cpu.compute(scanning, ns);
        }
    }

    private void scanned() {
        long before = sharing.savedPages();
        memory.look(Math.min(scanPages, sharing.pages()));
        merged(sharing.savedPages() - before);
        follow();
        if (sharing.unsettledPages() > 0) {
            wakeUp.at(timeline.nowNs() + sleepNs);
        } else {
            playing = false;
            rest();
        }
    }

    /** What merging took is played with the next wake-up: how many pages a look merges is not known before it. */
    private void merged(long pages) {
        if (costs.mergePage != null && pages > 0) {
            long ns = Math.round(costs.mergePage.mean() * pages);
            costs.mergePage.charge(ns);
            coreNs += ns;
            mergingNs += ns;
        }
    }

    /** Nothing can merge: from now on a steady load stands for the scanner. */
    private void rest() {
        double ns = Math.min(policy.pagesToScan(), sharing.pages()) * costs.scanPage.mean() + costs.wakingUpNs();
        carry(ns / (ns + sleepNs));
    }

    /** Accounts for the steady load so far and goes on with another. */
    private void carry(double next) {
        double ns = load * (cpu.endlessNs() - hadNs);
        costs.scanPage.charge(ns);
        coreNs += ns;
        hadNs = cpu.endlessNs();
        if (next != load) {
            cpu.background(next - load);
            load = next;
        }
    }
}
