package sandglass.des;

import java.util.Collections;
import java.util.List;
import sandglass.platform.Timeline;
import sandglass.platform.Timer;

/**
 * Round robin: cores take jobs from one queue in turn, each for a quantum. A core that takes a job spends the cost of a
 * context switch first, which counts neither as work nor against the quantum. A job is interrupted at the end of a quantum
 * only if another waits, and otherwise goes on for nothing; one that joins at that very instant has come too late and
 * waits for the end of the next quantum. Times are exact.
 *
 * <p>While nobody waits, a job runs to its end with one event however many quanta it takes.
 */
public final class QuantumScheduler implements Processor {

    /** The work of a job without an end, which is only ever removed. */
    static final long ENDLESS_NS = Long.MAX_VALUE;

    private static final long LONGEST_QUANTUM_NS = 1L << 52;

    private final Timeline timeline;
    private final long quantumNs;
    private final long switchNs;
    private final Core[] cores;
    private final JobQueue ready = new JobQueue();
    private final TimeAverage busyCores;
    private final TimeAverage jobs;
    private final Runnable onSwitch;
    private Core idle;
    private long arrivals;
    private long contextSwitches;
    private long preemptions;

    /**
     * @param cores how many jobs run at once
     * @param quantumNs how long a job runs before it lets a waiting one run, at least 1; 2^52 or more for no interruption
     * @param switchNs what it costs a core to take a job, 0 or more
     */
    public QuantumScheduler(Timeline timeline, int cores, long quantumNs, long switchNs) {
        this(timeline, Collections.nCopies(cores, CoreSupply.physical(timeline)), quantumNs, switchNs, () -> { });
    }

    /**
     * @param onSwitch called at each context switch
     */
    QuantumScheduler(Timeline timeline, List<? extends CoreSupply> supplies, long quantumNs, long switchNs, Runnable onSwitch) {
        if (supplies.isEmpty() || quantumNs < 1 || switchNs < 0) {
            throw new IllegalArgumentException("a scheduler needs at least 1 core, a quantum of at least 1 ns and a switch"
                + " of at least 0 ns: " + supplies.size() + " cores, " + quantumNs + " ns, " + switchNs + " ns");
        }
        this.timeline = timeline;
        this.quantumNs = quantumNs;
        this.switchNs = switchNs;
        this.onSwitch = onSwitch;
        busyCores = new TimeAverage(timeline);
        jobs = new TimeAverage(timeline);
        cores = new Core[supplies.size()];
        for (int number = cores.length - 1; number >= 0; number--) {
            cores[number] = new Core(number, supplies.get(number));
            cores[number].nextIdle = idle;
            idle = cores[number];
        }
    }

    @Override
    public void start(Job job, long workNs) {
        job.enter(this, workNs, ++arrivals, timeline.nowNs());
        jobs.add(1);
        if (idle != null) {
            Core core = idle;
            idle = core.nextIdle;
            busyCores.add(1);
            core.supply.wanted();
            core.begin(job);
            return;
        }
        ready.addLast(job);
        if (ready.size() == 1) {
            for (Core core : cores) {
                core.noticeWaiting();
            }
        }
    }

    @Override
    public long remove(Job job) {
        job.requireAt(this);
        if (job.place < 0) {
            ready.remove(job);
        } else {
            cores[job.place].release();
        }
        job.leave();
        jobs.add(-1);
        return job.remainingNs;
    }

    @Override
    public TimeAverage busyCores() {
        return busyCores;
    }

    @Override
    public TimeAverage jobs() {
        return jobs;
    }

    /** How often a core took a job, another than it ran before. */
    public long contextSwitches() {
        return contextSwitches;
    }

    /** How often a job was interrupted to let another run. */
    public long preemptions() {
        return preemptions;
    }

    /** One core: idle, running a job, or, within a job's {@code done}, neither. */
    private final class Core {

        private final int number;
        private final CoreSupply supply;
        private final Timer timer;
        private Job job;
        private long runsFromNs;
        private boolean unplaced;
        private Core nextIdle;

        Core(int number, CoreSupply supply) {
            this.number = number;
            this.supply = supply;
            timer = supply.timer(this::alarm);
        }

        void begin(Job next) {
            job = next;
            next.place = number;
            contextSwitches++;
            onSwitch.run();
            runsFromNs = supply.ranNs() + switchNs;
            unplaced = next.watcher != null;
            if (unplaced && switchNs > 0) {
                timer.at(runsFromNs);
            } else {
                place();
            }
        }

        private void place() {
            if (unplaced) {
                unplaced = false;
                job.watcher.placed();
            }
            arm();
        }

        private void alarm() {
            if (unplaced) {
                place();
                return;
            }
            if (job.watcher != null && job.watcher.due()) {
                timer.at(supply.ranNs());
                return;
            }
            accountWork();
            if (job.remainingNs == 0) {
                finish();
            } else if (ready.isEmpty()) {
                arm();
            } else {
                preempt();
            }
        }

        private void finish() {
            Job finished = job;
            job = null;
            finished.leave();
            jobs.add(-1);
            try {
                finished.done.run();
            } finally {
                takeNext();
            }
        }

        private void preempt() {
            Job interrupted = job;
            interrupted.place = -1;
            preemptions++;
            if (interrupted.watcher != null) {
                interrupted.watcher.displaced();
            }
            ready.addLast(interrupted);
            begin(ready.poll());
        }

        /** Lets go of the job, which leaves before it is done. */
        void release() {
            timer.cancel();
            accountWork();
            if (job.watcher != null && !unplaced) {
                job.watcher.displaced();
            }
            unplaced = false;
            job = null;
            takeNext();
        }

        private void takeNext() {
            Job next = ready.poll();
            if (next != null) {
                begin(next);
                return;
            }
            nextIdle = idle;
            idle = this;
            busyCores.add(-1);
            supply.unwanted();
        }

        void noticeWaiting() {
            if (job != null && !unplaced) {
                arm();
            }
        }

        /** Sets the timer to the end of the work or, if somebody waits, of the quantum. */
        private void arm() {
            long endNs = job.remainingNs == ENDLESS_NS ? ENDLESS_NS : runsFromNs + job.remainingNs;
            long alarmNs = ready.isEmpty() ? endNs : Math.min(endNs, quantumEndNs());
            if (alarmNs == ENDLESS_NS) {
                timer.cancel();
            } else {
                timer.at(alarmNs);
            }
        }

        private long quantumEndNs() {
            if (quantumNs >= LONGEST_QUANTUM_NS) {
                return ENDLESS_NS;
            }
            long ranNs = Math.max(0, supply.ranNs() - runsFromNs);
            return runsFromNs + (ranNs / quantumNs + 1) * quantumNs;
        }

        /** Subtracts what has run. */
        private void accountWork() {
            long nowNs = supply.ranNs();
            if (job.remainingNs != ENDLESS_NS) {
                job.remainingNs -= Math.max(0, nowNs - runsFromNs);
            }
            runsFromNs = Math.max(runsFromNs, nowNs);
        }
    }
}
