package sandglass.platform;

import java.util.Arrays;
import java.util.function.Consumer;
import sandglass.scenario.Policies;

/** All idle sandboxes of the host: lets them expire, and says which of them serves and which makes room. */
final class IdleSandboxes {

    private final Timeline timeline;
    private final ReusePolicy reuse;
    private final EvictionPolicy eviction;
    private final boolean exact;
    private final boolean byCreation;
    private final Consumer<Sandbox> expired;
    private Sandbox[] all = new Sandbox[16];
    private int count;
    private long sequence;
    private double clock;
    private long earliestExpiryNs = Sandbox.NEVER;

    /** @param expired told of each sandbox whose time is over; it is still idle then */
    IdleSandboxes(Timeline timeline, PolicySet policies, Policies.Expiry expiry, Consumer<Sandbox> expired) {
        this.timeline = timeline;
        this.reuse = policies.reuse();
        this.eviction = policies.eviction();
        this.exact = expiry == Policies.Expiry.EXACT;
        this.byCreation = reuse.order() == ReusePolicy.Order.CREATED;
        this.expired = expired;
    }

    int count() {
        return count;
    }

    /** Any of them; there must be one. */
    Sandbox any() {
        return all[count - 1];
    }

    /** Adds a sandbox that stays for {@code keepNs} if nobody calls. */
    void add(Sandbox sandbox, long nowNs, long keepNs) {
        sandbox.state = Sandbox.State.IDLE;
        sandbox.sinceNs = nowNs;
        sandbox.order = byCreation ? sandbox.id() : sequence++;
        sandbox.clockAtIdle = clock;
        sandbox.usesAtIdle = sandbox.pool.uses;
        sandbox.pool.addIdle(sandbox);
        if (count == all.length) {
            all = Arrays.copyOf(all, 2 * count);
        }
        sandbox.idleIndex = count;
        all[count++] = sandbox;
        expireAt(sandbox, keepNs < Sandbox.NEVER - nowNs ? nowNs + keepNs : Sandbox.NEVER);
    }

    void remove(Sandbox sandbox, long nowNs) {
        sandbox.pool.removeIdle(sandbox);
        Sandbox moved = all[--count];
        all[count] = null;
        if (moved != sandbox) {
            all[sandbox.idleIndex] = moved;
            moved.idleIndex = sandbox.idleIndex;
        }
        sandbox.idleIndex = -1;
        sandbox.idleNs += nowNs - sandbox.sinceNs;
        sandbox.sinceNs = nowNs;
    }

    /** Lets an idle sandbox stay for ever. */
    void keep(Sandbox sandbox) {
        sandbox.expiryNs = Sandbox.NEVER;
    }

    /** The sandbox of a pool that serves next, or null; one that expires at this very time does not serve. */
    Sandbox choose(Pool pool, long nowNs) {
        while (pool.idleCount() > 0) {
            Sandbox chosen = pool.idleAt(reuse.choose(pool.idleCount()));
            if (chosen.expiryNs > nowNs) {
                return chosen;
            }
            expired.accept(chosen);
        }
        return null;
    }

    /**
     * The sandbox that makes room, which raises the clock to its rank; there must be one.
     *
     * @param spared the one that the room is for, or null
     */
    Sandbox victim(SandboxRuntime runtime, Sandbox spared) {
        Sandbox lowest = null;
        double lowestRank = 0;
        for (int i = 0; i < count; i++) {
            Sandbox sandbox = all[i];
            if (sandbox == spared) {
                continue;
            }
            double rank = eviction.rank(sandbox.sinceNs, sandbox.clockAtIdle, sandbox.usesAtIdle, sandbox.startNs(),
                runtime.sizeBytes(sandbox));
            if (lowest == null || rank < lowestRank || rank == lowestRank && sandbox.id() < lowest.id()) {
                lowest = sandbox;
                lowestRank = rank;
            }
        }
        clock = Math.max(clock, lowestRank);
        return lowest;
    }

    /** Under lazy expiry: looks for those whose time is over. */
    void look(long nowNs) {
        if (nowNs < earliestExpiryNs || exact) {
            return;
        }
        earliestExpiryNs = Sandbox.NEVER;
        for (int i = count - 1; i >= 0; i--) {
            if (all[i].expiryNs <= nowNs) {
                expired.accept(all[i]);
            }
        }
        for (int i = 0; i < count; i++) {
            earliestExpiryNs = Math.min(earliestExpiryNs, all[i].expiryNs);
        }
    }

    /**
     * A timer that is armed for an earlier time stays so: most sandboxes are used again before, and it costs nothing
     * then.
     */
    private void expireAt(Sandbox sandbox, long timeNs) {
        sandbox.expiryNs = timeNs;
        if (timeNs == Sandbox.NEVER) {
            return;
        }
        if (!exact) {
            earliestExpiryNs = Math.min(earliestExpiryNs, timeNs);
            return;
        }
        if (sandbox.expiry == null) {
            sandbox.expiry = timeline.timer(() -> fired(sandbox));
        }
        if (!sandbox.expiry.armed() || sandbox.armedForNs > timeNs) {
            arm(sandbox);
        }
    }

    private void arm(Sandbox sandbox) {
        sandbox.armedForNs = sandbox.expiryNs;
        sandbox.expiry.at(sandbox.expiryNs);
    }

    private void fired(Sandbox sandbox) {
        if (sandbox.state != Sandbox.State.IDLE || sandbox.expiryNs == Sandbox.NEVER) {
            return;
        }
        if (timeline.nowNs() < sandbox.expiryNs) {
            arm(sandbox);
        } else {
            expired.accept(sandbox);
        }
    }
}
