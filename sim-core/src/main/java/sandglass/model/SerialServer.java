package sandglass.model;

/**
 * A server that serves one demand at a time, first come first served. Since a demand is known when it comes, so is the time at
 * which it will be done: nothing needs to be queued.
 */
final class SerialServer {

    private long freeNs;
    private double busyNs;

    /** Takes a demand that comes at {@code nowNs}, never before an earlier one; answers when it is done. */
    long doneNs(long nowNs, long demandNs) {
        freeNs = Math.max(freeNs, nowNs) + demandNs;
        busyNs += demandNs;
        return freeNs;
    }

    /** Time taken by all demands so far, in ns. */
    double busyNs() {
        return busyNs;
    }
}
