package sandglass.platform;

import java.util.Objects;

/** The decisions of one run. */
public record PolicySet(KeepAlivePolicy keepAlive, PrewarmPolicy prewarm, PlacementPolicy placement, ReusePolicy reuse,
        EvictionPolicy eviction) {
    public PolicySet {
        Objects.requireNonNull(keepAlive);
        Objects.requireNonNull(prewarm);
        Objects.requireNonNull(placement);
        Objects.requireNonNull(reuse);
        Objects.requireNonNull(eviction);
    }
}
