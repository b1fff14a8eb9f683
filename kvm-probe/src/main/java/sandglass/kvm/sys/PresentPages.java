package sandglass.kvm.sys;

import java.util.BitSet;

/** Which pages of a mapping this process has in its page table: /proc/self/pagemap (admin-guide/mm/pagemap). */
public final class PresentPages {

    private static final int ENTRIES = 4096;
    private static final long PRESENT = 1L << 63;

    private PresentPages() {
    }

    /** Their numbers, from the mapping's start. */
    public static BitSet of(Mapping mapping) {
        NativeBuffer entries = NativeBuffer.ofSize(ENTRIES * Long.BYTES);
        BitSet present = new BitSet();
        int pages = (int) (mapping.sizeBytes() / Linux.PAGE_BYTES);
        long first = mapping.address() / Linux.PAGE_BYTES;
        try (Fd pagemap = Linux.open("/proc/self/pagemap", Linux.Access.READ_ONLY)) {
            for (int page = 0; page < pages; page += ENTRIES) {
                int count = Math.min(ENTRIES, pages - page);
                Linux.pread(pagemap, entries, count * Long.BYTES, (first + page) * Long.BYTES);
                for (int i = 0; i < count; i++) {
                    present.set(page + i, (entries.bytes().getLong(i * Long.BYTES) & PRESENT) != 0);
                }
            }
        }
        return present;
    }
}
