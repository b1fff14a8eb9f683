package sandglass.scenario;

/** How packets are gathered before the other side is notified (a virtio kick, an interrupt). */
public sealed interface Batching {

    /** Every packet notifies. */
    record None() implements Batching {}

    /** One notification per {@code packets} packets, and one for the rest. */
    record ByCount(int packets) implements Batching {
        public ByCount {
            if (packets < 1) {
                throw new IllegalArgumentException("a batch holds at least one packet, was " + packets);
            }
        }
    }

    /** One notification per window of {@code windowNs}, for all packets that the source produced in it. */
    record ByTime(long windowNs) implements Batching {
        public ByTime {
            if (windowNs < 1) {
                throw new IllegalArgumentException("a batching window is at least 1 ns, was " + windowNs);
            }
        }
    }
}
