package sandglass.scenario;

import java.util.Objects;

/**
 * The decisions of the control plane, as data. Several of these differ silently between published simulators and change
 * the numbers, so each is spelled out.
 *
 * @param keepAlive how long an idle sandbox stays
 * @param reuse which idle sandbox serves
 * @param prewarm how many ready, unassigned sandboxes are held
 * @param coldService whether a cold start's delay comes before the service time or is part of a cold service time
 * @param scope which invocations may share an idle sandbox
 * @param limit most sandboxes alive at once; {@link Integer#MAX_VALUE} for none
 * @param atLimit what happens to an invocation that finds no sandbox and may not get one
 * @param expiry whether an idle sandbox leaves at its expiry or at the next look
 * @param sharing how equal memory becomes one copy
 * @param notification how host and sandbox tell each other that a call is there
 * @param atHorizon what happens to invocations that are under way when a replication ends
 */
public record Policies(KeepAlive keepAlive, Reuse reuse, int prewarm, ColdService coldService, Scope scope, int limit, AtLimit atLimit,
        Expiry expiry, Sharing sharing, Notification notification, AtHorizon atHorizon) {

    /** The same with {@link AtHorizon#FINISH}. */
    public Policies(KeepAlive keepAlive, Reuse reuse, int prewarm, ColdService coldService, Scope scope, int limit, AtLimit atLimit,
            Expiry expiry, Sharing sharing, Notification notification) {
        this(keepAlive, reuse, prewarm, coldService, scope, limit, atLimit, expiry, sharing, notification, AtHorizon.FINISH);
    }

    /** How long an idle sandbox stays. */
    public sealed interface KeepAlive {
        /** It goes as soon as it is idle. */
        record None() implements KeepAlive {}

        /** It never goes by itself. */
        record Forever() implements KeepAlive {}

        /** It goes {@code ttlNs} after it became idle ({@code renew}) or after it was first ready. */
        record Ttl(long ttlNs, boolean renew) implements KeepAlive {
            public Ttl {
                if (ttlNs < 0) {
                    throw new IllegalArgumentException("a time to live must not be negative");
                }
            }
        }

        /**
         * The hybrid histogram of idle times per function (Shahrad et al., ATC 2020, section 4): the sandbox is dropped after
         * an invocation, brought back before the {@code head} quantile of idle times and kept until the {@code tail} quantile.
         *
         * @param rangeNs idle times above are out of bounds
         * @param head, tail shares, for example 0.05 and 0.99
         */
        record Histogram(long rangeNs, double head, double tail) implements KeepAlive {
            public Histogram {
                if (rangeNs < 1 || !(head >= 0 && head < tail && tail <= 1)) {
                    throw new IllegalArgumentException("the range is above zero and 0 <= head < tail <= 1");
                }
            }
        }

        /** Stays until memory is needed; then the one of lowest greedy-dual priority goes (Fuerst and Sharma, ASPLOS 2021). */
        record GreedyDual() implements KeepAlive {}
    }

    /** Which idle sandbox serves. */
    public enum Reuse {
        /** The one created last. */
        NEWEST,
        /** The one created first. */
        OLDEST,
        /** The one idle for the shortest time. */
        MOST_RECENTLY_USED,
        /** The one idle for the longest time. */
        LEAST_RECENTLY_USED,
        RANDOM
    }

    /** What a cold start does to the service time. */
    public enum ColdService {
        /** The start's delay comes first, then the usual service time. */
        ADDS,
        /** The function's own cold service time stands for both; the start itself takes no time. */
        REPLACES
    }

    /** Which invocations may share an idle sandbox. */
    public enum Scope {
        FUNCTION,
        APP
    }

    /** What happens to an invocation that may not get a sandbox. */
    public enum AtLimit {
        REJECT,
        QUEUE
    }

    /** When an expired sandbox leaves. */
    public enum Expiry {
        EXACT,
        LAZY
    }

    /** How equal memory becomes one copy. */
    public sealed interface Sharing {
        /** It does not: copy-on-write and shared regions are private copies. */
        record None() implements Sharing {}

        /** The stack shares what it knows to be equal; nothing is scanned. */
        record ByConstruction() implements Sharing {}

        /**
         * Nothing is shared as made; the kernel's scanner merges equal pages (Linux, admin-guide/mm/ksm).
         *
         * @param pagesToScan pages looked at per wake-up
         * @param sleepNs pause between wake-ups
         */
        record Ksm(int pagesToScan, long sleepNs) implements Sharing {
            public Ksm {
                if (pagesToScan < 1 || sleepNs < 1) {
                    throw new IllegalArgumentException("a scanner looks at one page or more and sleeps at least 1 ns");
                }
            }
        }
    }

    /** How a call is signalled across the boundary. */
    public sealed interface Notification {
        /** By an exit or an interrupt. */
        record Interrupt() implements Notification {}

        /** By a flag in shared memory that the other side looks at every {@code intervalNs} on a core of its own. */
        record Polling(long intervalNs) implements Notification {
            public Polling {
                if (intervalNs < 1) {
                    throw new IllegalArgumentException("a polling interval is at least 1 ns");
                }
            }
        }
    }

    /** What happens to invocations that wait or run when a replication ends. */
    public enum AtHorizon {
        /** They are finished, and their times count. */
        FINISH,
        /** They count as waiting or running, and their times do not count. */
        CUT
    }

    public Policies {
        Objects.requireNonNull(keepAlive);
        Objects.requireNonNull(reuse);
        Objects.requireNonNull(coldService);
        Objects.requireNonNull(scope);
        Objects.requireNonNull(atLimit);
        Objects.requireNonNull(expiry);
        Objects.requireNonNull(sharing);
        Objects.requireNonNull(notification);
        Objects.requireNonNull(atHorizon);
        if (prewarm < 0 || limit < 1) {
            throw new IllegalArgumentException("prewarm must not be negative and the limit at least 1");
        }
    }
}
