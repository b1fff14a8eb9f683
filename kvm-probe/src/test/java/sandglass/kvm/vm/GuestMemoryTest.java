package sandglass.kvm.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Oracle: the same range check in unbounded integers. */
class GuestMemoryTest {

    private static final int FIRST = 0x2000;
    private static final int SIZE = 0x10000;
    private static final long WINDOW = 0x1_0000_0000L;
    private static final int WINDOW_SIZE = 0x3000;

    private final GuestMemory memory = new GuestMemory(
            ByteBuffer.allocateDirect(SIZE).order(ByteOrder.LITTLE_ENDIAN), FIRST);

    @Test
    void rangesAreJudgedAsInUnboundedArithmetic() {
        memory.addWindow(WINDOW, ByteBuffer.allocate(WINDOW_SIZE), WINDOW_SIZE, true);
        long[] edges = {0, 1, 8, FIRST - 1, FIRST, FIRST + 1, SIZE - 8, SIZE - 1, SIZE, SIZE + 1, WINDOW - 1, WINDOW,
            WINDOW + WINDOW_SIZE - 1, WINDOW + WINDOW_SIZE, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE,
            -1, -8, -4096};
        Random random = new Random(7);
        for (long address : edges) {
            for (long length : edges) {
                assertJudgement(address, length);
                assertJudgement(address, length + random.nextInt(5) - 2);
                assertJudgement(address + random.nextInt(5) - 2, length);
            }
        }
        for (int i = 0; i < 100_000; i++) {
            assertJudgement(random.nextInt(2 * SIZE), random.nextInt(2 * SIZE));
            assertJudgement(random.nextLong(), random.nextLong());
        }
    }

    private void assertJudgement(long address, long length) {
        boolean expected = inside(address, length, FIRST, SIZE) || inside(address, length, WINDOW,
                WINDOW + WINDOW_SIZE);
        assertThat(memory.isWritable(address, length)).as("0x%x + 0x%x", address, length).isEqualTo(expected);
    }

    private static boolean inside(long address, long length, long from, long to) {
        BigInteger start = new BigInteger(Long.toUnsignedString(address));
        BigInteger end = start.add(new BigInteger(Long.toUnsignedString(length)));
        return start.compareTo(BigInteger.valueOf(from)) >= 0 && end.compareTo(BigInteger.valueOf(to)) <= 0;
    }

    @Test
    void everyAccessorRefusesWhatTheGuestMayNotUse() {
        for (long bad : new long[] {0, FIRST - 1, SIZE - 3, SIZE, -4, Long.MAX_VALUE, WINDOW}) {
            assertThatThrownBy(() -> memory.getInt(bad)).isInstanceOf(GuestFaultException.class);
            assertThatThrownBy(() -> memory.getLong(bad)).isInstanceOf(GuestFaultException.class);
            assertThatThrownBy(() -> memory.putInt(bad, 1)).isInstanceOf(GuestFaultException.class);
            assertThatThrownBy(() -> memory.putLong(bad, 1)).isInstanceOf(GuestFaultException.class);
            assertThatThrownBy(() -> memory.put(bad, new byte[4])).isInstanceOf(GuestFaultException.class);
            assertThatThrownBy(() -> memory.put(bad, ByteBuffer.allocate(4), 0, 4))
                    .isInstanceOf(GuestFaultException.class);
            assertThatThrownBy(() -> memory.bytes(bad, 4)).isInstanceOf(GuestFaultException.class);
            assertThatThrownBy(() -> memory.zero(bad, 4)).isInstanceOf(GuestFaultException.class);
            assertThatThrownBy(() -> memory.view(bad, 4)).isInstanceOf(GuestFaultException.class);
        }
    }

    @Test
    void whatIsReadOnlyCanBeReadAndNotWritten() {
        memory.put(FIRST + 100, new byte[] {9});
        memory.addReadOnly(FIRST + 100, 50);
        assertThat(memory.bytes(FIRST + 100, 1)).containsExactly(9);
        assertThat(memory.isWritable(FIRST + 92, 8)).isTrue();
        assertThat(memory.isWritable(FIRST + 150, 8)).isTrue();
        for (long bad : new long[] {FIRST + 93, FIRST + 100, FIRST + 149}) {
            assertThat(memory.isWritable(bad, 8)).isFalse();
            assertThatThrownBy(() -> memory.putLong(bad, 1)).isInstanceOf(GuestFaultException.class);
            assertThatThrownBy(() -> memory.put(bad, new byte[8])).isInstanceOf(GuestFaultException.class);
            assertThatThrownBy(() -> memory.zero(bad, 8)).isInstanceOf(GuestFaultException.class);
        }
        assertThat(memory.isWritable(FIRST, 200)).isFalse();
    }

    @Test
    void stringsEndAtTheirZeroAndInsideMemory() {
        memory.put(FIRST, "a/ü\0b".getBytes(StandardCharsets.UTF_8));
        assertThat(memory.cString(FIRST, 100)).isEqualTo("a/ü");
        assertThat(memory.cString(FIRST, 3)).isNull();
        memory.put(SIZE - 2, new byte[] {'x', 'y'});
        assertThatThrownBy(() -> memory.cString(SIZE - 2, 100)).isInstanceOf(GuestFaultException.class);
        assertThatThrownBy(() -> memory.cString(0, 100)).isInstanceOf(GuestFaultException.class);
    }

    @Test
    void zeroingTouchesExactlyItsRange() {
        byte[] ones = new byte[64];
        java.util.Arrays.fill(ones, (byte) 1);
        for (int from = 0; from < 16; from++) {
            for (int length = 0; length < 32; length++) {
                memory.put(FIRST, ones);
                memory.zero(FIRST + from, length);
                for (int i = 0; i < 64; i++) {
                    assertThat(memory.ram().get(FIRST + i)).isEqualTo((byte) (i >= from && i < from + length ? 0 : 1));
                }
            }
        }
    }
}
