package sandglass.platform;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import sandglass.scenario.Function;

/**
 * The sandboxes that are ready for one owner (a function or an app) or, unassigned, for one runtime; and who waits for
 * them.
 */
final class Pool {

    /** What new sandboxes of the pool are made with. */
    final Function representative;
    /** Whether {@link PrewarmPolicy} holds sandboxes in it. */
    final boolean prewarmed;
    final IdleTimes idleTimes;
    /** Sandboxes that are being made for nobody yet, oldest first. */
    final Deque<Sandbox> spares = new ArrayDeque<>();
    /** How many spares in a row could not be made. */
    int spareFailures;
    /** Sandboxes that belong to it, except those being evicted. */
    int members;
    /** Invocations since it was last without a sandbox. */
    long uses;
    /** Invocations under way, and since when there are none; kept only if idle times are recorded. */
    private int busy;
    private long quietSinceNs = -1;
    /**
     * Brings a sandbox back when a call is expected, which then stays for this long; null unless the policy asks for
     * it.
     */
    Timer reload;
    long reloadKeepNs;
    Invocation firstWaiting;
    Invocation lastWaiting;

    private Sandbox[] idle = new Sandbox[4];
    private int idleCount;

    Pool(Function representative, boolean prewarmed, long idleTimesRangeNs) {
        this.representative = representative;
        this.prewarmed = prewarmed;
        this.idleTimes = new IdleTimes(idleTimesRangeNs);
    }

    /** An invocation has arrived; it ends a pause, and what was expected need not be brought back. */
    void busy(long nowNs) {
        if (busy++ > 0) {
            return;
        }
        if (quietSinceNs >= 0) {
            idleTimes.record(nowNs - quietSinceNs);
        }
        if (reload != null) {
            reload.cancel();
        }
    }

    /** An invocation has left the system. */
    void lessBusy(long nowNs) {
        if (--busy == 0) {
            quietSinceNs = nowNs;
        }
    }

    int idleCount() {
        return idleCount;
    }

    /** The idle sandbox at this place of the pool's order. */
    Sandbox idleAt(int index) {
        return idle[index];
    }

    /** Adds an idle sandbox at the place that its {@link Sandbox#order} gives it. */
    void addIdle(Sandbox sandbox) {
        if (idleCount == idle.length) {
            idle = Arrays.copyOf(idle, 2 * idleCount);
        }
        int at = idleCount++;
        long order = sandbox.order;
        while (at > 0 && idle[at - 1].order > order) {
            idle[at] = idle[at - 1];
            at--;
        }
        idle[at] = sandbox;
    }

    void removeIdle(Sandbox sandbox) {
        int low = 0;
        int high = idleCount - 1;
        while (idle[high] != sandbox && low < high) {
            int middle = (low + high) >>> 1;
            if (idle[middle].order < sandbox.order) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (idle[high] != sandbox) {
            throw new IllegalStateException(sandbox + " is not among the idle of its pool");
        }
        idleCount--;
        System.arraycopy(idle, high + 1, idle, high, idleCount - high);
        idle[idleCount] = null;
    }
}
