package sandglass.des;

import sandglass.platform.Timeline;
import sandglass.platform.Timer;

/**
 * Cores shared in proportion (processor sharing). A job has a share, the most cores it can use: 1 for a thread, less
 * under a quota such as {@code cpu.max}, more if it runs in parallel. While the shares of all jobs fit into the cores,
 * each job gets its share; otherwise all get the same fraction of it. With shares of 1 this is egalitarian sharing with
 * at most one core a job, the rate being {@code min(1, cores / jobs)}.
 *
 * <p>All jobs progress at one pace, so a virtual clock that runs at this pace fixes each job's finish on arrival and one
 * heap and one timer serve them all, O(log n) an arrival or departure (Parekh and Gallager, IEEE/ACM Transactions on
 * Networking 1(3), 1993). Virtual time starts again from zero whenever the cores are idle, which keeps its double
 * precise. A finish is announced at the nearest nanosecond, but counts when it is, between two: the state is that of
 * {@code clockNs + aheadNs}, at most half a nanosecond from the timeline, so roundings do not add up.
 */
public final class ProcessorSharing implements Processor {

    /** Shares are multiples of this, so that their sum stays exact however many come and go. */
    private static final double SHARE_GRAIN = 0x1p-20;

    private final Timeline timeline;
    private final double cores;
    private final Timer timer;
    private final JobHeap heap = new JobHeap();
    private final TimeAverage busyCores;
    private final TimeAverage jobs;
    private final TimeAverage paces;
    private double shares;
    private double pace = 1;
    private double virtualNs;
    private long clockNs;
    private double aheadNs;
    private long dueNs;
    private long arrivals;
    private boolean completing;

    /** @param cores how many, fractions allowed; {@link Double#POSITIVE_INFINITY} for a pure delay */
    public ProcessorSharing(Timeline timeline, double cores) {
        if (!(cores > 0)) {
            throw new IllegalArgumentException("there must be more than 0 cores: " + cores);
        }
        this.timeline = timeline;
        this.cores = cores;
        timer = timeline.timer(this::complete);
        busyCores = new TimeAverage(timeline);
        jobs = new TimeAverage(timeline);
        paces = new TimeAverage(timeline);
        paces.set(pace);
    }

    /** {@inheritDoc} Its share is one core. */
    @Override
    public void start(Job job, long workNs) {
        start(job, workNs, 1);
    }

    /**
     * As {@link #start(Job, long)}, with a share of its own: on idle cores the job takes {@code workNs / share}.
     *
     * @param share the most cores that the job can use, above 0; kept to within 2^-21
     */
    public void start(Job job, long workNs, double share) {
        double grains = Math.rint(share / SHARE_GRAIN);
        if (!(grains >= 1 && grains <= Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("a share must lie between 2^-20 and 2^11 cores: " + share);
        }
        advance();
        job.enter(this, workNs, ++arrivals, clockNs);
        job.share = grains * SHARE_GRAIN;
        job.finish = virtualNs + workNs / job.share;
        heap.add(job);
        changed(job.share, 1);
        arm();
    }

    /**
     * Raises the load that has no end, such as a thread that polls, or lowers it again: it takes a share as a job would, but is
     * not counted as one.
     *
     * @param share difference in cores, of either sign; kept to within 2^-21
     */
    public void background(double share) {
        advance();
        changed(Math.rint(share / SHARE_GRAIN) * SHARE_GRAIN, 0);
        arm();
    }

    @Override
    public long remove(Job job) {
        job.requireAt(this);
        advance();
        long remainingNs = Math.round(Math.max(0, job.finish - virtualNs) * job.share);
        leave(job);
        arm();
        return remainingNs;
    }

    @Override
    public TimeAverage busyCores() {
        return busyCores;
    }

    @Override
    public TimeAverage jobs() {
        return jobs;
    }

    /** Core time, in nanoseconds, that a load of one core without an end has had since the beginning. */
    public double backgroundNs() {
        return paces.integral();
    }

    /** Lets everybody work until now. */
    private void advance() {
        long nowNs = timeline.nowNs();
        double elapsedNs = nowNs - clockNs - aheadNs;
        clockNs = nowNs;
        aheadNs = Math.max(0, -elapsedNs);
        virtualNs = heap.isEmpty() ? 0 : virtualNs + Math.max(0, elapsedNs) * pace;
    }

    /** When the job at the head of the heap finishes, in nanoseconds after {@link #clockNs}. */
    private double firstFinishNs() {
        return aheadNs + Math.max(0, heap.first().finish - virtualNs) / pace;
    }

    private void complete() {
        long nowNs = timeline.nowNs();
        completing = true;
        try {
            while (!heap.isEmpty() && clockNs + Math.round(firstFinishNs()) <= nowNs) {
                Job job = heap.first();
                aheadNs = firstFinishNs() - (nowNs - clockNs);
                clockNs = nowNs;
                virtualNs = Math.max(virtualNs, job.finish);
                leave(job);
                job.done.run();
            }
        } finally {
            completing = false;
            arm();
        }
    }

    private void leave(Job job) {
        heap.remove(job);
        job.leave();
        changed(-job.share, -1);
    }

    private void changed(double share, int count) {
        shares += share;
        pace = shares <= cores ? 1 : cores / shares;
        paces.set(pace);
        jobs.add(count);
        busyCores.set(Math.min(shares, cores));
    }

    /** Sets the timer to the first finish; leaves it alone if it is right, so that ties keep their order. */
    private void arm() {
        if (completing) {
            return;
        }
        if (heap.isEmpty()) {
            timer.cancel();
            return;
        }
        long firstNs = clockNs + Math.round(firstFinishNs());
        if (!timer.armed() || firstNs != dueNs) {
            dueNs = firstNs;
            timer.at(firstNs);
        }
    }
}
