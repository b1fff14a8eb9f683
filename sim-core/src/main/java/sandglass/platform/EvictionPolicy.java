package sandglass.platform;

/** Which idle sandbox makes room when the host is full: the one of lowest rank, and among equals the one made first. */
@FunctionalInterface
public interface EvictionPolicy {

    /**
     * The rank of an idle sandbox.
     *
     * @param idleSinceNs when it became idle
     * @param clock the highest rank that had been evicted for room by then; zero at first
     * @param uses invocations of its pool by then, since the pool was last without a sandbox
     * @param startNs how long making it took
     * @param sizeBytes memory that evicting it frees
     */
    double rank(long idleSinceNs, double clock, long uses, long startNs, double sizeBytes);
}
