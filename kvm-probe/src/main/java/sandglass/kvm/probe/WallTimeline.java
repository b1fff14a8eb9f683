package sandglass.kvm.probe;

import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import sandglass.platform.SampleCollector;
import sandglass.platform.Timeline;
import sandglass.platform.Timer;

/**
 * The wall clock as a {@link Timeline}: one thread runs callbacks in the order of their times. While a callback runs, the time
 * is the one it is <em>for</em>: when a timer was due, when another thread says that something happened. So an arrival
 * counts from the time at which it was meant to come, however late this thread gets to it (no coordinated omission: Tene, "How
 * NOT to Measure Latency", 2013), and a completion from the stamp that its own thread took. How late this thread was is
 * recorded beside it.
 */
public final class WallTimeline implements Timeline {

    private static final long FOREVER_NS = Long.MAX_VALUE;
    /** The kernel wakes a sleeper about this late; so long before its time, a timer is waited for awake. */
    private static final long AWAKE_NS = 250_000;

    private final LongSupplier clockNs;
    private long originNs;
    private final PriorityQueue<Entry> due = new PriorityQueue<>();
    private final Queue<Entry> posted = new ConcurrentLinkedQueue<>();
    private final SampleCollector lateness = new SampleCollector();
    private volatile Thread runner;
    private long sequence;
    private long nowNs;
    private long dueNs;
    private boolean stopped;

    /** @param clockNs a clock that never goes back and is the same for all threads */
    public WallTimeline(LongSupplier clockNs) {
        this.clockNs = clockNs;
        begin();
    }

    /** Time begins now: what it took to prepare a run is no part of it. Before anything is armed or posted. */
    public void begin() {
        originNs = clockNs.getAsLong();
    }

    /** Something to run at a time; {@code alarm} is null for what another thread posted. */
    private static final class Entry implements Comparable<Entry> {

        private final long timeNs;
        private final Runnable action;
        private final Alarm alarm;
        private long order;

        Entry(long timeNs, Runnable action, Alarm alarm) {
            this.timeNs = timeNs;
            this.action = action;
            this.alarm = alarm;
        }

        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(timeNs, other.timeNs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** A timer; only its newest entry counts, older ones are passed over when they come up. */
    private final class Alarm implements Timer {

        private final Runnable action;
        private Entry armedFor;

        Alarm(Runnable action) {
            this.action = action;
        }

        @Override
        public void at(long timeNs) {
            if (timeNs < nowNs) {
                throw new IllegalArgumentException("at " + nowNs + " ns, a timer cannot be armed for " + timeNs + " ns");
            }
            armedFor = new Entry(timeNs, action, this);
            add(armedFor);
        }

        @Override
        public void cancel() {
            armedFor = null;
        }

        @Override
        public boolean armed() {
            return armedFor != null;
        }
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    /**
     * Since when what a callback begins has been due: since the time that its timer was due, or, after what another thread has said, since
     * this thread heard of it.
     */
    public long dueNs() {
        return dueNs;
    }

    /** What the clock shows now, in ns since the start of the run; for any thread. */
    public long clockNs() {
        return clockNs.getAsLong() - originNs;
    }

    @Override
    public Timer timer(Runnable action) {
        if (action == null) {
            throw new NullPointerException("a timer needs an action");
        }
        return new Alarm(action);
    }

    /**
     * Has something run on the timeline's thread; for any thread.
     *
     * @param timeNs when it happened, by {@link #clockNs()}
     */
    public void post(long timeNs, Runnable action) {
        posted.add(new Entry(timeNs, action, null));
        LockSupport.unpark(runner);
    }

    /** Runs on the calling thread until {@link #stop()}. */
    public void run() {
        runner = Thread.currentThread();
        while (!stopped) {
            for (Entry entry = posted.poll(); entry != null; entry = posted.poll()) {
                add(entry);
            }
            Entry next = due.peek();
            long waitNs = next == null ? FOREVER_NS : next.timeNs - clockNs();
            if (waitNs <= 0) {
                due.poll();
                fire(next);
            } else if (waitNs <= AWAKE_NS) {
                Thread.onSpinWait();
            } else if (posted.isEmpty()) {
                sleep(next == null ? FOREVER_NS : waitNs - AWAKE_NS);
            }
        }
    }

    private void sleep(long ns) {
        if (ns == FOREVER_NS) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, ns);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("interrupted at " + clockNs() + " ns");
        }
    }

    private void fire(Entry entry) {
        if (entry.alarm != null) {
            if (entry.alarm.armedFor != entry) {
                return;
            }
            entry.alarm.armedFor = null;
            lateness.add(Math.max(0, clockNs() - entry.timeNs));
        }
        nowNs = Math.max(nowNs, entry.timeNs);
        dueNs = entry.alarm == null ? Math.max(nowNs, clockNs()) : nowNs;
        entry.action.run();
    }

    private void add(Entry entry) {
        entry.order = sequence++;
        due.add(entry);
    }

    /** Ends the run once the current callback returns. */
    public void stop() {
        stopped = true;
    }

    /** By how much timers fired late, ns. */
    public SampleCollector lateness() {
        return lateness;
    }
}
