package sandglass.kvm.usf.etl;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;

/**
 * Buffers for documents, kept for reuse: the first touch of fresh memory costs more than the download. Sizes are powers
 * of two from 2 MiB, so that the host can use large pages.
 */
public final class BufferPool implements AutoCloseable {

    private static final int MIN_SHIFT = 21;
    private static final int MAX_SHIFT = 30;

    private final long keptBytesLimit;
    private final List<ArrayDeque<Buffer>> free = new ArrayList<>();
    private long keptBytes;
    private boolean closed;

    /** A buffer that belongs to whoever took it. */
    record Buffer(Mapping mapping, ByteBuffer bytes, int shift) {

        long sizeBytes() {
            return 1L << shift;
        }
    }

    /** @param keptBytesLimit buffers beyond this are freed when they come back */
    public BufferPool(long keptBytesLimit) {
        this.keptBytesLimit = keptBytesLimit;
        for (int shift = MIN_SHIFT; shift <= MAX_SHIFT; shift++) {
            free.add(new ArrayDeque<>());
        }
    }

    /** A buffer of at least this size, at most 1 GiB, with arbitrary contents. */
    synchronized Buffer take(long sizeBytes) {
        int shift = Math.max(MIN_SHIFT, Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, sizeBytes - 1)));
        if (shift > MAX_SHIFT) {
            throw new IllegalArgumentException("buffer of " + sizeBytes + " bytes, at most 1 GiB");
        }
        Buffer kept = free.get(shift - MIN_SHIFT).poll();
        if (kept != null) {
            keptBytes -= kept.sizeBytes();
            return kept;
        }
        Mapping mapping = Linux.mapAnonymous(1L << shift);
        mapping.advise(Linux.Advice.HUGEPAGE, 0, mapping.sizeBytes());
        return new Buffer(mapping, mapping.bytes(), shift);
    }

    /** Takes a buffer back. */
    synchronized void give(Buffer buffer) {
        if (closed || keptBytes + buffer.sizeBytes() > keptBytesLimit) {
            buffer.mapping.close();
        } else {
            keptBytes += buffer.sizeBytes();
            free.get(buffer.shift - MIN_SHIFT).push(buffer);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        free.forEach(buffers -> {
            buffers.forEach(buffer -> buffer.mapping.close());
            buffers.clear();
        });
    }
}
