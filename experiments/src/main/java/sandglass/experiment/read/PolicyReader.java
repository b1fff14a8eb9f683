package sandglass.experiment.read;

import sandglass.scenario.Policies;
import sandglass.scenario.Policies.KeepAlive;
import sandglass.scenario.Policies.Notification;
import sandglass.scenario.Policies.Sharing;

/** Reads the control plane's decisions; every key has a default, stated here. */
final class PolicyReader {

    private static final long TEN_MINUTES_NS = 600_000_000_000L;

    private static final Variants<KeepAlive> KEEP_ALIVE = new Variants<KeepAlive>()
            .word("none", new KeepAlive.None())
            .word("forever", new KeepAlive.Forever())
            .word("greedy-dual", new KeepAlive.GreedyDual())
            .key("ttl", f -> {
                Long ttlNs = f.required("ttl", Node::durationNs);
                boolean renew = f.optional("renew", Node::flag, true);
                return () -> new KeepAlive.Ttl(ttlNs, renew);
            })
            .only("histogram", n -> n.record(f -> {
                Long rangeNs = f.required("range", Node::durationNs);
                Double head = f.required("head", Node::share);
                Double tail = f.required("tail", Node::share);
                return () -> new KeepAlive.Histogram(rangeNs, head, tail);
            }));

    private static final Variants<Sharing> SHARING = new Variants<Sharing>()
            .word("none", new Sharing.None())
            .word("by-construction", new Sharing.ByConstruction())
            .only("ksm", n -> n.record(f -> {
                Integer pagesToScan = f.required("pages-to-scan", p -> p.count(1));
                Long sleepNs = f.required("sleep", Node::durationNs);
                return () -> new Sharing.Ksm(pagesToScan, sleepNs);
            }));

    private static final Variants<Notification> NOTIFICATION = new Variants<Notification>()
            .word("interrupt", new Notification.Interrupt())
            .only("polling", n -> n.record(f -> {
                Long intervalNs = f.required("interval", Node::durationNs);
                return () -> new Notification.Polling(intervalNs);
            }));

    private static final Variants<Integer> PREWARM = new Variants<Integer>().word("none", 0).only("pool", n -> n.count(0));

    private PolicyReader() {}

    /** What holds where an experiment says nothing. */
    static Policies defaults() {
        return new Policies(new KeepAlive.Ttl(TEN_MINUTES_NS, true), Policies.Reuse.NEWEST, 0, Policies.ColdService.ADDS,
                Policies.Scope.FUNCTION, Integer.MAX_VALUE, Policies.AtLimit.QUEUE, Policies.Expiry.EXACT, new Sharing.ByConstruction(),
                new Notification.Interrupt());
    }

    static Policies read(Node node) {
        Policies otherwise = defaults();
        return node.record(f -> {
            KeepAlive keepAlive = f.optional("keep-alive", KEEP_ALIVE::read, otherwise.keepAlive());
            Policies.Reuse reuse = f.optional("reuse", n -> n.choice(Policies.Reuse.class), otherwise.reuse());
            int prewarm = f.optional("prewarm", PREWARM::read, otherwise.prewarm());
            Policies.ColdService coldService = f.optional("cold-service", n -> n.choice(Policies.ColdService.class), otherwise.coldService());
            Policies.Scope scope = f.optional("scope", n -> n.choice(Policies.Scope.class), otherwise.scope());
            int limit = f.optional("limit", n -> limit(n, prewarm), otherwise.limit());
            Policies.AtLimit atLimit = f.optional("at-limit", n -> n.choice(Policies.AtLimit.class), otherwise.atLimit());
            Policies.Expiry expiry = f.optional("expiry", n -> n.choice(Policies.Expiry.class), otherwise.expiry());
            Sharing sharing = f.optional("sharing", SHARING::read, otherwise.sharing());
            Notification notification = f.optional("notification", NOTIFICATION::read, otherwise.notification());
            Policies.AtHorizon atHorizon = f.optional("at-horizon", n -> n.choice(Policies.AtHorizon.class), otherwise.atHorizon());
            return () -> new Policies(keepAlive, reuse, prewarm, coldService, scope, limit, atLimit, expiry, sharing, notification, atHorizon);
        });
    }

    private static int limit(Node node, int prewarm) {
        if ("pool".equals(node.word())) {
            if (prewarm == 0) {
                node.problem("'pool' is the size of the pool, but prewarm has none");
            }
            return Math.max(1, prewarm);
        }
        return "none".equals(node.word()) ? Integer.MAX_VALUE : node.count(1);
    }
}
