package sandglass.kvm.usf.etl;

import java.net.SocketTimeoutException;
import java.util.function.LongSupplier;

/**
 * The instant by which something must be done.
 *
 * @param clockNs a clock that never goes back
 * @param atNs    on that clock
 */
record Deadline(LongSupplier clockNs, long atNs) {

    private static final long NS_PER_MS = 1_000_000;

    /** That much time from now. */
    static Deadline in(long durationNs, LongSupplier clockNs) {
        return new Deadline(clockNs, clockNs.getAsLong() + durationNs);
    }

    /**
     * The time left, ns, above zero.
     *
     * @throws SocketTimeoutException if there is none
     */
    long leftNs() throws SocketTimeoutException {
        long left = atNs - clockNs.getAsLong();
        if (left <= 0) {
            throw new SocketTimeoutException("does not answer in time");
        }
        return left;
    }

    /** The time left in whole milliseconds, at least one. */
    long leftMs() throws SocketTimeoutException {
        return (leftNs() + NS_PER_MS - 1) / NS_PER_MS;
    }
}
