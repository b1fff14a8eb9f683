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
    private final Cost scanPage;
    private final Uniforms uniforms;
    private final Cost mergePage;
    private final Cost wakingUp;
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
     * @param mergePage what each merged page adds, at its mean; null if that is nothing
     * @param wakingUp  what each wake-up adds, at its mean; null if that is nothing
     */
    KsmScanner(Timeline timeline, Ksm policy, SharedByScanning sharing, HostCpu cpu, Cost scanPage, Uniforms uniforms, Cost mergePage,
            Cost wakingUp) {
        this.mergePage = mergePage;
        this.wakingUp = wakingUp;
        this.timeline = timeline;
        this.policy = policy;
        this.sharing = sharing;
        this.cpu = cpu;
        this.scanPage = scanPage;
        this.uniforms = uniforms;
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
            wakeUp.at(timeline.nowNs() + policy.sleepNs());
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
        long scanNs = scanPage.draw(scanPages, uniforms);
        long wakeNs = wakingUp == null ? 0 : Math.round(wakingUp.mean());
        if (wakeNs > 0) {
            wakingUp.charge(wakeNs);
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
            wakeUp.at(timeline.nowNs() + policy.sleepNs());
        } else {
            playing = false;
            rest();
        }
    }

    /** What merging took is played with the next wake-up: how many pages a look merges is not known before it. */
    private void merged(long pages) {
        if (mergePage != null && pages > 0) {
            long ns = Math.round(mergePage.mean() * pages);
            mergePage.charge(ns);
            coreNs += ns;
            mergingNs += ns;
        }
    }

    /** Nothing can merge: from now on a steady load stands for the scanner. */
    private void rest() {
        double ns = Math.min(policy.pagesToScan(), sharing.pages()) * scanPage.mean() + (wakingUp == null ? 0 : wakingUp.mean());
        carry(ns / (ns + policy.sleepNs()));
    }

    /** Accounts for the steady load so far and goes on with another. */
    private void carry(double next) {
        double ns = load * (cpu.endlessNs() - hadNs);
        scanPage.charge(ns);
        coreNs += ns;
        hadNs = cpu.endlessNs();
        if (next != load) {
            cpu.background(next - load);
            load = next;
        }
    }
}
