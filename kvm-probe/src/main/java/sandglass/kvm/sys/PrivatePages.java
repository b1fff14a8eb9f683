package sandglass.kvm.sys;

import java.nio.ByteBuffer;

/**
 * Finds the pages of a private file mapping that this process has written: copy-on-write has made them anonymous, so
 * the kernel no longer counts them as pages of the file. Uses the PAGEMAP_SCAN ioctl of Linux 6.7 and, where that is
 * missing, /proc/self/pagemap (Documentation/admin-guide/mm/pagemap.rst). Confined to one thread: it owns its buffers.
 */
public final class PrivatePages implements AutoCloseable {

    /** Receives each maximal run of private pages found, in address order. */
    @FunctionalInterface
    public interface Visitor {
        void run(long offset, long lengthBytes);
    }

    /** Which of the kernel's two interfaces to use. */
    public enum Method { SCAN_IOCTL, PAGEMAP_FILE }

    private static final long PAGEMAP_SCAN = 0xC060_6610L;
    private static final long PAGE_IS_FILE = 1 << 2;
    private static final long PAGE_IS_PRESENT = 1 << 3;
    private static final long PAGE_IS_SWAPPED = 1 << 4;
    private static final int ARGUMENT_BYTES = 96;
    private static final int REGION_BYTES = 24;
    private static final int REGIONS = 512;
    private static final long ENTRY_PRESENT = 1L << 63;
    private static final long ENTRY_SWAPPED = 1L << 62;
    private static final long ENTRY_FILE = 1L << 61;

    private final Fd pagemap;
    private final Method method;
    private final NativeBuffer argument = NativeBuffer.ofSize(ARGUMENT_BYTES);
    private final NativeBuffer found = NativeBuffer.ofSize(REGIONS * REGION_BYTES);

    private PrivatePages(Fd pagemap, Method method) {
        this.pagemap = pagemap;
        this.method = method;
    }

    /** A scanner that uses the fastest method this kernel has. */
    public static PrivatePages open() {
        Fd pagemap = Linux.open("/proc/self/pagemap", Linux.Access.READ_ONLY);
        PrivatePages scanner = new PrivatePages(pagemap, Method.SCAN_IOCTL);
        // An empty range is a valid question; a kernel without the ioctl answers ENOTTY.
        int answer = scanner.scanRange(0, 0);
        return answer >= 0 ? scanner : new PrivatePages(pagemap, Method.PAGEMAP_FILE);
    }

    /** A scanner that uses the given method, for comparison. */
    public static PrivatePages open(Method method) {
        return new PrivatePages(Linux.open("/proc/self/pagemap", Linux.Access.READ_ONLY), method);
    }

    /** The method in use. */
    public Method method() {
        return method;
    }

    /**
     * Visits every run of private pages in a mapping. The visitor may write to the mapping.
     *
     * @return how many pages were found
     */
    public long scan(Mapping mapping, Visitor visitor) {
        return method == Method.SCAN_IOCTL ? scanByIoctl(mapping, visitor) : scanByFile(mapping, visitor);
    }

    private long scanByIoctl(Mapping mapping, Visitor visitor) {
        long end = mapping.address() + mapping.sizeBytes();
        long next = mapping.address();
        long pages = 0;
        while (next < end) {
            int regions = scanRange(next, end);
            if (regions < 0) {
                throw new SystemCallException("ioctl PAGEMAP_SCAN", -regions, pagemap.toString());
            }
            ByteBuffer vector = found.bytes();
            for (int i = 0; i < regions; i++) {
                long from = vector.getLong(i * REGION_BYTES);
                long length = vector.getLong(i * REGION_BYTES + 8) - from;
                pages += length / Linux.PAGE_BYTES;
                visitor.run(from - mapping.address(), length);
            }
            next = argument.bytes().getLong(32);
        }
        return pages;
    }

    /** One PAGEMAP_SCAN: anonymous pages that are present or swapped out. Returns the regions found or -errno. */
    private int scanRange(long start, long end) {
        argument.bytes()
                .putLong(0, ARGUMENT_BYTES).putLong(8, 0).putLong(16, start).putLong(24, end).putLong(32, 0)
                .putLong(40, found.address()).putLong(48, REGIONS).putLong(56, 0)
                .putLong(64, PAGE_IS_FILE).putLong(72, PAGE_IS_FILE)
                .putLong(80, PAGE_IS_PRESENT | PAGE_IS_SWAPPED).putLong(88, PAGE_IS_FILE);
        return Linux.tryIoctl(pagemap, PAGEMAP_SCAN, argument.address());
    }

    private long scanByFile(Mapping mapping, Visitor visitor) {
        long totalPages = mapping.sizeBytes() / Linux.PAGE_BYTES;
        long firstPage = mapping.address() / Linux.PAGE_BYTES;
        int entriesPerRead = found.sizeBytes() / Long.BYTES;
        long pages = 0;
        long runStart = -1;
        for (long page = 0; page < totalPages; page += entriesPerRead) {
            int entries = (int) Math.min(entriesPerRead, totalPages - page);
            Linux.pread(pagemap, found, entries * Long.BYTES, (firstPage + page) * Long.BYTES);
            for (int i = 0; i < entries; i++) {
                long entry = found.bytes().getLong(i * Long.BYTES);
                boolean isPrivate = (entry & (ENTRY_PRESENT | ENTRY_SWAPPED)) != 0 && (entry & ENTRY_FILE) == 0;
                if (isPrivate) {
                    pages++;
                    runStart = runStart < 0 ? page + i : runStart;
                } else if (runStart >= 0) {
                    visitor.run(runStart * Linux.PAGE_BYTES, (page + i - runStart) * Linux.PAGE_BYTES);
                    runStart = -1;
                }
            }
        }
        if (runStart >= 0) {
            visitor.run(runStart * Linux.PAGE_BYTES, (totalPages - runStart) * Linux.PAGE_BYTES);
        }
        return pages;
    }

    @Override
    public void close() {
        pagemap.close();
    }
}
