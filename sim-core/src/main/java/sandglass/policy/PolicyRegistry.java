package sandglass.policy;

import sandglass.platform.EvictionPolicy;
import sandglass.platform.KeepAlivePolicy;
import sandglass.platform.KeepAlivePolicy.Window;
import sandglass.platform.PlacementPolicy.Placement;
import sandglass.platform.PolicySet;
import sandglass.platform.PrewarmPolicy;
import sandglass.platform.ReusePolicy;
import sandglass.scenario.Load;
import sandglass.scenario.Policies;
import sandglass.scenario.Policies.KeepAlive;
import sandglass.scenario.Scenario;
import sandglass.scenario.Streams;

/** From the policies as data to the objects that decide; a new policy is one class and one line here. */
public final class PolicyRegistry {

    private PolicyRegistry() {}

    /** The decisions of one run; {@code streams} serves those that draw. */
    public static PolicySet policiesOf(Scenario scenario, Streams streams) {
        Policies policies = scenario.policies();
        if (scenario.load() instanceof Load.Population) {
            return new PolicySet(keepAlive(new KeepAlive.Forever()), now -> 0,
                new PopulationPlacement(policies.limit()),
                Reuse.newest(), eviction(policies.keepAlive()));
        }
        return new PolicySet(keepAlive(policies.keepAlive()), prewarm(scenario),
            new LimitPlacement(policies.limit(), atLimit(policies.atLimit())), reuse(policies.reuse(), streams),
            eviction(policies.keepAlive()));
    }

    private static KeepAlivePolicy keepAlive(KeepAlive data) {
        if (data instanceof KeepAlive.None) {
            return new TimeToLive(0, true);
        }
        if (data instanceof KeepAlive.Ttl ttl) {
            return new TimeToLive(ttl.ttlNs(), ttl.renew());
        }
        if (data instanceof KeepAlive.Histogram histogram) {
            return new HybridHistogram(histogram.rangeNs(), histogram.head(), histogram.tail());
        }
        return new TimeToLive(Window.FOREVER, true);
    }

    private static EvictionPolicy eviction(KeepAlive data) {
        return data instanceof KeepAlive.GreedyDual ? new GreedyDual() : (idleSinceNs, clock, uses, startNs,
            sizeBytes) -> idleSinceNs;
    }

    /** Only a pool start holds sandboxes: as many as stated or, if that is left open, as its load asks for at once. */
    private static PrewarmPolicy prewarm(Scenario scenario) {
        int stated = scenario.policies().prewarm();
        int held = switch (scenario.start()) {
            case CREATE -> 0;
            case POOL -> stated > 0 ? stated : atOnce(scenario.load());
        };
        return now -> held;
    }

    private static int atOnce(Load load) {
        if (load instanceof Load.Closed closed) {
            return closed.clients();
        }
        return load instanceof Load.Burst burst ? burst.size() : 1;
    }

    private static Placement atLimit(Policies.AtLimit data) {
        return switch (data) {
            case REJECT -> Placement.REJECT;
            case QUEUE -> Placement.QUEUE;
        };
    }

    private static ReusePolicy reuse(Policies.Reuse data, Streams streams) {
        return switch (data) {
            case NEWEST -> Reuse.newest();
            case OLDEST -> Reuse.oldest();
            case MOST_RECENTLY_USED -> Reuse.mostRecentlyUsed();
            case LEAST_RECENTLY_USED -> Reuse.leastRecentlyUsed();
            case RANDOM -> Reuse.random(streams.named("reuse"));
        };
    }
}
