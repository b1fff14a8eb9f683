package sandglass.scenario;

import java.util.List;
import java.util.Objects;

/**
 * The ordered hops that data takes between the function's buffer and the device or the network.
 *
 * @param name the path's name within its stack, for example {@code get} or {@code send-vhost}
 * @param mtuBytes payload bytes of one packet
 * @param blockBytes bytes of one disk block request
 * @param batching how packets are gathered before a notification
 * @param overlap whether the hops work on different packets at once (a pipeline: the slowest hop sets the pace) or one
 *     after the other
 * @param hops in the order in which the data meets them
 */
public record IoPath(String name, int mtuBytes, int blockBytes, Batching batching, Overlap overlap, List<Hop> hops) {

    /** Whether the hops of a path run at the same time on different data. */
    public enum Overlap {
        SERIAL,
        PIPELINED
    }

    public IoPath {
        Objects.requireNonNull(batching);
        Objects.requireNonNull(overlap);
        hops = List.copyOf(hops);
        if (mtuBytes < 1 || blockBytes < 1) {
            throw new IllegalArgumentException("path " + name + ": mtu and block must be at least one byte");
        }
    }

    /** The same path with another batching. */
    public IoPath with(Batching other) {
        return new IoPath(name, mtuBytes, blockBytes, other, overlap, hops);
    }
}
