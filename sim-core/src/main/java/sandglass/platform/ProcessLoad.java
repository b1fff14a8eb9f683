package sandglass.platform;

import sandglass.scenario.ArrivalProcess;

/** Arrivals that do not look at what happens to them: an open load, a burst, a trace. */
final class ProcessLoad implements LoadDriver {

    private final ArrivalProcess process;
    private final Platform platform;
    private final Timeline timeline;
    private final Timer timer;
    private final long most;
    private final long durationNs;
    private long arrived;
    private long originNs;

    /**
     * @param most how many may arrive
     * @param durationNs arrivals at or after this time since the beginning are left out
     */
    ProcessLoad(ArrivalProcess process, Platform platform, Timeline timeline, long most, long durationNs) {
        this.process = process;
        this.platform = platform;
        this.timeline = timeline;
        this.timer = timeline.timer(this::arrive);
        this.most = most;
        this.durationNs = durationNs;
    }

    @Override
    public void begin() {
        originNs = timeline.nowNs();
        if (next()) {
            timer.at(originNs + process.timeNs());
        } else {
            platform.exhausted();
        }
    }

    private boolean next() {
        return arrived < most && process.advance() && process.timeNs() < durationNs;
    }

    /** All that is due now arrives now. */
    private void arrive() {
        long nowNs = timeline.nowNs();
        long nextNs;
        do {
            arrived++;
            platform.arrive(process.function(), process.serviceNs(), -1);
            if (!next()) {
                platform.exhausted();
                return;
            }
            nextNs = originNs + process.timeNs();
        } while (nextNs <= nowNs);
        timer.at(nextNs);
    }

    @Override
    public void stop() {
        timer.cancel();
    }

    @Override
    public void answered(int client, boolean done) {
        // Nobody waits for the answer.
    }

    @Override
    public void idle(Sandbox sandbox) {
        // The load does not look at sandboxes.
    }

    @Override
    public void refused() {
        // The load asks for no sandboxes.
    }
}
