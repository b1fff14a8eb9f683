package sandglass.platform;

/** How long an idle sandbox stays. */
@FunctionalInterface
public interface KeepAlivePolicy {

    /**
     * Decides when a sandbox becomes idle.
     *
     * @param nowNs the time of the decision
     * @param readyNs when the sandbox was first ready
     * @param idleTimes what is known about the pauses of the pool it belongs to; empty unless the policy is a histogram
     */
    Window window(long nowNs, long readyNs, IdleTimes idleTimes);

    /**
     * A decision: the sandbox stays for {@code keepNs}; or it leaves at once, and one is brought back {@code awayNs}
     * later, if nobody called by then, and stays for {@code keepNs} from that time.
     *
     * @param awayNs zero: it does not leave before its time
     * @param keepNs zero: it goes as soon as it is idle; {@link #FOREVER}: it never goes by itself
     */
    record Window(long awayNs, long keepNs) {

        public static final long FOREVER = Long.MAX_VALUE;

        public Window {
            if (awayNs < 0 || keepNs < 0) {
                throw new IllegalArgumentException("a window is not negative: away " + awayNs + " ns, keep " + keepNs
                    + " ns");
            }
        }

        /** Stays for this long. */
        public static Window keep(long keepNs) {
            return new Window(0, keepNs);
        }
    }
}
