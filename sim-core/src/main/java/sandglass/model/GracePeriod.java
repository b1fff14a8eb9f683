package sandglass.model;

/**
 * What the kernel waits for before it lets somebody change what all cores read without a lock (Linux, kernel/rcu/sync.c): until each core has
 * been elsewhere once. Who comes meanwhile waits for the same end. After the last of them the kernel lets as much time pass again before it gives the
 * way back to the readers; whoever comes in that time does not wait, and makes it begin anew.
 */
final class GracePeriod {

    private long endsNs = Long.MIN_VALUE;
    private long rememberedNs = Long.MIN_VALUE;

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
        rememberedNs = Math.max(rememberedNs, doneNs + periodNs);
        return doneNs;
    }
}
