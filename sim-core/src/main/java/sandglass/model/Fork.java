package sandglass.model;

import java.util.ArrayList;
import java.util.List;
import sandglass.des.Job;
import sandglass.platform.Timer;

/** The one pipeline that a walk is in: its branches compete, each at its place, and come together again. */
final class Fork {

    private final Machine machine;
    private final Timer timer;
    private final Branches branches = new Branches();
    private final List<Job> jobs = new ArrayList<>();
    private int computing;
    private long othersDoneNs;
    private long fillNs;

    /** @param timer fires when everything is over */
    Fork(Machine machine, Timer timer) {
        this.machine = machine;
        this.timer = timer;
    }

    Branches branches() {
        return branches;
    }

    /**
     * Sends the branches to their places.
     *
     * @param undisturbedNs what the pipeline takes when nothing else is there
     */
    void begin(long undisturbedNs) {
        long nowNs = machine.timeline().nowNs();
        fillNs = undisturbedNs - branches.longestNs();
        othersDoneNs = nowNs;
        computing = 0;
        int onCores = 0;
        for (int i = 0; i < branches.size(); i++) {
            long ns = branches.demandNs(i);
            switch (branches.place(i)) {
                case CORES -> {
                    computing++;
                    machine.cpu().compute(job(onCores++), ns);
                }
                case CREATION_MUTEX -> {
                    computing++;
                    machine.creationMutex().compute(ns, this::computed);
                }
                case ADDRESS_SPACE -> {
                    long exclusiveNs = machine.exclusiveNs(ns);
                    computing++;
                    machine.addressSpace().compute(exclusiveNs, this::computed);
                    if (exclusiveNs < ns) {
                        computing++;
                        machine.cpu().compute(job(onCores++), ns - exclusiveNs);
                    }
                }
                case ELAPSE -> othersDoneNs = Math.max(othersDoneNs, nowNs + ns);
                default -> othersDoneNs = Math.max(othersDoneNs, machine.doneNs(branches.place(i), ns));
            }
        }
        if (computing == 0) {
            timer.at(othersDoneNs + fillNs);
        }
    }

    private void computed() {
        computing--;
        if (computing == 0) {
            timer.at(Math.max(othersDoneNs, machine.timeline().nowNs()) + fillNs);
        }
    }

    private Job job(int index) {
        if (index == jobs.size()) {
            jobs.add(new Job(this::computed));
        }
        return jobs.get(index);
    }
}
