package sandglass.kvm.sys;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import jnr.ffi.Pointer;

/**
 * A range of this process's address space made by mmap(2), and its only owner. After {@link #close()} a buffer
 * obtained earlier must not be touched: the range may belong to somebody else.
 */
public final class Mapping implements AutoCloseable {

    private final Pointer start;
    private final long sizeBytes;
    private ByteBuffer bytes;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Mapping(Pointer start, long sizeBytes) {
        this.start = start;
        this.sizeBytes = sizeBytes;
        // Safe: the range is ours until close(), and the buffer's bounds are the range's.
        this.bytes = MemoryIO.getInstance().newDirectByteBuffer(start.address(), Math.toIntExact(sizeBytes))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Where it starts in this process. */
    public long address() {
        return start.address();
    }

    /** Its length in bytes, at most 2 GiB - 1. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** The memory itself, little-endian. Use absolute accesses: position and limit are shared by all users. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /**
     * madvise(2) on a part of the range.
     *
     * @throws IndexOutOfBoundsException if the part is not inside the range
     * @throws SystemCallException       if the kernel refuses
     */
    public void advise(Linux.Advice advice, long offset, long lengthBytes) {
        Linux.madvise(part(offset, lengthBytes), lengthBytes, advice);
    }

    /**
     * Maps fresh, zeroed, private memory in place of a part.
     *
     * @throws IndexOutOfBoundsException if the part is not inside the range
     * @throws SystemCallException       if the kernel refuses
     */
    public void replaceByAnonymous(long offset, long lengthBytes) {
        Linux.mapAnonymousOver(part(offset, lengthBytes), lengthBytes);
    }

    /**
     * Maps a file in place of a part, from the same offset on.
     *
     * @throws IndexOutOfBoundsException if the part is not inside the range
     * @throws SystemCallException       if the kernel refuses
     */
    public void replaceByFile(Fd file, long offset, long lengthBytes, Linux.Sharing sharing) {
        Linux.mapOver(part(offset, lengthBytes), lengthBytes, file, offset, sharing);
    }

    private Pointer part(long offset, long lengthBytes) {
        Objects.checkFromIndexSize(offset, lengthBytes, sizeBytes);
        if (!open.get()) {
            throw new IllegalStateException("mapping is closed");
        }
        return start.slice(offset, lengthBytes);
    }

    @Override
    public void close() {
        if (open.getAndSet(false)) {
            bytes = ByteBuffer.allocate(0);
            Linux.munmap(start, sizeBytes);
        }
    }
}
