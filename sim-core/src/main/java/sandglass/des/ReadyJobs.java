package sandglass.des;

/**
 * Jobs that wait for a core. In turn: first come, first served, whoever was interrupted coming anew. Or woken first, as Linux has it
 * (EEVDF, kernel/sched/fair.c: who slept is owed time, who has had its slice owes): those that were not interrupted since they came go before
 * those that had to make room for one that came, and these before those that had a quantum; once short jobs have had a whole quantum while
 * others were passed over, it is one of the others' turn, which nobody cuts short.
 */
final class ReadyJobs {

    private final boolean wokenFirst;
    private final long quantumNs;
    private final JobQueue woken = new JobQueue();
    private final JobQueue displaced = new JobQueue();
    private final JobQueue interrupted = new JobQueue();
    private long passedOverNs;

    ReadyJobs(boolean wokenFirst, long quantumNs) {
        this.wokenFirst = wokenFirst;
        this.quantumNs = quantumNs;
    }

    int size() {
        return woken.size() + displaced.size() + interrupted.size();
    }

    /** How many of them were not interrupted since they came. */
    int woken() {
        return woken.size();
    }

    boolean isEmpty() {
        return woken.isEmpty() && displaced.isEmpty() && interrupted.isEmpty();
    }

    /** A job comes that has not waited here since it came to the scheduler. */
    void addWoken(Job job) {
        woken.addLast(job);
    }

    /** A job had its quantum. */
    void addInterrupted(Job job) {
        job.interrupted = wokenFirst;
        job.untouchable = false;
        queue(job).addLast(job);
    }

    /** A job had to make room for a woken one: it goes on before those that had a quantum. */
    void addDisplaced(Job job) {
        job.displaced = true;
        displaced.addLast(job);
    }

    /** A job has left without having been interrupted since it came. */
    void wasShort(long ranNs) {
        passedOverNs += displaced.isEmpty() && interrupted.isEmpty() ? 0 : ranNs;
    }

    /** Who was woken first, removed. */
    Job pollWoken() {
        return woken.poll();
    }

    /** Who is next, removed; null if none waits. */
    Job poll() {
        boolean othersTurn = passedOverNs >= quantumNs && !(displaced.isEmpty() && interrupted.isEmpty());
        if (!othersTurn && !woken.isEmpty()) {
            return woken.poll();
        }
        passedOverNs = 0;
        Job next = displaced.isEmpty() ? interrupted.poll() : displaced.poll();
        if (next != null) {
            next.displaced = false;
            next.untouchable = othersTurn;
        }
        return next;
    }

    /** Removes a job that waits. */
    void remove(Job job) {
        queue(job).remove(job);
    }

    private JobQueue queue(Job job) {
        return job.displaced ? displaced : job.interrupted ? interrupted : woken;
    }
}
