package sandglass.kvm.usf;

/**
 * One invocation: how it ended and what it cost.
 *
 * @param log   what the function printed, at most 64 KiB
 * @param exits how often control left the guest
 * @param runNs from the delivery of the function to its result, on the clock of the pool
 */
public record Invocation(Outcome outcome, String log, ExitCounts exits, long runNs) {

    /** Whether the unikernel may be recycled; one that was killed is replaced. */
    public boolean isReusable() {
        return !(outcome instanceof Outcome.Killed);
    }
}
