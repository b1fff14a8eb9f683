package sandglass.kvm.usf.call;

import sandglass.kvm.sys.Errno;
import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.vm.GuestMemory;

/**
 * Which pages between the program and the stack's guard are in use. The heap (brk) grows upwards from the program,
 * mappings (mmap) are taken from the top downwards, and memory is full when they meet. There is no paging inside the
 * guest, so a page is taken by marking it, and zeroed when it is taken for a second time.
 */
public final class PageAllocator {

    private static final int PAGE = 4096;
    private static final byte NEVER_USED = 0;
    private static final byte USED = 1;
    /** Free, but with old contents. */
    private static final byte DIRTY = 2;

    private final GuestMemory memory;
    private final long areaStart;
    private final int areaPages;
    private long heapEnd;
    /** Shared with the snapshot until the first change, so that thousands of idle clones have one map. */
    private byte[] pages;
    private boolean pagesShared;
    /** No page at or above this index is known to be free. */
    private int searchBelow;

    /** The allocator's part of a snapshot. Immutable. */
    record State(long areaStart, long heapEnd, byte[] pages, int searchBelow) {
    }

    /**
     * @param heapStart where the heap starts: the first page behind the program
     * @throws IllegalArgumentException if the program leaves no room
     */
    PageAllocator(GuestMemory memory, GuestLayout layout, long heapStart) {
        if (heapStart >= layout.guardStart()) {
            throw new IllegalArgumentException("no memory left behind a program that ends at " + heapStart);
        }
        this.memory = memory;
        this.areaStart = heapStart;
        this.heapEnd = heapStart;
        this.areaPages = (int) ((layout.guardStart() - areaStart) / PAGE);
        this.pages = new byte[areaPages];
        this.searchBelow = areaPages;
    }

    State capture() {
        return new State(areaStart, heapEnd, pages.clone(), searchBelow);
    }

    void restore(State state) {
        heapEnd = state.heapEnd;
        pages = state.pages;
        pagesShared = true;
        searchBelow = state.searchBelow;
    }

    private byte[] pagesForChange() {
        if (pagesShared) {
            pages = pages.clone();
            pagesShared = false;
        }
        return pages;
    }

    /** How many pages so many bytes take, or -1 for a number that is no size. */
    private long pagesOf(long bytes) {
        return bytes <= 0 || bytes > Long.MAX_VALUE - PAGE ? -1 : (bytes + PAGE - 1) / PAGE;
    }

    /** brk(2) as the kernel has it: the new end of the heap, or the old one if that is not possible. */
    long moveHeapEnd(long wanted) {
        if (wanted < areaStart || wanted > areaStart + (long) areaPages * PAGE) {
            return heapEnd;
        }
        int oldPages = (int) ((heapEnd - areaStart + PAGE - 1) / PAGE);
        int newPages = (int) ((wanted - areaStart + PAGE - 1) / PAGE);
        if (newPages > oldPages && !isFree(oldPages, newPages)) {
            return heapEnd;
        }
        if (newPages > oldPages) {
            mark(oldPages, newPages - oldPages);
        } else if (wanted < heapEnd) {
            memory.zero(wanted, areaStart + (long) newPages * PAGE - wanted);
            release(newPages, oldPages);
        }
        heapEnd = wanted;
        return heapEnd;
    }

    private boolean isFree(int from, int to) {
        for (int page = from; page < to; page++) {
            if (pages[page] == USED) {
                return false;
            }
        }
        return true;
    }

    /** Takes zeroed pages anywhere. Returns their address, or -ENOMEM or -EINVAL. */
    long take(long bytes) {
        long count = pagesOf(bytes);
        if (count < 0) {
            return -Errno.EINVAL;
        }
        int start = count > areaPages ? -1 : highestFree((int) count, searchBelow);
        if (start < 0 && count <= areaPages) {
            start = highestFree((int) count, areaPages);
        }
        if (start < 0) {
            return -Errno.ENOMEM;
        }
        searchBelow = start;
        return mark(start, (int) count);
    }

    /**
     * Takes zeroed pages such that a boundary of large pages lies {@code bytesBelow} behind their start, and all of the large pages
     * below it, so that nobody else writes there.
     *
     * @return their address, or -ENOMEM
     */
    long takeAround(long bytes, long bytesBelow) {
        int large = GuestLayout.LARGE_PAGE_BYTES;
        int belowPages = (int) pagesOf(bytesBelow);
        int allBelow = (belowPages + large / PAGE - 1) / (large / PAGE) * (large / PAGE);
        int above = (int) pagesOf(bytes) - belowPages;
        for (long boundary = (areaStart + (long) areaPages * PAGE) / large * large; boundary > areaStart; boundary -= large) {
            int at = (int) ((boundary - areaStart) / PAGE);
            if (at >= allBelow && at + above <= areaPages && address(at - allBelow) >= heapEnd && isFree(at - allBelow, at + above)) {
                mark(at - allBelow, allBelow + above);
                return address(at - belowPages);
            }
        }
        return -Errno.ENOMEM;
    }

    private int highestFree(int count, int below) {
        int run = 0;
        for (int page = below - 1; page >= 0; page--) {
            run = pages[page] == USED ? 0 : run + 1;
            if (run == count) {
                return page;
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

    private void release(int from, int to) {
        byte[] map = pagesForChange();
        for (int page = from; page < to; page++) {
            map[page] = map[page] == USED ? DIRTY : map[page];
        }
        searchBelow = Math.max(searchBelow, to);
    }

    private long address(int page) {
        return areaStart + (long) page * PAGE;
    }

    /** The page index of an address, or -1 if the pages from there are not all between heap and guard. */
    private int index(long address, long count) {
        if (address < heapEnd || address % PAGE != 0 || count < 0) {
            return -1;
        }
        long page = (address - areaStart) / PAGE;
        return page <= areaPages && count <= areaPages - page ? (int) page : -1;
    }

    /** Takes pages at a given address, zeroed, in place of whatever was there (MAP_FIXED). */
    long takeAt(long address, long bytes) {
        long count = pagesOf(bytes);
        int start = count < 0 ? -1 : index(address, count);
        return start < 0 ? -Errno.ENOMEM : mark(start, (int) count);
    }

    /** munmap(2): gives pages back; those that were not taken do not matter. */
    long give(long address, long bytes) {
        long count = pagesOf(bytes);
        int start = count < 0 ? -1 : index(address, count);
        if (start < 0) {
            return -Errno.EINVAL;
        }
        release(start, start + (int) count);
        return 0;
    }

    /** mremap(2) without a wanted address: grows or shrinks in place, else moves if allowed. */
    long resize(long address, long oldBytes, long newBytes, boolean mayMove) {
        long oldCount = pagesOf(oldBytes);
        long newCount = pagesOf(newBytes);
        int start = oldCount < 0 || newCount < 0 ? -1 : index(address, oldCount);
        if (start < 0) {
            return -Errno.EINVAL;
        }
        if (newCount <= oldCount) {
            release(start + (int) newCount, start + (int) oldCount);
            return address;
        }
        int behind = start + (int) oldCount;
        if (newCount <= areaPages - start && isFree(behind, start + (int) newCount)) {
            mark(behind, (int) (newCount - oldCount));
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
