package sandglass.kvm.usf.call;

import sandglass.kvm.sys.Errno;

/** Calls about time. */
final class TimeCalls {

    private static final long SECOND_NS = 1_000_000_000;
    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_PROCESS_CPUTIME = 2;
    private static final int CLOCK_THREAD_CPUTIME = 3;
    private static final int CLOCK_REALTIME_COARSE = 5;
    private static final int CLOCK_TAI = 11;
    private static final int TIMER_ABSTIME = 1;

    private TimeCalls() {
    }

    static void enter(SystemCallTable table) {
        table.on(35, "nanosleep", (p, a) -> sleep(p, a.get(0), 0));
        table.on(96, "gettimeofday", (p, a) -> {
            long now = p.host().wallClockNs();
            p.memory().putLong(a.get(0), now / SECOND_NS);
            p.memory().putLong(a.get(0) + 8, now % SECOND_NS / 1000);
            return 0;
        });
        table.on(201, "time", (p, a) -> p.host().wallClockNs() / SECOND_NS);
        table.on(228, "clock_gettime", (p, a) -> put(p, a.get(1), now(p, a.getInt(0))));
        table.on(229, "clock_getres", (p, a) -> a.get(1) == 0 ? 0 : put(p, a.get(1), 1));
        table.on(230, "clock_nanosleep", (p, a) -> sleep(p, a.get(2),
                (a.get(1) & TIMER_ABSTIME) != 0 ? now(p, a.getInt(0)) : 0));
    }

    private static long now(GuestProcess p, int clock) {
        if (clock == CLOCK_PROCESS_CPUTIME || clock == CLOCK_THREAD_CPUTIME) {
            return p.host().coreTimeNs();
        }
        boolean isWallClock = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
        return isWallClock ? p.host().wallClockNs() : p.host().monotonicNs();
    }

    private static long put(GuestProcess p, long to, long timeNs) {
        p.memory().putLong(to, timeNs / SECOND_NS);
        p.memory().putLong(to + 8, timeNs % SECOND_NS);
        return 0;
    }

    /** Waits as long as a timespec in guest memory says, counted from an instant; 0 is now. */
    static long sleep(GuestProcess p, long timespec, long sinceNs) {
        long seconds = p.memory().getLong(timespec);
        long nanos = p.memory().getLong(timespec + 8);
        if (seconds < 0 || nanos < 0 || nanos >= SECOND_NS) {
            return -Errno.EINVAL;
        }
        boolean overflows = seconds > Long.MAX_VALUE / SECOND_NS - 1;
        long durationNs = overflows ? Long.MAX_VALUE : seconds * SECOND_NS + nanos - sinceNs;
        if (!p.host().sleep(Math.max(0, durationNs))) {
            p.timeIsUp();
        }
        return 0;
    }
}
