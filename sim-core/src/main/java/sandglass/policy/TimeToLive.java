package sandglass.policy;

import sandglass.platform.IdleTimes;
import sandglass.platform.KeepAlivePolicy;

/** Keeps a sandbox for a fixed time, counted from when it became idle or, unrenewed, from when it was first ready. */
final class TimeToLive implements KeepAlivePolicy {

    private final Window whole;
    private final boolean renew;

    TimeToLive(long ttlNs, boolean renew) {
        this.whole = Window.keep(ttlNs);
        this.renew = renew;
    }

    @Override
    public Window window(long nowNs, long readyNs, IdleTimes idleTimes) {
        return renew ? whole : Window.keep(Math.max(0, whole.keepNs() - (nowNs - readyNs)));
    }
}
