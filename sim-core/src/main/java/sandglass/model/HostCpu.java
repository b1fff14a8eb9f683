package sandglass.model;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import sandglass.des.DoubleScheduler;
import sandglass.des.FairScheduler;
import sandglass.des.Job;
import sandglass.des.Processor;
import sandglass.des.ProcessorSharing;
import sandglass.des.QuantumScheduler;
import sandglass.des.TimeAverage;
import sandglass.platform.Timeline;
import sandglass.scenario.Host;

/**
 * The host's cores, contended by everything that computes on them: shared evenly, or given out in slices, in turn, or, where guests schedule
 * inside what the host schedules, in quanta twice.
 */
final class HostCpu {

    /** Work without an end, for the schedulers. */
    private static final long ENDLESS_NS = Long.MAX_VALUE;

    /**
     * The parameters of scheduling twice.
     *
     * @param switchNs what it costs to begin running another thread
     * @param guestCores virtual processors of a guest
     */
    record Quanta(long hostNs, long guestNs, long switchNs, int guestCores) {}

    /**
     * How Linux gives out cores.
     *
     * @param ns      for how long a thread computes while another waits
     * @param graceNs for how long it does at least before one that was woken displaces it
     * @param late    one that was woken and is put behind others that compute
     * @param loss    which share of the time that others had in between it costs to go on; null for none
     */
    record Slices(long ns, long graceNs, Late late, Cost loss) {}

    /**
     * How late it is.
     *
     * @param ns           draws how much later it begins for each that it is put behind
     * @param displacingNs draws the same for the first of these where no core is idle
     * @param mostAhead    how many these are at most
     */
    record Late(LongSupplier ns, LongSupplier displacingNs, long mostAhead) {}

    private final Host host;
    private final Timeline timeline;
    private final ProcessorSharing shared;
    private final DoubleScheduler twice;
    private final Processor threads;
    private final Quanta quanta;
    private final Slices slices;
    private final Map<String, QuantumScheduler> tenants = new HashMap<>();
    private double endless;
    private long switchesBefore;
    private long lostNs;

    /**
     * @param quanta null if only the host schedules
     * @param slices then; null to share evenly
     */
    HostCpu(Host host, Timeline timeline, Quanta quanta, Slices slices) {
        this.host = host;
        this.timeline = timeline;
        this.quanta = quanta;
        boolean sliced = quanta == null && slices != null && !unlimited();
        this.slices = sliced ? slices : null;
        shared = quanta == null && !sliced
                ? new ProcessorSharing(timeline, unlimited() ? Double.POSITIVE_INFINITY : host.cores()) : null;
        twice = quanta == null ? null : new DoubleScheduler(timeline, host.cores(), quanta.hostNs, quanta.switchNs);
        threads = twice != null ? twice.host() : !sliced ? shared
                : new FairScheduler(timeline, host.cores(), slices.ns, slices.graceNs,
                        slices.loss == null ? 0 : Math.min(1, slices.loss.mean()), this::lost);
    }

    /** Whether computation never waits; nothing is brought here then. */
    boolean unlimited() {
        return host.cores() == Host.UNLIMITED;
    }

    /** Works on the job on behalf of the host's kernel or of a process of the host, until it has had {@code ns} of a core. */
    void compute(Job job, long ns) {
        threads.start(job, ns);
    }

    /**
     * How much later than it could somebody runs who is woken now, ns: he may be put behind one that computes, and where there are several for
     * each core, behind some of these.
     */
    long lateNs() {
        return slices == null ? 0 : lateNs(slices.late.ns);
    }

    /** The same of an arrival: nobody has just ended and leaves it a core, so that it displaces somebody where none is idle. */
    long lateArrivalNs() {
        return slices == null ? 0 : lateNs(threads.jobs().value() < host.cores() ? slices.late.ns : slices.late.displacingNs);
    }

    /** @param first of those that it is put behind */
    private long lateNs(LongSupplier first) {
        double computing = threads.jobs().value();
        if (computing == 0 || slices.late.mostAhead == 0) {
            return 0;
        }
        long ns = first.getAsLong();
        for (long more = (long) Math.min(slices.late.mostAhead, computing / host.cores()) - 1; more > 0; more--) {
            ns += slices.late.ns.getAsLong();
        }
        return ns;
    }

    /** The virtual processors of a guest that one sandbox has for itself. */
    QuantumScheduler guest() {
        return twice.guest(quanta.guestCores, quanta.guestNs, quanta.switchNs);
    }

    /** The virtual processors of the guest that all sandboxes of one tenant have together. */
    QuantumScheduler guestOf(String tenant) {
        return tenants.computeIfAbsent(tenant, any -> guest());
    }

    /** Adds a load that never ends, in cores: all of one, or, where cores are shared evenly, a part. */
    void background(double share) {
        endless += share;
        if (shared != null) {
            shared.background(share);
        } else if (share == 1) {
            threads.start(new Job(() -> {
                throw new IllegalStateException("an endless load has ended");
            }), ENDLESS_NS);
        }
    }

    /** By how much a thread that always computes is slower now than on a core of its own. */
    double slowdown() {
        double computing = threads.jobs().value() + (shared == null ? 0 : endless);
        return Math.max(1, computing / host.cores());
    }

    /**
     * Core time, ns, that a thread that always computes has had since the beginning. Where cores are given out in quanta: all
     * time, though others took turns.
     */
    double endlessNs() {
        return shared != null && !unlimited() ? shared.backgroundNs() : timeline.nowNs();
    }

    /** Share of the cores in use since {@link #restart}. */
    double busyShare() {
        return busyCores().mean() / host.cores();
    }

    /** Switches from one thread to another since {@link #restart}, on the host and in all guests. */
    long contextSwitches() {
        return allSwitches() - switchesBefore;
    }

    /** What those cost, ns. */
    long contextSwitchNs() {
        return quanta == null ? 0 : contextSwitches() * quanta.switchNs;
    }

    private void lost(long ns) {
        lostNs += ns;
        slices.loss.charge(ns);
    }

    /** Core time that it took to go on after others, ns, since {@link #restart}. */
    long lostNs() {
        return lostNs;
    }

    /** How the cores are given out, for a report. */
    String describe() {
        if (shared == null && twice == null) {
            return "in slices, fairly, on " + host.cores() + " cores";
        }
        return twice == null
                ? "processor sharing on " + host.cores() + " cores"
                : "round robin in quanta, by guests on virtual processors and by the host on " + host.cores() + " cores";
    }

    void restart() {
        busyCores().restart();
        switchesBefore = allSwitches();
        lostNs = 0;
    }

    private TimeAverage busyCores() {
        return threads.busyCores();
    }

    private long allSwitches() {
        return twice == null ? 0 : twice.hostSwitches() + twice.guestSwitches();
    }
}
