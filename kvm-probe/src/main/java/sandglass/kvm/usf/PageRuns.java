package sandglass.kvm.usf;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.sys.PrivatePages;

/** Runs of pages, in address order. Mutable, and reused to spare the hot path from allocation. */
final class PageRuns implements PrivatePages.Visitor {

    private long[] offsets = new long[128];
    private long[] lengths = new long[128];
    private int count;

    /** The runs of a set of page numbers. */
    static PageRuns of(BitSet pages) {
        PageRuns runs = new PageRuns();
        for (int first = pages.nextSetBit(0); first >= 0;) {
            int end = pages.nextClearBit(first);
            runs.run((long) first * Linux.PAGE_BYTES, (long) (end - first) * Linux.PAGE_BYTES);
            first = pages.nextSetBit(end);
        }
        return runs;
    }

    void clear() {
        count = 0;
    }

    @Override
    public void run(long offset, long lengthBytes) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        offsets[count] = offset;
        lengths[count++] = lengthBytes;
    }

    /**
     * Makes the pages of a private view present and its own, by a write to each of what it holds already. Faults of one thread do not wait for
     * another's, as calls of madvise(2) do, which take the address space's lock twice each.
     *
     * @param contents what the pages hold
     */
    void populate(Mapping ram, ByteBuffer contents) {
        ByteBuffer bytes = ram.bytes();
        for (int i = 0; i < count; i++) {
            int end = (int) (offsets[i] + lengths[i]);
            for (int at = (int) offsets[i]; at < end; at += Linux.PAGE_BYTES) {
                bytes.put(at, contents.get(at));
            }
        }
    }

    int count() {
        return count;
    }

    long offset(int index) {
        return offsets[index];
    }

    long length(int index) {
        return lengths[index];
    }

    /** The same pages as a set of page numbers. */
    BitSet pages() {
        BitSet pages = new BitSet();
        for (int i = 0; i < count; i++) {
            int first = (int) (offsets[i] / Linux.PAGE_BYTES);
            pages.set(first, first + (int) (lengths[i] / Linux.PAGE_BYTES));
        }
        return pages;
    }
}
