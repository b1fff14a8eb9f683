package sandglass.model;

import java.util.EnumMap;
import java.util.Map;
import sandglass.scenario.Batching;
import sandglass.scenario.Hop;
import sandglass.scenario.IoPath;
import sandglass.scenario.ModeSwitch;

/**
 * How many units of each kind one transfer through a path makes. Follows from the path's structure and the size alone, except for
 * batching by time, where it also depends on how fast packets come.
 *
 * @param bytes size of the transfer
 * @param packets of at most the path's MTU
 * @param batches notifications for those packets, as the path's {@link Batching} forms them
 * @param blocks of at most the path's block size
 * @param calls one
 */
public record PathCounts(long bytes, long packets, long batches, long blocks, long calls) {

    /**
     * Counts a transfer whose batches do not depend on time.
     *
     * @throws IllegalArgumentException if the path batches by time
     */
    public static PathCounts of(IoPath path, long bytes) {
        if (path.batching() instanceof Batching.ByTime) {
            throw new IllegalArgumentException("path " + path.name() + " batches by time: counts depend on the gap between packets");
        }
        return of(path, bytes, 0);
    }

    /**
     * Counts a transfer.
     *
     * @param packetGapNs time between two packets where they are batched; matters only for batching by time. Windows follow each
     *     other from the first packet's production on, and none is empty
     */
    public static PathCounts of(IoPath path, long bytes, double packetGapNs) {
        long packets = ceil(bytes, path.mtuBytes());
        return new PathCounts(bytes, packets, batches(path.batching(), packets, packetGapNs), ceil(bytes, path.blockBytes()), 1);
    }

    /** The number of units of this kind. */
    public long units(Hop.Per per) {
        return switch (per) {
            case PACKET -> packets;
            case BATCH -> batches;
            case BLOCK -> blocks;
            case BYTE -> bytes;
            case CALL -> calls;
        };
    }

    /** The mode switches that the whole transfer makes when the other side is notified by interrupts. */
    public Map<ModeSwitch, Long> switches(IoPath path) {
        Map<ModeSwitch, Long> sum = new EnumMap<>(ModeSwitch.class);
        path.hops().stream().filter(hop -> hop.met(bytes))
                .forEach(hop -> hop.switches().forEach((kind, each) -> sum.merge(kind, each * units(hop.per()), Long::sum)));
        return sum;
    }

    /** The bytes that the whole transfer copies. */
    public double bytesCopied(IoPath path) {
        return path.hops().stream().mapToDouble(hop -> hop.copies() * bytes).sum();
    }

    private static long batches(Batching batching, long packets, double packetGapNs) {
        if (batching instanceof Batching.ByCount by) {
            return ceil(packets, by.packets());
        }
        if (batching instanceof Batching.ByTime by) {
            long windows = (long) Math.ceil(packets * packetGapNs / by.windowNs());
            return Math.min(packets, Math.max(1, windows));
        }
        return packets;
    }

    private static long ceil(long amount, long unit) {
        return (amount + unit - 1) / unit;
    }
}
