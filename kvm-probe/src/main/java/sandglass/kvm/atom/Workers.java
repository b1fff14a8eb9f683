package sandglass.kvm.atom;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import sandglass.kvm.probe.Crew;

/**
 * The threads of a real run (sandglass.kvm.probe): one that tells, and others that carry out. A step costs more on a thread that has just been
 * woken, on whichever core that was, than in a loop on one thread, so atoms of whole verbs use these.
 */
final class Workers implements AutoCloseable {

    /** One verb at a time, which is begun before the thread of the one before it is idle. */
    private static final int THREADS = 2;
    /** A timer is waited for awake so long before its time, as sandglass.kvm.probe.WallTimeline does. */
    private static final long AWAKE_NS = 250_000;

    private final LongSupplier clockNs;
    private final Crew threads = new Crew(THREADS, THREADS);
    private final ConcurrentLinkedQueue<Done> reports = new ConcurrentLinkedQueue<>();
    private long lastEndNs;

    private record Done(Took took, RuntimeException failure) {
    }

    /**
     * One verb, carried out.
     *
     * @param handOverNs from the end of the verb before, by its thread's stamp, or of the pause, through the telling thread, to the
     *     beginning of this one
     * @param ns         of the verb itself
     */
    record Took(long handOverNs, long ns) {
    }

    Workers(LongSupplier clockNs) {
        this.clockNs = clockNs;
        lastEndNs = clockNs.getAsLong();
    }

    /** Has a worker carry out a verb as soon as the one before has reported, and waits for its report. */
    Took perform(Runnable verb) {
        return perform(lastEndNs, verb);
    }

    /**
     * The same after a pause, as between the arrivals of invocations: a host that was idle, and whose caches others have used, is slower
     * than one in a loop. The hand-over then begins when the pause was meant to end.
     */
    Took performAfter(long pauseNs, Runnable verb) {
        long dueNs = clockNs.getAsLong() + pauseNs;
        for (long leftNs = pauseNs; leftNs > 0; leftNs = dueNs - clockNs.getAsLong()) {
            if (leftNs > AWAKE_NS) {
                LockSupport.parkNanos(this, leftNs - AWAKE_NS);
            } else {
                Thread.onSpinWait();
            }
        }
        return perform(dueNs, verb);
    }

    private Took perform(long toldNs, Runnable verb) {
        Thread teller = Thread.currentThread();
        threads.execute(() -> {
            long beginNs = clockNs.getAsLong();
            LockSupport.unpark(teller);
            RuntimeException failure = null;
            try {
                verb.run();
            } catch (RuntimeException e) {
                failure = e;
            }
            long endNs = clockNs.getAsLong();
            reports.add(new Done(new Took(beginNs - toldNs, endNs - beginNs), failure));
            LockSupport.unpark(teller);
        });
        Done done = reports.poll();
        while (done == null) {
            LockSupport.park(this);
            done = reports.poll();
        }
        lastEndNs = toldNs + done.took.handOverNs + done.took.ns;
        if (done.failure != null) {
            throw done.failure;
        }
        return done.took;
    }

    @Override
    public void close() {
        threads.close();
    }
}
