package sandglass.platform;

import sandglass.scenario.Load;

/**
 * Makes sandboxes one after the other: the i-th for function i modulo the number of functions. Each serves its
 * invocations before the next is made. Ends early where the limit or the host's memory is reached. Its policies keep
 * every sandbox and reuse the newest, which is the one just made.
 */
final class PopulationLoad implements LoadDriver {

    private final Load.Population load;
    private final Platform platform;
    private final Timeline timeline;
    private final Timer next;
    private final int functions;
    private int made;
    private int served;
    private boolean stopped;

    PopulationLoad(Load.Population load, int functions, Platform platform, Timeline timeline) {
        this.load = load;
        this.functions = functions;
        this.platform = platform;
        this.timeline = timeline;
        this.next = timeline.timer(this::next);
    }

    @Override
    public void begin() {
        next.at(timeline.nowNs());
    }

    private void next() {
        boolean more = made > 0 && served < load.invocationsEach();
        if (more) {
            served++;
            platform.arrive(function(), -1, -1);
            return;
        }
        if (made == load.sandboxes()) {
            end();
            return;
        }
        made++;
        served = Math.min(1, load.invocationsEach());
        if (load.invocationsEach() == 0) {
            if (!platform.make(function()) && !stopped) {
                full();
            }
        } else {
            platform.arriveAtNew(function());
        }
    }

    private int function() {
        return (made - 1) % functions;
    }

    private void end() {
        stopped = true;
        platform.exhausted();
    }

    @Override
    public void idle(Sandbox sandbox) {
        if (!stopped) {
            next.at(timeline.nowNs());
        }
    }

    @Override
    public void answered(int client, boolean done) {
        if (!done && !stopped) {
            full();
        }
    }

    @Override
    public void refused() {
        if (!stopped) {
            full();
        }
    }

    private void full() {
        platform.warn("the host was full after " + (made - 1) + " of " + load.sandboxes() + " sandboxes");
        end();
    }

    @Override
    public void stop() {
        stopped = true;
        next.cancel();
    }
}
