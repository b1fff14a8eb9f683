package sandglass.kvm.usf.call;

import sandglass.kvm.sys.Errno;
import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.vm.GuestMemory;

/**
 * Which pages of guest memory are in use: the heap (brk) and the area for mmap. There is no paging inside the guest, so
 * a page is taken by marking it, and zeroed when it is taken for a second time.
 */
public final class PageAllocator {

    private static final int PAGE = 4096;
    private static final byte NEVER_USED = 0;
    private static final byte USED = 1;
    /** Free, but with old contents. */
    private static final byte DIRTY = 2;

    private final GuestMemory memory;
    private final long heapStart;
    private final long heapLimit;
    private final long areaStart;
    private final int areaPages;
    private long heapEnd;
    /** Shared with the snapshot until the first change, so that thousands of idle clones have one map. */
    private byte[] pages;
    private boolean pagesShared;
    private int searchFrom;

    /** The allocator's part of a snapshot. Immutable. */
    static final class State {
        private final long heapStart;
        private final long heapEnd;
        private final byte[] pages;
        private final int searchFrom;

        private State(long heapStart, long heapEnd, byte[] pages, int searchFrom) {
            this.heapStart = heapStart;
            this.heapEnd = heapEnd;
            this.pages = pages;
            this.searchFrom = searchFrom;
        }

        long heapStart() {
            return heapStart;
        }
    }

    /**
     * @param heapStart where the heap starts: the first page behind the program
     * @throws IllegalArgumentException if the program leaves no room
     */
    public PageAllocator(GuestMemory memory, GuestLayout layout, long heapStart) {
        this.memory = memory;
        this.heapStart = heapStart;
        this.heapEnd = heapStart;
        this.heapLimit = heapStart + GuestLayout.HEAP_RESERVE_BYTES;
        this.areaStart = roundUp(heapLimit, GuestLayout.LARGE_PAGE_BYTES);
        if (areaStart >= layout.guardStart()) {
            throw new IllegalArgumentException("no memory left behind a program that ends at " + heapStart);
        }
        this.areaPages = (int) ((layout.guardStart() - areaStart) / PAGE);
        this.pages = new byte[areaPages];
    }

    State capture() {
        return new State(heapStart, heapEnd, pages.clone(), searchFrom);
    }

    void restore(State state) {
        heapEnd = state.heapEnd;
        pages = state.pages;
        pagesShared = true;
        searchFrom = state.searchFrom;
    }

    private byte[] pagesForChange() {
        if (pagesShared) {
            pages = pages.clone();
            pagesShared = false;
        }
        return pages;
    }

    private static long roundUp(long bytes, long multiple) {
        return (bytes + multiple - 1) / multiple * multiple;
    }

    /** brk(2) as the kernel has it: the new end of the heap, or the old one if that is not possible. */
    public long moveHeapEnd(long wanted) {
        if (wanted >= heapStart && wanted <= heapLimit) {
            if (wanted < heapEnd) {
                memory.zero(wanted, heapEnd - wanted);
            }
            heapEnd = wanted;
        }
        return heapEnd;
    }

    private static long pagesOf(long bytes) {
        return bytes <= 0 || bytes > Long.MAX_VALUE - PAGE ? -1 : (bytes + PAGE - 1) / PAGE;
    }

    /** Takes zeroed pages anywhere. Returns their address, or -ENOMEM or -EINVAL. */
    public long take(long bytes) {
        long count = pagesOf(bytes);
        if (count < 0) {
            return -Errno.EINVAL;
        }
        int start = count > areaPages ? -1 : search((int) count, searchFrom, areaPages);
        if (start < 0 && count <= areaPages) {
            start = search((int) count, 0, areaPages);
        }
        if (start < 0) {
            return -Errno.ENOMEM;
        }
        searchFrom = start + (int) count;
        return mark(start, (int) count);
    }

    private int search(int count, int from, int to) {
        int run = 0;
        for (int page = from; page < to; page++) {
            run = pages[page] == USED ? 0 : run + 1;
            if (run == count) {
                return page - count + 1;
            }
        }
        return -1;
    }

    private long mark(int start, int count) {
        byte[] map = pagesForChange();
        for (int page = start; page < start + count; page++) {
            if (map[page] != NEVER_USED) {
                memory.zero(address(page), PAGE);
            }
            map[page] = USED;
        }
        return address(start);
    }

    private long address(int page) {
        return areaStart + (long) page * PAGE;
    }

    /** The page index of an address, or -1 if the pages from there are not all in the area. */
    private int index(long address, long count) {
        if (address < areaStart || address % PAGE != 0 || count < 0) {
            return -1;
        }
        long page = (address - areaStart) / PAGE;
        return page <= areaPages && count <= areaPages - page ? (int) page : -1;
    }

    /** Takes pages at a given address, zeroed, in place of whatever was there (MAP_FIXED). */
    public long takeAt(long address, long bytes) {
        long count = pagesOf(bytes);
        int start = count < 0 ? -1 : index(address, count);
        return start < 0 ? -Errno.ENOMEM : mark(start, (int) count);
    }

    /** munmap(2): gives pages back; those that were not taken do not matter. */
    public long give(long address, long bytes) {
        long count = pagesOf(bytes);
        int start = count < 0 ? -1 : index(address, count);
        if (start < 0) {
            return -Errno.EINVAL;
        }
        byte[] map = pagesForChange();
        for (int page = start; page < start + count; page++) {
            map[page] = map[page] == USED ? DIRTY : map[page];
        }
        searchFrom = Math.min(searchFrom, start);
        return 0;
    }

    /** mremap(2) without a wanted address: grows or shrinks in place, else moves if allowed. */
    public long resize(long address, long oldBytes, long newBytes, boolean mayMove) {
        long oldCount = pagesOf(oldBytes);
        long newCount = pagesOf(newBytes);
        int start = oldCount < 0 || newCount < 0 ? -1 : index(address, oldCount);
        if (start < 0) {
            return -Errno.EINVAL;
        }
        if (newCount <= oldCount) {
            if (newCount < oldCount) {
                give(address + newCount * PAGE, (oldCount - newCount) * PAGE);
            }
            return address;
        }
        long extra = newCount - oldCount;
        int behind = start + (int) oldCount;
        if (extra <= areaPages - behind && search((int) extra, behind, behind + (int) extra) == behind) {
            mark(behind, (int) extra);
            return address;
        }
        if (!mayMove) {
            return -Errno.ENOMEM;
        }
        long moved = take(newBytes);
        if (moved > 0) {
            memory.put(moved, memory.ram(), (int) address, (int) (oldCount * PAGE));
            give(address, oldBytes);
        }
        return moved;
    }
}
