package sandglass.platform;

import java.util.List;
import sandglass.platform.KeepAlivePolicy.Window;
import sandglass.platform.PlacementPolicy.Placement;
import sandglass.scenario.Function;
import sandglass.scenario.Scenario;
import sandglass.scenario.Stack;

/**
 * The sandboxes of the host: which is made, used, kept and evicted when. Callers bring {@link Occupancy} up to date
 * before.
 */
final class Fleet {

    /** After so many failures in a row a pool is given up. */
    private static final int MOST_FAILURES = 5;
    private static final String NEVER_FITS = "an invocation was rejected: even the empty host has no room for a sandbox of its function";

    private final List<Function> functions;
    private final Timeline timeline;
    private final PolicySet policies;
    private final SandboxRuntime runtime;
    private final Occupancy occupancy;
    private final Calls calls;
    private final Pools pools;
    private final Course course;
    private final Warnings warnings;
    private final IdleSandboxes idle;
    private final WaitingLine waiting = new WaitingLine();
    private final Stack.Recycle recycle;
    private long made;
    private int evicting;
    private int recycling;

    Fleet(Scenario scenario, List<Function> functions, Timeline timeline, PolicySet policies, SandboxRuntime runtime,
            Occupancy occupancy, Calls calls, Pools pools, Course course, Warnings warnings) {
        this.functions = functions;
        this.timeline = timeline;
        this.policies = policies;
        this.runtime = runtime;
        this.occupancy = occupancy;
        this.calls = calls;
        this.pools = pools;
        this.course = course;
        this.warnings = warnings;
        this.idle = new IdleSandboxes(timeline, policies, scenario.policies().expiry(), this::expired);
        this.recycle = course.isPopulation() && scenario.stack().recycle() == Stack.Recycle.REPLACE ? Stack.Recycle.KEEP
            : scenario.stack().recycle();
    }

    WaitingLine waiting() {
        return waiting;
    }

    // From arrival to a sandbox.

    /**
     * Serves an invocation by an idle sandbox, by one that is being made for nobody, or as the placement policy says.
     */
    void serve(Invocation invocation, long nowNs) {
        Pool own = pools.own(invocation.function);
        Pool base = pools.base(invocation.function);
        idle.look(nowNs);
        Sandbox sandbox = idleFor(own, base, nowNs);
        if (sandbox != null && own.firstWaiting == null && runtime.admit(sandbox, invocation)) {
            removeIdle(sandbox, nowNs);
            run(sandbox, invocation, nowNs);
        } else if (sandbox != null) {
            lackMemory(sandbox, invocation, false, nowNs);
        } else if (!own.spares.isEmpty()) {
            claim(own.spares.poll(), invocation, own);
        } else if (!base.spares.isEmpty()) {
            claim(base.spares.poll(), invocation, own);
        } else {
            place(invocation, false, nowNs);
        }
    }

    private Sandbox idleFor(Pool own, Pool base, long nowNs) {
        Sandbox sandbox = idle.choose(own, nowNs);
        return sandbox == null && base != own ? idle.choose(base, nowNs) : sandbox;
    }

    /**
     * Finds a way for an invocation that an idle sandbox could serve if the host had the memory; {@code first}: it was
     * the first in line, or none waited.
     */
    private void lackMemory(Sandbox sandbox, Invocation invocation, boolean first, long nowNs) {
        Placement placement = policies.placement().place(occupancy.alive, idle.count() - 1, true);
        boolean roomComes = evicting > waiting.size();
        if (roomComes || placement == Placement.MAKE_ROOM || placement == Placement.QUEUE && occupancy.alive > 1) {
            enqueue(invocation, first);
            if (!roomComes && placement == Placement.MAKE_ROOM) {
                leaveIdle(idle.victim(runtime, sandbox), nowNs);
            }
        } else {
            if (occupancy.alive == 1) {
                warnings.add(NEVER_FITS);
            }
            reject(invocation, nowNs);
        }
    }

    /** Finds a way for an invocation without a sandbox; {@code again}: the host has just refused one for it. */
    void place(Invocation invocation, boolean again, long nowNs) {
        boolean full = again || !waiting.isEmpty();
        Placement placement = policies.placement().place(occupancy.alive, idle.count(), full);
        if (placement == Placement.START) {
            startFor(invocation, nowNs);
        } else if (evicting > waiting.size()) {
            enqueue(invocation, again);
        } else if (placement == Placement.MAKE_ROOM) {
            enqueue(invocation, again);
            leaveIdle(idle.victim(runtime, null), nowNs);
        } else if (placement == Placement.QUEUE && occupancy.alive > 0) {
            enqueue(invocation, again);
        } else {
            if (occupancy.alive == 0) {
                warnings.add(NEVER_FITS);
            }
            reject(invocation, nowNs);
        }
    }

    private void enqueue(Invocation invocation, boolean first) {
        if (first) {
            waiting.addFirst(invocation, pools.own(invocation.function));
        } else {
            waiting.addLast(invocation, pools.own(invocation.function));
        }
    }

    void reject(Invocation invocation, long nowNs) {
        int client = invocation.client;
        calls.rejected(invocation, nowNs);
        course.load().answered(client, false);
        course.answered();
    }

    private void startFor(Invocation invocation, long nowNs) {
        calls.bind(invocation);
        Sandbox sandbox = create(pools.own(invocation.function), functions.get(invocation.function), nowNs);
        sandbox.invocation = invocation;
        runtime.start(sandbox);
    }

    /** Makes a sandbox that nobody waits for, if there is room. */
    boolean makeSpare(Pool pool, boolean broughtBack, long nowNs) {
        if (!hasRoom()) {
            return false;
        }
        Sandbox sandbox = create(pool, pool.representative, nowNs);
        sandbox.broughtBack = broughtBack;
        pool.spares.add(sandbox);
        runtime.start(sandbox);
        return sandbox.state != Sandbox.State.GONE;
    }

    private boolean hasRoom() {
        return policies.placement().place(occupancy.alive, 0, false) == Placement.START;
    }

    private Sandbox create(Pool pool, Function madeFor, long nowNs) {
        occupancy.born();
        pool.members++;
        return new Sandbox(made++, madeFor, pool, nowNs);
    }

    /** Gives a sandbox that is being made for nobody to an invocation. */
    private void claim(Sandbox spare, Invocation invocation, Pool own) {
        calls.bind(invocation);
        spare.invocation = invocation;
        moveToOwner(spare, own);
    }

    /** A sandbox is ready for the invocation that it was made for, which waits on if the host lacks memory to run it. */
    void serveFirst(Sandbox sandbox, Invocation invocation, long nowNs) {
        if (runtime.admit(sandbox, invocation)) {
            run(sandbox, invocation, nowNs);
        } else {
            sandbox.invocation = null;
            hold(sandbox, nowNs);
            lackMemory(sandbox, invocation, true, nowNs);
            useIdle(nowNs);
        }
    }

    /** Runs an admitted invocation on a sandbox that is ready. */
    private void run(Sandbox sandbox, Invocation invocation, long nowNs) {
        sandbox.state = Sandbox.State.RUNNING;
        sandbox.sinceNs = nowNs;
        sandbox.invocation = invocation;
        occupancy.running++;
        runtime.run(sandbox, invocation);
        moveToOwner(sandbox, pools.own(invocation.function));
    }

    private void moveToOwner(Sandbox sandbox, Pool own) {
        Pool from = sandbox.pool;
        if (from != own) {
            from.members--;
            own.members++;
            sandbox.pool = own;
            refill(from);
        }
    }

    // From the end of one use to the next, or to the end of a sandbox.

    /** What happens to a sandbox that has served. */
    void afterUse(Sandbox sandbox, long nowNs) {
        switch (recycle) {
            case KEEP -> becomeIdle(sandbox, nowNs);
            case REPLACE -> evict(sandbox, nowNs);
            case RESTORE -> restore(sandbox, nowNs);
        }
    }

    /** Spares a sandbox that would leave right after it the trouble of recycling. */
    private void restore(Sandbox sandbox, long nowNs) {
        Window window = policies.keepAlive().window(nowNs, sandbox.readyNs, sandbox.pool.idleTimes);
        if (course.isDraining()) {
            evict(sandbox, nowNs);
        } else if (waiting.isEmpty() && leavesAtOnce(window) && isAboveFloor(sandbox.pool)) {
            leave(sandbox, window, nowNs);
        } else {
            sandbox.state = Sandbox.State.RECYCLING;
            recycling++;
            runtime.recycle(sandbox);
        }
    }

    /** A sandbox is as it was when it was ready. */
    void recycled(Sandbox sandbox, long nowNs) {
        recycling--;
        sandbox.assigned = null;
        becomeIdle(sandbox, nowNs);
    }

    /** Whether no sandbox is being recycled. */
    boolean isClean() {
        return recycling == 0;
    }

    /** A sandbox could serve: who waits is served, or gets its room; else it stays as long as keep-alive says. */
    void becomeIdle(Sandbox sandbox, long nowNs) {
        if (course.isDraining()) {
            evict(sandbox, nowNs);
        } else if (waiting.isEmpty()) {
            stay(sandbox, nowNs);
        } else {
            serveLine(sandbox, nowNs);
        }
    }

    private void serveLine(Sandbox sandbox, long nowNs) {
        Pool served = servedBy(sandbox.pool);
        if (served != null && runtime.admit(sandbox, served.firstWaiting)) {
            run(sandbox, waiting.remove(served), nowNs);
        } else if (waiting.size() > evicting && !serves(sandbox, waiting.first())) {
            evict(sandbox, nowNs);
        } else if (served == null) {
            stay(sandbox, nowNs);
        } else {
            hold(sandbox, nowNs);
        }
        useIdle(nowNs);
    }

    private boolean serves(Sandbox sandbox, Invocation invocation) {
        return sandbox.pool == pools.own(invocation.function) || sandbox.pool == pools.base(invocation.function);
    }

    /** A sandbox stays while somebody waits for the memory to use it, even if keep-alive would let it go at once. */
    private void hold(Sandbox sandbox, long nowNs) {
        Window window = policies.keepAlive().window(nowNs, sandbox.readyNs, sandbox.pool.idleTimes);
        sandbox.broughtBack = false;
        occupancy.idle++;
        idle.add(sandbox, nowNs, leavesAtOnce(window) ? Sandbox.NEVER : window.keepNs());
    }

    /** Lets idle sandboxes serve who waits, or make room for them. */
    void useIdle(long nowNs) {
        if (firstWantsNew(nowNs)) {
            makeRoomForFirst(nowNs);
        }
    }

    /** Lets idle sandboxes serve the first in line while there is memory; whether the first that is left has none. */
    private boolean firstWantsNew(long nowNs) {
        while (!waiting.isEmpty()) {
            Invocation first = waiting.first();
            Pool own = pools.own(first.function);
            Sandbox sandbox = idleFor(own, pools.base(first.function), nowNs);
            if (sandbox == null) {
                return true;
            } else if (runtime.admit(sandbox, first)) {
                removeIdle(sandbox, nowNs);
                run(sandbox, waiting.remove(own), nowNs);
            } else if (occupancy.alive == 1) {
                warnings.add(NEVER_FITS);
                reject(waiting.remove(own), nowNs);
            } else {
                if (waiting.size() > evicting && idle.count() > 1) {
                    leaveIdle(idle.victim(runtime, sandbox), nowNs);
                }
                return false;
            }
        }
        return false;
    }

    private void makeRoomForFirst(long nowNs) {
        if (waiting.size() > evicting && idle.count() > 0) {
            leaveIdle(idle.victim(runtime, null), nowNs);
        }
    }

    private void stay(Sandbox sandbox, long nowNs) {
        Pool pool = sandbox.pool;
        Window window = sandbox.broughtBack ? Window.keep(pool.reloadKeepNs)
            : policies.keepAlive().window(nowNs, sandbox.readyNs, pool.idleTimes);
        sandbox.broughtBack = false;
        if (leavesAtOnce(window) && mayLeave(sandbox)) {
            leave(sandbox, window, nowNs);
        } else {
            occupancy.idle++;
            idle.add(sandbox, nowNs, window.awayNs() + window.keepNs());
        }
        course.load().idle(sandbox);
    }

    /** The pool of the longest waiting invocation that a sandbox of this pool can serve, or null. */
    private Pool servedBy(Pool pool) {
        if (pool.firstWaiting != null) {
            return pool;
        }
        for (Invocation one = waiting.first(); one != null; one = one.next) {
            if (pools.base(one.function) == pool) {
                return pools.own(one.function);
            }
        }
        return null;
    }

    private static boolean leavesAtOnce(Window window) {
        return window.keepNs() == 0 || window.awayNs() > 0;
    }

    /** Keep-alive is for sandboxes that have served, and for unused ones that a pool need not hold. */
    private boolean mayLeave(Sandbox sandbox) {
        return sandbox.assigned != null || isAboveFloor(sandbox.pool);
    }

    private boolean isAboveFloor(Pool pool) {
        return !pool.prewarmed || pool.members > policies.prewarm().floor(timeline.nowNs());
    }

    private void leave(Sandbox sandbox, Window window, long nowNs) {
        if (window.awayNs() > 0 && course.isOpen()) {
            Pool pool = sandbox.pool;
            if (pool.reload == null) {
                pool.reload = timeline.timer(() -> bringBack(pool));
            }
            pool.reloadKeepNs = window.keepNs();
            pool.reload.at(nowNs + window.awayNs());
        }
        evict(sandbox, nowNs);
    }

    private void bringBack(Pool pool) {
        long nowNs = timeline.nowNs();
        occupancy.advance(nowNs);
        if (course.isOpen() && waiting.isEmpty() && pool.members == 0) {
            makeSpare(pool, true, nowNs);
        }
    }

    /** The time of an idle sandbox is over. */
    private void expired(Sandbox sandbox) {
        long nowNs = timeline.nowNs();
        occupancy.advance(nowNs);
        if (mayLeave(sandbox)) {
            leaveIdle(sandbox, nowNs);
        } else {
            idle.keep(sandbox);
        }
    }

    private void leaveIdle(Sandbox sandbox, long nowNs) {
        removeIdle(sandbox, nowNs);
        evict(sandbox, nowNs);
    }

    private void removeIdle(Sandbox sandbox, long nowNs) {
        idle.remove(sandbox, nowNs);
        occupancy.idle--;
    }

    private void evict(Sandbox sandbox, long nowNs) {
        sandbox.state = Sandbox.State.EVICTING;
        sandbox.sinceNs = nowNs;
        leavePool(sandbox);
        evicting++;
        runtime.evict(sandbox);
    }

    /** A sandbox that was ready leaves its pool; the pool forgets its uses with the last of them. */
    private static void leavePool(Sandbox sandbox) {
        Pool pool = sandbox.pool;
        pool.members--;
        if (pool.members == 0) {
            pool.uses = 0;
        }
        if (sandbox.expiry != null) {
            sandbox.expiry.cancel();
        }
    }

    /** A sandbox being made will never be. */
    void discard(Sandbox sandbox) {
        sandbox.pool.spares.remove(sandbox);
        sandbox.pool.members--;
        sandbox.state = Sandbox.State.GONE;
        occupancy.alive--;
    }

    /** A sandbox has died, whatever it was doing. */
    void bury(Sandbox sandbox, long nowNs) {
        switch (sandbox.state) {
            case STARTING -> {
                discard(sandbox);
                return;
            }
            case IDLE -> removeIdle(sandbox, nowNs);
            case RUNNING -> occupancy.running--;
            case RECYCLING -> recycling--;
            case EVICTING -> evicting--;
            case GONE -> throw new IllegalStateException(sandbox + " cannot die twice");
        }
        if (sandbox.state != Sandbox.State.EVICTING) {
            leavePool(sandbox);
        }
        sandbox.state = Sandbox.State.GONE;
        occupancy.alive--;
    }

    /** There may be room: first those who wait may use it, then the pool. */
    void useRoom(Pool pool, long nowNs) {
        boolean wantsNew = firstWantsNew(nowNs);
        while (wantsNew && hasRoom()) {
            Invocation first = waiting.first();
            startFor(waiting.remove(pools.own(first.function)), nowNs);
            if (waiting.first() == first) {
                break;
            }
            wantsNew = firstWantsNew(nowNs);
        }
        if (wantsNew && !hasRoom()) {
            makeRoomForFirst(nowNs);
        }
        refill(pool);
    }

    /** Makes the sandboxes that a pool lacks, unless somebody waits for the room. */
    void refill(Pool pool) {
        if (!pool.prewarmed || !course.mayFillPools() || !waiting.isEmpty() || pool.spareFailures >= MOST_FAILURES) {
            return;
        }
        long nowNs = timeline.nowNs();
        int missing = policies.prewarm().floor(nowNs) - pool.members;
        while (missing > 0 && makeSpare(pool, false, nowNs)) {
            missing--;
        }
    }

    // At the end of the run.

    /** Ends the wait of all who wait; nobody is told. */
    void cutWaiting(long nowNs) {
        while (!waiting.isEmpty()) {
            calls.cut(waiting.remove(pools.own(waiting.first().function)), nowNs);
        }
    }

    void evictIdle(long nowNs) {
        for (Pool pool : pools.all()) {
            if (pool.reload != null) {
                pool.reload.cancel();
            }
        }
        while (idle.count() > 0) {
            leaveIdle(idle.any(), nowNs);
        }
    }
}
