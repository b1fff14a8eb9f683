package sandglass.policy;

import sandglass.platform.ReusePolicy;
import sandglass.scenario.Uniforms;

/** The five choices of an idle sandbox, side by side. */
final class Reuse {

    private Reuse() {}

    static ReusePolicy newest() {
        return new Last(ReusePolicy.Order.CREATED);
    }

    static ReusePolicy oldest() {
        return new First(ReusePolicy.Order.CREATED);
    }

    static ReusePolicy mostRecentlyUsed() {
        return new Last(ReusePolicy.Order.IDLE_SINCE);
    }

    static ReusePolicy leastRecentlyUsed() {
        return new First(ReusePolicy.Order.IDLE_SINCE);
    }

    static ReusePolicy random(Uniforms draws) {
        return new Any(draws);
    }

    private record First(Order order) implements ReusePolicy {
        @Override
        public int choose(int idle) {
            return 0;
        }
    }

    private record Last(Order order) implements ReusePolicy {
        @Override
        public int choose(int idle) {
            return idle - 1;
        }
    }

    private record Any(Uniforms draws) implements ReusePolicy {
        @Override
        public Order order() {
            return Order.CREATED;
        }

        @Override
        public int choose(int idle) {
            return (int) (draws.next() * idle);
        }
    }
}
