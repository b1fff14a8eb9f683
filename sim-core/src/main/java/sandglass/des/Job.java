package sandglass.des;

/**
 * Something that a server works on: at one server at a time or at none, and reusable once it has left. Its owner keeps
 * one object per thing that can be in service and starts it again and again, so a steady state allocates nothing.
 */
public final class Job {

    /** Told when the job's work goes on and when it is interrupted; what a virtual CPU listens to. */
    interface Watcher {

        void placed();

        /** Not called when the job was removed before it was placed. */
        void displaced();

        /** Whether something is due on the job's behalf at this instant, which then comes before an interruption. */
        boolean due();
    }

    final Runnable done;
    final Watcher watcher;

    /** The server that the job is at, or null. */
    Object server;
    /** Tells this stay from any other, at any server: the order of arrival at this one. */
    long number;
    long remainingNs;
    long arrivedNs;

    /** Where the server keeps the job: a heap index, or the number of the core or server it occupies, or -1. */
    int place;
    /** Virtual time at a fair scheduler, ns, also after it has left; when the slice is over that it began last. */
    double virtualNs;
    double deadlineNs;
    /** How much less than its share it had when it left, ns; negative if more. */
    double owedNs;
    /** Whether it waits until it is its turn, though it might displace somebody. */
    boolean patient;
    /** Whether a fair scheduler has met it. */
    boolean known;
    /** When it last had to make room for others since it came, ns; negative if it has not. */
    long interruptedNs;
    /** Whether it was not ahead of its share when it came, and has not run since. */
    boolean newcomer;
    double finish;
    double share;
    Job previous;
    Job next;

    /** @param done called by the server when the job's work is done and the job has left, so it may start again there */
    public Job(Runnable done) {
        this(done, null);
    }

    Job(Runnable done, Watcher watcher) {
        if (done == null) {
            throw new NullPointerException("a job needs something to do when it is done");
        }
        this.done = done;
        this.watcher = watcher;
    }

    /** From now on it is another's: who computes with it next has had no more than its share, and no less. */
    public void forget() {
        known = false;
    }

    /** Whether from now on it waits until it is its turn, though it comes to a fair scheduler when it might displace somebody. */
    public void waitItsTurn(boolean patiently) {
        patient = patiently;
    }

    /** Whether the job is at a server. */
    public boolean active() {
        return server != null;
    }

    /**
     * Notes that the job is now at {@code server}.
     *
     * @throws IllegalStateException if it is at one already
     * @throws IllegalArgumentException if the work is negative
     */
    void enter(Object at, long workNs, long stay, long nowNs) {
        if (server != null) {
            throw new IllegalStateException("at " + nowNs + " ns: the job is still at " + server);
        }
        if (workNs < 0) {
            throw new IllegalArgumentException("at " + nowNs + " ns: work must not be negative: " + workNs + " ns");
        }
        server = at;
        remainingNs = workNs;
        number = stay;
        arrivedNs = nowNs;
        place = -1;
    }

    /** @throws IllegalStateException if the job is not at {@code expected} */
    void requireAt(Object expected) {
        if (server != expected) {
            throw new IllegalStateException("the job is at " + server + ", not at " + expected);
        }
    }

    void leave() {
        server = null;
    }
}
