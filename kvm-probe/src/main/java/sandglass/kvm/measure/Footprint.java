package sandglass.kvm.measure;

/**
 * Physical memory of a process or of a part of it, in bytes (proc(5), smaps).
 *
 * @param rssBytes         resident set: all pages present
 * @param pssBytes         proportional set: each page divided by the number of its users
 * @param ussBytes         unique set: pages that nobody else maps
 * @param dirtyBytes       unique pages that were written
 */
public record Footprint(long rssBytes, long pssBytes, long ussBytes, long dirtyBytes) {

    /** No memory. */
    public static final Footprint NONE = new Footprint(0, 0, 0, 0);

    /** Both together. */
    public Footprint plus(Footprint other) {
        return new Footprint(rssBytes + other.rssBytes, pssBytes + other.pssBytes, ussBytes + other.ussBytes,
                dirtyBytes + other.dirtyBytes);
    }
}
