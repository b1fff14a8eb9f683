package sandglass.platform;

import sandglass.scenario.Load;
import sandglass.scenario.Streams;
import sandglass.scenario.Uniforms;

/**
 * Clients that send, wait for the answer, think and send again. The k-th invocation of all is of function k modulo the
 * number of functions. Each client thinks by a stream of its own, so that its k-th thought is the same whatever the
 * others do.
 */
final class ClosedLoad implements LoadDriver {

    private static final long ROUNDS_AT_ONE_TIME = 100_000;

    private final Load.Closed load;
    private final Platform platform;
    private final Timeline timeline;
    private final Timer[] timers;
    private final Uniforms[] thoughts;
    private final int functions;
    private final long most;
    private long sent;
    private long sentAtThisTime;
    private long lastNs = -1;
    private boolean stopped;

    /** @param most how many invocations may be sent in all */
    ClosedLoad(Load.Closed load, int functions, Platform platform, Timeline timeline, Streams streams, long most) {
        this.load = load;
        this.functions = functions;
        this.platform = platform;
        this.timeline = timeline;
        this.most = most;
        this.timers = new Timer[load.clients()];
        this.thoughts = new Uniforms[load.clients()];
        for (int i = 0; i < timers.length; i++) {
            int client = i;
            timers[i] = timeline.timer(() -> send(client));
            thoughts[i] = streams.named("think." + i);
        }
    }

    @Override
    public void begin() {
        for (int client = 0; client < timers.length && !stopped; client++) {
            send(client);
        }
    }

    private void send(int client) {
        if (stopped) {
            return;
        }
        checkTimePasses();
        int function = (int) (sent++ % functions);
        boolean last = sent == most;
        stopped = last;
        platform.arrive(function, -1, client);
        if (last) {
            platform.exhausted();
        }
    }

    private void checkTimePasses() {
        long nowNs = timeline.nowNs();
        sentAtThisTime = nowNs == lastNs ? sentAtThisTime + 1 : 0;
        lastNs = nowNs;
        if (sentAtThisTime > ROUNDS_AT_ONE_TIME * timers.length) {
            throw new IllegalStateException("closed load: " + sentAtThisTime + " invocations were sent at " + nowNs
                + " ns; give the function a service time or the clients a time to think");
        }
    }

    @Override
    public void answered(int client, boolean done) {
        if (stopped) {
            return;
        }
        long thinkNs = Math.round(load.thinkNs().quantile(thoughts[client].next()));
        if (thinkNs > 0) {
            timers[client].at(timeline.nowNs() + thinkNs);
        } else if (done) {
            send(client);
        } else {
            platform.warn("a client without time to think was rejected and gave up: it would ask for ever at the same time");
        }
    }

    @Override
    public void stop() {
        stopped = true;
        for (Timer timer : timers) {
            timer.cancel();
        }
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
