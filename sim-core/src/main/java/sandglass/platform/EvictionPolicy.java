package sandglass.platform;

/** Which idle sandbox makes room when the host is full: the one of lowest rank, and among equals the one made first. */
@FunctionalInterface
public interface EvictionPolicy {

    /**
     * The rank of a sandbox, asked when it becomes idle.
     *
     * @param nowNs the time of the decision
     * @param clock the highest rank that was evicted for room so far; zero at first
     * @param uses invocations of its pool since the pool was last empty
     * @param startNs how long making it took
     * @param sizeBytes memory that evicting it frees
     */
    double rank(long nowNs, double clock, long uses, long startNs, double sizeBytes);
}
