package sandglass.des;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import sandglass.platform.Timeline;
import sandglass.platform.Timer;

/**
 * Gives cores out as Linux does since 6.6 (EEVDF, kernel/sched/fair.c; Stoica and Abdel-Wahab 1995), with one queue for all cores and equal
 * weights. Each job has its own virtual time, which advances while it runs; the average over all that are here is what a job that got
 * exactly its share would have. Only who is not ahead of it may begin to run, the one whose deadline is first, a slice after its virtual time
 * when its last slice began. A job that comes back is where it left: who left ahead of its share waits until the others have caught up,
 * unless they did so meanwhile, and who is owed some is still. If it may run, it displaces the job that has run for longest if that has for
 * longer than a grace, or is next if nobody comes after it; a patient one waits until it is its turn.
 *
 * <p>Who goes on after others ran finds the caches theirs: that costs it a share of the time it was away, of a slice at most.
 *
 * <p>While nobody waits, a job runs to its end with one event.
 */
public final class FairScheduler implements Processor {

    private final Timeline timeline;
    private final long sliceNs;
    private final long graceNs;
    private final double loss;
    private final LongConsumer onLoss;
    private final Core[] cores;
    private final List<Job> waiting = new ArrayList<>();
    private final TimeAverage busyCores;
    private final TimeAverage jobs;
    /** Who came last and might run at once, while it waits. */
    private Job last;
    private Core idle;
    private long arrivals;
    private int here;
    /** Of all that are here, as far as it is accounted for. */
    private double sumOfVirtualNs;
    private double lastVirtualNs;

    /**
     * @param cores   how many jobs run at once, at least 1
     * @param sliceNs how long a job runs before it lets a waiting one run, at least 1
     * @param graceNs a job that has not run for longer is not displaced, 0 or more
     */
    public FairScheduler(Timeline timeline, int cores, long sliceNs, long graceNs) {
        this(timeline, cores, sliceNs, graceNs, 0, ns -> { });
    }

    /**
     * One in which who goes on after others has more to do.
     *
     * @param loss   which share of the time that others had, 0 to 1
     * @param onLoss called each time with how much, ns
     */
    public FairScheduler(Timeline timeline, int cores, long sliceNs, long graceNs, double loss, LongConsumer onLoss) {
        if (cores < 1 || sliceNs < 1 || graceNs < 0 || !(loss >= 0 && loss <= 1)) {
            throw new IllegalArgumentException("a scheduler needs at least 1 core, a slice of at least 1 ns and a grace of at least 0 ns, "
                    + "and loses from 0 to 1: " + cores + " cores, " + sliceNs + " ns, " + graceNs + " ns, " + loss);
        }
        this.timeline = timeline;
        this.sliceNs = sliceNs;
        this.graceNs = graceNs;
        this.loss = loss;
        this.onLoss = onLoss;
        busyCores = new TimeAverage(timeline);
        jobs = new TimeAverage(timeline);
        this.cores = new Core[cores];
        for (int number = cores - 1; number >= 0; number--) {
            this.cores[number] = new Core(number);
            this.cores[number].nextIdle = idle;
            idle = this.cores[number];
        }
    }

    @Override
    public void start(Job job, long workNs) {
        job.enter(this, workNs, ++arrivals, timeline.nowNs());
        jobs.add(1);
        place(job);
        if (idle != null) {
            Core core = idle;
            idle = core.nextIdle;
            busyCores.add(1);
            core.begin(job);
            return;
        }
        waiting.add(job);
        if (job.newcomer) {
            last = job;
            displaceFor(job);
        }
        if (waiting.size() == 1) {
            for (Core core : cores) {
                core.noticeWaiting();
            }
        }
    }

    /** Gives a job that comes its virtual time. */
    private void place(Job job) {
        double nowNs = virtualNs();
        if (!job.known || job.owedNs > 0) {
            // The average falls as one comes that is behind: so much more makes what it is owed what it was.
            double owedNs = job.known ? job.owedNs * (here + 1) / Math.max(1, here) : 0;
            job.virtualNs = nowNs - owedNs;
        } else {
            job.virtualNs = Math.max(job.virtualNs, nowNs);
        }
        job.known = true;
        job.deadlineNs = job.virtualNs + sliceNs;
        job.interruptedNs = -1;
        sumOfVirtualNs += job.virtualNs;
        here++;
        job.newcomer = !job.patient && mayRun(job);
    }

    /** The virtual time of one that got exactly its share. */
    private double virtualNs() {
        if (here == 0) {
            return lastVirtualNs;
        }
        double sum = sumOfVirtualNs;
        for (Core core : cores) {
            sum += core.unaccountedNs();
        }
        return sum / here;
    }

    /** Whether it is not ahead of its share, but for what rounding makes of it. */
    private boolean mayRun(Job job) {
        return job.virtualNs <= virtualNs() + 1;
    }

    /** Lets a newcomer run in place of who has run for longest, unless a core takes its next job at this instant and it can be this one. */
    private void displaceFor(Job newcomer) {
        Core longest = null;
        int finishing = 0;
        for (Core core : cores) {
            if (core.job == null) {
                finishing++;
            } else if (core.displaceable() && (longest == null || core.beganNs < longest.beganNs)) {
                longest = core;
            }
        }
        if (longest != null && (finishing == 0 || newcomersThatMayRun() > finishing)) {
            longest.displaceBy(newcomer);
        }
    }

    private int newcomersThatMayRun() {
        double limitNs = virtualNs() + 1;
        int count = 0;
        for (Job job : waiting) {
            count += job.newcomer && job.virtualNs <= limitNs ? 1 : 0;
        }
        return count;
    }

    /** Who is next, removed; null if none waits. */
    private Job poll() {
        if (last != null) {
            return take(waiting.indexOf(last));
        }
        double limitNs = virtualNs() + 1;
        int best = -1;
        for (int i = 0; i < waiting.size(); i++) {
            best = best < 0 || isBefore(waiting.get(i), waiting.get(best), limitNs) ? i : best;
        }
        return best < 0 ? null : take(best);
    }

    /** Whether the first of two is to run: the one that may, of two that may the one with the first deadline, of two that may not the one behind. */
    private static boolean isBefore(Job one, Job other, double limitNs) {
        boolean may = one.virtualNs <= limitNs;
        boolean otherMay = other.virtualNs <= limitNs;
        if (may != otherMay) {
            return may;
        }
        double difference = may ? one.deadlineNs - other.deadlineNs : one.virtualNs - other.virtualNs;
        return difference < 0 || difference == 0 && one.number < other.number;
    }

    /** Removes the waiting job at this index, whose place is taken by the last. */
    private Job take(int index) {
        Job job = waiting.get(index);
        Job moved = waiting.remove(waiting.size() - 1);
        if (moved != job) {
            waiting.set(index, moved);
        }
        last = last == job ? null : last;
        return job;
    }

    @Override
    public long remove(Job job) {
        job.requireAt(this);
        if (job.place < 0) {
            take(waiting.indexOf(job));
            left(job);
        } else {
            cores[job.place].release();
        }
        jobs.add(-1);
        return job.remainingNs;
    }

    /** A job goes, accounted for: it keeps what it is owed, or how far it is ahead, but no more than a slice of either. */
    private void left(Job job) {
        double nowNs = virtualNs();
        job.owedNs = Math.min(sliceNs, nowNs - job.virtualNs);
        sumOfVirtualNs -= job.virtualNs;
        here--;
        job.virtualNs = Math.min(job.virtualNs, nowNs + sliceNs);
        if (here == 0) {
            lastVirtualNs = nowNs;
            sumOfVirtualNs = 0;
        }
        job.leave();
    }

    @Override
    public TimeAverage busyCores() {
        return busyCores;
    }

    @Override
    public TimeAverage jobs() {
        return jobs;
    }

    /** One core: idle, running a job, or, within a job's {@code done}, neither. */
    private final class Core {

        private final int number;
        private final Timer timer = timeline.timer(this::alarm);
        private Job job;
        private long runsFromNs;
        private long beganNs;
        private Core nextIdle;

        Core(int number) {
            this.number = number;
        }

        void begin(Job next) {
            job = next;
            next.place = number;
            runsFromNs = timeline.nowNs();
            beganNs = runsFromNs;
            if (next.interruptedNs >= 0 && loss > 0) {
                lose(next);
            }
            if (next.deadlineNs <= next.virtualNs) {
                next.deadlineNs = next.virtualNs + sliceNs;
            }
            next.newcomer = false;
            arm();
        }

        private void alarm() {
            account();
            if (job.remainingNs == 0) {
                finish();
            } else if (waiting.isEmpty()) {
                arm();
            } else {
                giveWay();
                begin(poll());
            }
        }

        private void finish() {
            Job finished = job;
            job = null;
            left(finished);
            jobs.add(-1);
            try {
                finished.done.run();
            } finally {
                takeNext();
            }
        }

        /** Work without an end is not more work for that. */
        private void lose(Job next) {
            if (next.remainingNs != QuantumScheduler.ENDLESS_NS) {
                long ns = Math.round(loss * Math.min(sliceNs, timeline.nowNs() - next.interruptedNs));
                next.remainingNs += ns;
                onLoss.accept(ns);
            }
        }

        private void giveWay() {
            job.place = -1;
            job.interruptedNs = timeline.nowNs();
            waiting.add(job);
        }

        boolean displaceable() {
            return timeline.nowNs() - beganNs > graceNs;
        }

        void displaceBy(Job newcomer) {
            account();
            if (job.remainingNs == 0) {
                return;
            }
            giveWay();
            begin(take(waiting.indexOf(newcomer)));
        }

        /** Lets go of the job, which leaves before it is done. */
        void release() {
            timer.cancel();
            account();
            Job released = job;
            job = null;
            left(released);
            takeNext();
        }

        private void takeNext() {
            Job next = poll();
            if (next != null) {
                begin(next);
                return;
            }
            nextIdle = idle;
            idle = this;
            busyCores.add(-1);
        }

        void noticeWaiting() {
            if (job != null) {
                account();
                arm();
            }
        }

        /** Sets the timer to the end of the work or, if somebody waits, of the slice. */
        private void arm() {
            boolean endless = job.remainingNs == QuantumScheduler.ENDLESS_NS;
            if (waiting.isEmpty()) {
                if (endless) {
                    timer.cancel();
                } else {
                    timer.at(runsFromNs + job.remainingNs);
                }
                return;
            }
            double overNs = job.virtualNs - job.deadlineNs;
            if (overNs >= 0) {
                job.deadlineNs += (Math.floor(overNs / sliceNs) + 1) * sliceNs;
            }
            long sliceLeftNs = Math.max(1, (long) Math.ceil(job.deadlineNs - job.virtualNs));
            timer.at(runsFromNs + (endless ? sliceLeftNs : Math.min(job.remainingNs, sliceLeftNs)));
        }

        private long unaccountedNs() {
            return job == null ? 0 : timeline.nowNs() - runsFromNs;
        }

        /** Subtracts what has run. */
        private void account() {
            long ranNs = unaccountedNs();
            runsFromNs += ranNs;
            job.virtualNs += ranNs;
            sumOfVirtualNs += ranNs;
            if (job.remainingNs != QuantumScheduler.ENDLESS_NS) {
                job.remainingNs -= ranNs;
            }
        }
    }
}
