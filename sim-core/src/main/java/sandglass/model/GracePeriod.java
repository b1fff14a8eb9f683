package sandglass.model;

/**
 * What the kernel waits for before it lets somebody change what all cores read without a lock (Linux, kernel/rcu/sync.c): until each core has
 * been elsewhere once. Who comes meanwhile waits for the same end. The kernel gives the way back to the readers some time after the last of them;
 * whoever comes in that time does not wait, and makes it begin anew.
 */
final class GracePeriod {

    private final long memoryNs;
    private long endsNs = Long.MIN_VALUE;
    private long rememberedNs = Long.MIN_VALUE;

    /** @param memoryNs for how long after the last one nobody waits */
    GracePeriod(long memoryNs) {
        this.memoryNs = memoryNs;
    }

    /**
     * When somebody who comes at {@code nowNs}, never before an earlier one, may go on.
     *
     * @param periodNs what the kernel waits from now on, if it does
     */
    long doneNs(long nowNs, long periodNs) {
        if (nowNs >= rememberedNs) {
            endsNs = nowNs + periodNs;
        }
        long doneNs = Math.max(nowNs, endsNs);
        rememberedNs = Math.max(rememberedNs, doneNs + memoryNs);
        return doneNs;
    }
}
