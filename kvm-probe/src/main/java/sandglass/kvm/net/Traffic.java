package sandglass.kvm.net;

/**
 * What has gone through a sandbox's network device, as its kernel counts: a packet is what the stack hands to the device, up to 64 KiB with
 * segmentation offload, not what would be on a wire.
 *
 * @param receivedPackets by the sandbox
 * @param sentPackets     by the sandbox
 * @param receivedBytes   with all headers
 * @param sentBytes       with all headers
 */
public record Traffic(long receivedPackets, long sentPackets, long receivedBytes, long sentBytes) {

    /** None. */
    public static final Traffic NONE = new Traffic(0, 0, 0, 0);

    /** What came since an earlier reading. */
    public Traffic since(Traffic earlier) {
        return new Traffic(receivedPackets - earlier.receivedPackets, sentPackets - earlier.sentPackets,
                receivedBytes - earlier.receivedBytes, sentBytes - earlier.sentBytes);
    }
}
