package sandglass.policy;

import sandglass.platform.EvictionPolicy;

/**
 * Greedy-dual-size-frequency keep-alive (Fuerst and Sharma, FaasCache, ASPLOS 2021, section 4): the rank is the clock
 * plus frequency times the cost of a start over its size, and the clock rises to the rank of what was evicted.
 */
final class GreedyDual implements EvictionPolicy {

    @Override
    public double rank(long idleSinceNs, double clock, long uses, long startNs, double sizeBytes) {
        return clock + uses * (double) startNs / sizeBytes;
    }
}
