package sandglass.des;

import sandglass.platform.Timeline;
import sandglass.platform.Timer;

/**
 * A virtual CPU: a core to its guest, a job without end to its host. Its clock and its timer stand still while the host
 * runs something else. It halts, and leaves the host's queue, while its guest has nothing to run.
 */
final class Vcpu implements CoreSupply, Job.Watcher {

    private final Timeline timeline;
    private final QuantumScheduler host;
    private final Job job;
    private PausedTimer timer;
    private boolean running;
    private long ranNs;
    private long placedNs;

    Vcpu(Timeline timeline, QuantumScheduler host) {
        this.timeline = timeline;
        this.host = host;
        job = new Job(() -> {
            throw new IllegalStateException("a virtual CPU has no end of its own");
        }, this);
    }

    @Override
    public long ranNs() {
        return running ? ranNs + timeline.nowNs() - placedNs : ranNs;
    }

    @Override
    public Timer timer(Runnable action) {
        if (timer != null) {
            throw new IllegalStateException("a virtual CPU has one timer");
        }
        timer = new PausedTimer(action);
        return timer;
    }

    @Override
    public void wanted() {
        host.start(job, QuantumScheduler.ENDLESS_NS);
    }

    @Override
    public void unwanted() {
        host.remove(job);
    }

    @Override
    public void placed() {
        running = true;
        placedNs = timeline.nowNs();
        timer.resume();
    }

    @Override
    public void displaced() {
        ranNs = ranNs();
        running = false;
        timer.pause();
    }

    @Override
    public boolean due() {
        return timer.armed && timer.dueNs == ranNs();
    }

    /** A timer on the time that the virtual CPU has run. */
    private final class PausedTimer implements Timer {

        private final Runnable action;
        private final Timer underlying = timeline.timer(this::fire);
        private boolean armed;
        private long dueNs;

        PausedTimer(Runnable action) {
            this.action = action;
        }

        @Override
        public void at(long timeNs) {
            if (timeNs < ranNs()) {
                throw new IllegalArgumentException(
                    "a virtual CPU that ran " + ranNs() + " ns cannot be woken at " + timeNs + " ns of running");
            }
            armed = true;
            dueNs = timeNs;
            if (running) {
                resume();
            }
        }

        @Override
        public void cancel() {
            armed = false;
            underlying.cancel();
        }

        @Override
        public boolean armed() {
            return armed;
        }

        void resume() {
            if (armed) {
                underlying.at(timeline.nowNs() + dueNs - ranNs());
            }
        }

        void pause() {
            underlying.cancel();
        }

        private void fire() {
            armed = false;
            action.run();
        }
    }
}
