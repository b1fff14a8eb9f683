package sandglass.des;

import sandglass.platform.Timeline;
import sandglass.platform.Timer;
import umontreal.ssj.simevents.Event;
import umontreal.ssj.simevents.Simulator;

/**
 * Virtual time: a {@link Timeline} on an SSJ {@link Simulator} of its own. Not safe for use by several threads; any
 * number of timelines may run side by side.
 *
 * <p>SSJ's clock is a double, which is exact for integers up to {@value #LATEST_NS} ns (104 days); later times are
 * refused. A {@link Timer} of this timeline is one reusable SSJ event, so a run in a steady state allocates nothing.
 */
public final class SsjTimeline implements Timeline {

    /** The last nanosecond before which every nanosecond has its own double: 2^53. */
    public static final long LATEST_NS = 1L << 53;

    private final QuaternaryEventList pending = new QuaternaryEventList();
    private final Simulator simulator = new Simulator(pending);
    private final Event horizon = new Horizon(simulator);
    private long eventCount;

    @Override
    public long nowNs() {
        return (long) simulator.time();
    }

    @Override
    public Timer timer(Runnable action) {
        if (action == null) {
            throw new NullPointerException("a timer needs an action");
        }
        return new SsjTimer(action);
    }

    /** Runs until no timer is armed or {@link #stop} is called. Returns at once if none is armed. */
    public void run() {
        if (simulator.isSimulating()) {
            throw new IllegalStateException("run called by an action at " + nowNs() + " ns: the timeline is running");
        }
        if (!pending.isEmpty()) {
            simulator.start();
        }
    }

    /**
     * Runs everything due up to and including {@code timeNs} and leaves the clock there, unless {@link #stop} is called
     * before. What is due later stays armed.
     *
     * @throws IllegalArgumentException if the time lies in the past or beyond {@link #LATEST_NS}
     */
    public void runUntil(long timeNs) {
        checkTime(timeNs);
        if (simulator.isSimulating()) {
            throw new IllegalStateException("runUntil called by an action at " + nowNs() + " ns: the timeline is running");
        }
        horizon.schedule(timeNs - nowNs());
        try {
            simulator.start();
        } finally {
            horizon.cancel();
        }
    }

    /** Ends the run once the current action returns. What is armed stays armed, and another run continues from here. */
    public void stop() {
        simulator.stop();
    }

    /** How many timers have fired so far. */
    public long eventCount() {
        return eventCount;
    }

    /** How many timers are armed. */
    public int armedTimers() {
        return pending.size();
    }

    private void checkTime(long timeNs) {
        long nowNs = nowNs();
        if (timeNs < nowNs || timeNs > LATEST_NS) {
            throw new IllegalArgumentException(
                "at " + nowNs + " ns, a time must lie between now and 2^53 ns, where the clock stays exact: " + timeNs);
        }
    }

    /** Stops the run after everything else due at its time: SSJ runs the highest priority value last. */
    private static final class Horizon extends Event {

        Horizon(Simulator simulator) {
            super(simulator);
            setPriority(Double.POSITIVE_INFINITY);
        }

        @Override
        public void actions() {
            sim.stop();
        }
    }

    /** The event behind one timer. */
    private final class Alarm extends Event {

        private final Runnable action;

        Alarm(Runnable action) {
            super(simulator);
            this.action = action;
        }

        boolean armed() {
            return eventTime >= 0;
        }

        void moveTo(long timeNs) {
            boolean wasArmed = armed();
            eventTime = timeNs;
            if (wasArmed) {
                pending.moved(this);
            } else {
                pending.add(this);
            }
        }

        @Override
        public void actions() {
            eventCount++;
            action.run();
        }
    }

    /** Keeps SSJ's methods, one of which clashes with {@link Timer#cancel}, out of the caller's sight. */
    private final class SsjTimer implements Timer {

        private final Alarm alarm;

        SsjTimer(Runnable action) {
            alarm = new Alarm(action);
        }

        @Override
        public void at(long timeNs) {
            checkTime(timeNs);
            alarm.moveTo(timeNs);
        }

        @Override
        public void cancel() {
            alarm.cancel();
        }

        @Override
        public boolean armed() {
            return alarm.armed();
        }

        @Override
        public String toString() {
            return armed() ? "timer at " + (long) alarm.time() + " ns" : "idle timer";
        }
    }
}
