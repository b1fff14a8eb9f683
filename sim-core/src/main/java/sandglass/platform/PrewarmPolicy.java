package sandglass.platform;

/** How many sandboxes a pool holds whether or not anybody calls. */
@FunctionalInterface
public interface PrewarmPolicy {

    /**
     * The least number of sandboxes that belong to a pool; asked whenever one joins or leaves it. Below it sandboxes
     * are made, and above it keep-alive decides.
     *
     * @param nowNs the time of the decision
     */
    int floor(long nowNs);
}
