package sandglass.kvm.usf.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.vm.GuestMemory;

/** Oracle: a list of the ranges handed out, kept by the test, in which no two may overlap and all must start zeroed. */
class PageAllocatorTest {

    private static final int PAGE = 4096;
    private static final long HEAP = 0x600000;

    private final GuestLayout layout = new GuestLayout(GuestLayout.MIN_RAM_BYTES);
    private final GuestMemory memory = new GuestMemory(
            ByteBuffer.allocateDirect((int) layout.ramBytes()).order(ByteOrder.LITTLE_ENDIAN),
            GuestLayout.FIRST_USER_ADDRESS);
    private final PageAllocator allocator = new PageAllocator(memory, layout, HEAP);

    @Test
    void rangesNeverOverlapAndAlwaysStartZeroed() {
        Random random = new Random(11);
        TreeMap<Long, Long> taken = new TreeMap<>();
        long heapEnd = HEAP;
        for (int step = 0; step < 5_000; step++) {
            int choice = random.nextInt(10);
            if (choice < 5) {
                long bytes = (1 + random.nextInt(40)) * (long) PAGE;
                long address = allocator.take(bytes);
                if (address > 0) {
                    claim(taken, address, bytes, heapEnd);
                }
            } else if (choice < 8 && !taken.isEmpty()) {
                long address = pick(taken, random);
                assertThat(allocator.give(address, taken.remove(address))).isZero();
            } else if (choice == 8 && !taken.isEmpty()) {
                long address = pick(taken, random);
                long oldBytes = taken.remove(address);
                long newBytes = (1 + random.nextInt(60)) * (long) PAGE;
                long moved = allocator.resize(address, oldBytes, newBytes, true);
                if (moved > 0) {
                    assertThat(memory.ram().get((int) moved)).isEqualTo((byte) 1);
                    claimGrown(taken, moved, oldBytes, newBytes, heapEnd);
                } else {
                    taken.put(address, oldBytes);
                }
            } else {
                heapEnd = moveHeap(taken, heapEnd, random);
            }
        }
    }

    private long moveHeap(TreeMap<Long, Long> taken, long heapEnd, Random random) {
        long wanted = HEAP + random.nextInt(8 << 20);
        long end = allocator.moveHeapEnd(wanted);
        boolean possible = taken.isEmpty() || (wanted + PAGE - 1) / PAGE * PAGE <= taken.firstKey();
        assertThat(end).isEqualTo(possible ? wanted : heapEnd);
        int old = 0;
        for (long at = heapEnd; at < end; at++) {
            old |= memory.ram().get((int) at);
            memory.ram().put((int) at, (byte) 1);
        }
        assertThat(old).isZero();
        return end;
    }

    private static long pick(TreeMap<Long, Long> taken, Random random) {
        Long address = taken.ceilingKey(HEAP + random.nextInt((int) (GuestLayout.MIN_RAM_BYTES - HEAP)));
        return address != null ? address : taken.firstKey();
    }

    private void claim(TreeMap<Long, Long> taken, long address, long bytes, long heapEnd) {
        claimGrown(taken, address, 0, bytes, heapEnd);
    }

    private void claimGrown(TreeMap<Long, Long> taken, long address, long oldBytes, long bytes, long heapEnd) {
        assertThat(address % PAGE).isZero();
        assertThat(address).isGreaterThanOrEqualTo(heapEnd);
        assertThat(address + bytes).isLessThanOrEqualTo(layout.guardStart());
        Map.Entry<Long, Long> before = taken.lowerEntry(address + bytes);
        assertThat(before == null || before.getKey() + before.getValue() <= address).isTrue();
        int old = 0;
        for (long at = address + oldBytes; at < address + bytes; at += PAGE) {
            old |= memory.ram().get((int) at);
        }
        assertThat(old).isZero();
        for (long at = address; at < address + bytes; at += PAGE) {
            memory.ram().put((int) at, (byte) 1);
        }
        taken.put(address, bytes);
    }

    @Test
    void impossibleSizesAreRefused() {
        assertThat(allocator.take(0)).isEqualTo(-Errno.EINVAL);
        assertThat(allocator.take(-1)).isEqualTo(-Errno.EINVAL);
        assertThat(allocator.take(Long.MAX_VALUE)).isEqualTo(-Errno.EINVAL);
        assertThat(allocator.take(Long.MAX_VALUE - PAGE)).isEqualTo(-Errno.ENOMEM);
        assertThat(allocator.take(layout.ramBytes())).isEqualTo(-Errno.ENOMEM);
        for (long address : new long[] {0, 0x1000, HEAP - PAGE, layout.guardStart(), -PAGE, Long.MIN_VALUE, 7}) {
            assertThat(allocator.takeAt(address, PAGE)).isNegative();
            assertThat(allocator.give(address, PAGE)).isNegative();
            assertThat(allocator.resize(address, PAGE, 2 * PAGE, true)).isNegative();
            assertThat(allocator.moveHeapEnd(address == HEAP ? 0 : address)).isIn(HEAP, layout.guardStart());
            allocator.moveHeapEnd(HEAP);
        }
        assertThat(allocator.resize(HEAP, Long.MAX_VALUE, 1, true)).isNegative();
        assertThat(allocator.resize(HEAP, PAGE, Long.MAX_VALUE, true)).isNegative();
    }

    @Test
    void allOfMemoryCanBeTaken() {
        long total = 0;
        while (allocator.take(PAGE) > 0) {
            total += PAGE;
        }
        assertThat(total).isEqualTo(layout.guardStart() - HEAP);
        assertThat(allocator.moveHeapEnd(HEAP + 1)).isEqualTo(HEAP);
    }

    @Test
    void aRestoredAllocatorForgetsWhatHappenedSince() {
        long kept = allocator.take(PAGE);
        PageAllocator.State state = allocator.capture();
        long lost = allocator.take(PAGE);
        allocator.give(kept, PAGE);
        allocator.restore(state);
        assertThat(allocator.take(PAGE)).isEqualTo(lost);
        allocator.restore(state);
        assertThat(allocator.take(PAGE)).isEqualTo(lost);
    }
}
