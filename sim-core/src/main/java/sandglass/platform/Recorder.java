package sandglass.platform;

import java.util.Arrays;
import java.util.List;
import sandglass.result.Clock;
import sandglass.result.Measurement;
import sandglass.result.Metrics;
import sandglass.result.Series;
import sandglass.scenario.Phase;
import sandglass.unit.Unit;

/**
 * The statistics of one run, over its measured time: from the end of the warm-up to the horizon. Invocations count by
 * their arrival; phases and lifespans count by their end; sandboxes are averaged over time. Size does not grow with the
 * number of invocations. Recording allocates nothing once each metric has more than {@link
 * sandglass.result.Samples#RAW_LIMIT} samples.
 */
public final class Recorder {

    private final Clock clock;
    private final Occupancy occupancy = new Occupancy();
    private final SampleCollector coldStarts = new SampleCollector();
    private final SampleCollector creates = new SampleCollector();
    private final SampleCollector boots = new SampleCollector();
    private final SampleCollector inits = new SampleCollector();
    private final SampleCollector readies = new SampleCollector();
    private final SampleCollector waits = new SampleCollector();
    private final SampleCollector services = new SampleCollector();
    private final SampleCollector responses = new SampleCollector();
    private final SampleCollector recycles = new SampleCollector();
    private final SampleCollector lifespans = new SampleCollector();
    private final SampleCollector gets = new SampleCollector();
    private final SampleCollector posts = new SampleCollector();
    private final Batches coldOnes = new Batches();
    private final StepSeries completions = new StepSeries("throughput", Unit.PER_SECOND, "Invocations per second");
    private final long[] servedBy;
    private final long[] coldBy;
    private boolean measuring;
    private boolean closed;
    private long arrivals;
    private long rejected;
    private long completedInTime;

    /**
     * @param clock what the platform's timeline goes by
     * @param functions how many there are
     */
    public Recorder(Clock clock, int functions) {
        this.clock = clock;
        servedBy = new long[functions];
        coldBy = new long[functions];
    }

    Occupancy occupancy() {
        return occupancy;
    }

    boolean exactClock() {
        return clock == Clock.VIRTUAL;
    }

    void begin(long nowNs) {
        occupancy.begin(nowNs);
        completions.begin(nowNs);
        measuring = true;
    }

    /** Ends the measured time; {@code cutWork}: the times of what is not done by now do not count. */
    void end(long nowNs, boolean cutWork) {
        occupancy.end(nowNs);
        measuring = false;
        closed = cutWork;
    }

    void arrived(Invocation invocation) {
        invocation.uncounted = !measuring;
        if (measuring) {
            arrivals++;
        }
    }

    void rejected(Invocation invocation) {
        if (invocation.isCounted()) {
            rejected++;
        }
    }

    void completed(Invocation invocation, long nowNs) {
        if (measuring) {
            completedInTime++;
            completions.happened(1, nowNs);
        }
        if (invocation.isCounted() && !closed) {
            waits.add(invocation.beginNs - invocation.arrivalNs);
            services.add(nowNs - invocation.beginNs);
            responses.add(nowNs - invocation.arrivalNs);
            servedBy[invocation.function]++;
            coldOnes.add(invocation.cold ? 1 : 0);
            if (invocation.cold) {
                coldBy[invocation.function]++;
            }
        }
    }

    /** A sandbox that somebody waited for is ready. */
    void coldStart(Sandbox sandbox) {
        if (measuring) {
            coldStarts.add(sandbox.startNs());
            creates.add(sandbox.createNs);
            boots.add(sandbox.bootNs);
            inits.add(sandbox.initNs);
        }
    }

    /** A phase other than those of a start has ended. */
    void phase(Phase phase, long ns) {
        if (measuring && phase == Phase.READY) {
            readies.add(ns);
        } else if (measuring && phase == Phase.RECYCLE) {
            recycles.add(ns);
        }
    }

    void gone(Sandbox sandbox, long nowNs) {
        if (measuring) {
            lifespans.add(nowNs - sandbox.createdNs());
        }
    }

    /** A download that an invocation asked for has ended after {@code ns}. */
    public void got(long ns) {
        if (measuring) {
            gets.add(ns);
        }
    }

    /** An upload that an invocation asked for has ended after {@code ns}. */
    public void posted(long ns) {
        if (measuring) {
            posts.add(ns);
        }
    }

    /** What was measured, by metric; metrics without a sample are left out. */
    public List<Measurement> measurements() {
        return report().measurements();
    }

    /** How the number of sandboxes went over the measured time. */
    public List<Series> series() {
        return report().series();
    }

    private Report report() {
        Report report = new Report(clock);
        report.times(Metrics.START_COLD, coldStarts);
        report.times(Metrics.START_CREATE, creates);
        report.times(Metrics.START_BOOT, boots);
        report.times(Metrics.START_INIT, inits);
        report.times(Metrics.START_POOLED, readies);
        report.times(Metrics.WAIT, waits);
        report.times(Metrics.SERVICE, services);
        report.times(Metrics.RESPONSE, responses);
        report.times(Metrics.RECYCLE, recycles);
        report.times(Metrics.GET, gets);
        report.times(Metrics.POST, posts);
        reportInvocations(report);
        occupancy.report(report);
        report.times(Metrics.LIFESPAN, lifespans);
        if (occupancy.measuredNs() > 0) {
            double[] perSecond = Arrays.stream(completions.batchMeans()).map(perNs -> perNs * 1e9).toArray();
            report.timed(Metrics.THROUGHPUT, completedInTime * 1e9 / occupancy.measuredNs(), perSecond);
        }
        return report;
    }

    private void reportInvocations(Report report) {
        long served = Arrays.stream(servedBy).sum();
        long cold = Arrays.stream(coldBy).sum();
        report.count(Metrics.INVOCATIONS, served);
        report.count(Metrics.ARRIVALS, arrivals);
        report.count(Metrics.REJECTED, rejected);
        report.count(Metrics.COLD_STARTS, cold);
        if (served > 0) {
            report.count(Metrics.COLD_SHARE, (double) cold / served, coldOnes.means());
            report.counts(Metrics.COLD_SHARE_BY_FUNCTION, shares());
        }
    }

    private double[] shares() {
        double[] shares = new double[servedBy.length];
        int n = 0;
        for (int i = 0; i < servedBy.length; i++) {
            if (servedBy[i] > 0) {
                shares[n++] = (double) coldBy[i] / servedBy[i];
            }
        }
        return Arrays.copyOf(shares, n);
    }
}
