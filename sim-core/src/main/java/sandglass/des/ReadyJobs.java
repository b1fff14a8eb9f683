package sandglass.des;

/**
 * Jobs that wait for a core. In turn: first come, first served, whoever was interrupted coming anew. Or woken first, as Linux has it
 * (EEVDF, kernel/sched/fair.c: who slept is owed time, who has had its slice owes): those that were not interrupted since they came go before those
 * that were; once nobody has had a whole quantum for as long as one, it is the others' turn, so that a stream of short jobs does not starve them.
 */
final class ReadyJobs {

    private final boolean wokenFirst;
    private final long quantumNs;
    private final JobQueue woken = new JobQueue();
    private final JobQueue interrupted = new JobQueue();
    private long lastQuantumNs;

    ReadyJobs(boolean wokenFirst, long quantumNs) {
        this.wokenFirst = wokenFirst;
        this.quantumNs = quantumNs;
    }

    int size() {
        return woken.size() + interrupted.size();
    }

    boolean isEmpty() {
        return woken.isEmpty() && interrupted.isEmpty();
    }

    /** A job comes that has not waited here since it came to the scheduler. */
    void addWoken(Job job) {
        job.interrupted = false;
        woken.addLast(job);
    }

    /** A job had its quantum. */
    void addInterrupted(Job job, long nowNs) {
        job.interrupted = wokenFirst;
        lastQuantumNs = nowNs;
        queue(job).addLast(job);
    }

    /** Who is next, removed; null if none waits. */
    Job poll(long nowNs) {
        boolean othersTurn = woken.isEmpty() || nowNs - lastQuantumNs >= quantumNs;
        return othersTurn && !interrupted.isEmpty() ? interrupted.poll() : woken.poll();
    }

    /** Removes a job that waits. */
    void remove(Job job) {
        queue(job).remove(job);
    }

    private JobQueue queue(Job job) {
        return job.interrupted ? interrupted : woken;
    }
}
