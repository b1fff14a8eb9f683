/**
 * The control plane and its ports. It takes invocations, asks policies and drives sandboxes over two ports:
 * {@link sandglass.platform.Timeline} (what time is it, call me then) and {@link sandglass.platform.SandboxRuntime}
 * (start, run, recycle, evict). The simulator and the probe share it. May not live here: costs, the event engine,
 * native calls.
 *
 * <h2>Pools</h2>
 * A pool holds the idle sandboxes that may serve the same invocations. On a stack that is not interchangeable there is
 * one for each owner: a function or, if the scope says so, the functions of one app and runtime. On an interchangeable
 * stack there is one for each runtime; its sandboxes are unassigned, and READY assigns them. Only if such a stack keeps
 * used sandboxes as they are does each owner have a pool beside it, to which a sandbox moves when the owner takes it.
 *
 * <p>A scenario that starts from a pool has every pool (the owners' on an interchangeable stack apart) hold at least
 * {@code prewarm} sandboxes, or as many as the load asks for at once if that is left at zero. They are made before the
 * load's time zero, to which arrivals, warm-up and duration refer. A pool makes a new one whenever fewer belong to it,
 * that is when one is destroyed or moves to an owner. A scenario that creates on demand holds none.
 *
 * <h2>An arrival</h2>
 * is served by an idle sandbox of its owner that the reuse policy chooses; else by an unassigned one of its runtime;
 * else it takes over the oldest sandbox that is being made for nobody, and waits for the rest of its start; else one is
 * made for it, which no other invocation can take. In the last two cases it counts as cold. At the limit, or if the
 * host refuses for lack of memory, an idle sandbox of another owner is evicted first, in the order of the eviction
 * policy; if there is none, the invocation is rejected or queues, as the policy says. What no empty host has room for
 * is rejected. While others queue nobody who would need a new sandbox overtakes them.
 *
 * <p>A ready sandbox serves only what its runtime admits: the memory that the invocation may take and write is set aside
 * before it begins, so that nothing runs out of memory half-way. What is not admitted leaves the sandbox idle and waits
 * for memory exactly as after a refused start: an idle sandbox, any but the one that is to serve, is evicted, or the
 * invocation queues or is rejected. Nobody overtakes who waits so in the same pool, and whom an otherwise empty host has
 * no memory for is rejected. A sandbox that is waited for so is not let go by a keep-alive of no time.
 *
 * <h2>After an invocation</h2>
 * <ul>
 * <li>KEEP: the sandbox stays assigned and idle for its owner.</li>
 * <li>RESTORE: it is recycled and is unassigned again. One that keep-alive would let go at once is not recycled
 * first.</li>
 * <li>REPLACE: it is evicted. (A population keeps it, since populations are about what is kept.)</li>
 * </ul>
 * A sandbox that could be idle first serves who has queued longest among those it can serve; if others queue, it is
 * evicted to make room for them.
 *
 * <h2>Keep-alive</h2>
 * is decided anew each time a sandbox becomes idle, for a half-open window: an invocation at the very time of expiry
 * comes too late. It governs sandboxes that have served since they were made or recycled, and unused ones that a pool
 * holds beyond its floor. At the end of its window such a sandbox is evicted: at that time if expiry is exact, at the
 * next arrival of any function if it is lazy. A histogram may have it leave at once and bring one back later, unless
 * somebody calls before; then nothing is brought back. Pauses are those of a whole pool: from the end of its last
 * invocation under way to the next arrival.
 *
 * <h2>The measured time</h2>
 * lasts from the end of the warm-up to the horizon: the scenario's duration or, without one, the time when the load is
 * exhausted, the last invocation is done and the last sandbox recycled (if work is cut off at the horizon: when the
 * load is exhausted). Sandboxes are averaged over it; phases and lifespans count if they end in it; invocations count
 * if they arrive in it, and if they are not done by its end they are finished and counted, or cut off and not counted,
 * as the policy says. So are all their mode switches, before it or after: how many there are hangs on no time.
 * Starts of sandboxes that nobody waited for are no cold starts. After the horizon pools are not
 * refilled; with the last invocation all sandboxes are evicted, which is no lifespan.
 *
 * <h2>Asserted in every run</h2>
 * At the end of the warm-up, at the horizon and at the end: arrivals = done + waiting + running + rejected. At the end:
 * Little's law on the sample path, to the nanosecond, and nothing left alive. In virtual time, for every verb: the
 * phases reported fill it; for every sandbox: phases and idle times fill its life.
 */
package sandglass.platform;
