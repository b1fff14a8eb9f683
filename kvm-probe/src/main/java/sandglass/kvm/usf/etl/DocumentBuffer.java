package sandglass.kvm.usf.etl;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A pooled buffer that grows with the document that is received into it. Not thread-safe. */
final class DocumentBuffer {

    private static final int LEAST_ROOM_BYTES = 64 << 10;

    private final BufferPool pool;
    private final long limitBytes;
    private BufferPool.Buffer buffer;
    private long sizeBytes;

    DocumentBuffer(BufferPool pool, long limitBytes) {
        this.pool = pool;
        this.limitBytes = limitBytes;
    }

    /**
     * Makes room for so much more.
     *
     * @throws IOException if that is more than a document may have
     */
    void expect(long moreBytes) throws IOException {
        if (moreBytes > limitBytes - sizeBytes) {
            throw tooLarge();
        }
        ensureCapacity(sizeBytes + moreBytes);
    }

    private IOException tooLarge() {
        return new IOException("document is larger than " + limitBytes + " bytes");
    }

    private void ensureCapacity(long wantedBytes) {
        if (buffer == null) {
            buffer = pool.take(wantedBytes);
        } else if (buffer.sizeBytes() < wantedBytes) {
            BufferPool.Buffer larger = pool.take(wantedBytes);
            larger.bytes().put(0, buffer.bytes(), 0, (int) sizeBytes);
            pool.give(buffer);
            buffer = larger;
        }
    }

    /** Free space behind what is there, at most this much; empty if the document has the size that one may have. */
    ByteBuffer room(long mostBytes) {
        long allowed = Math.min(mostBytes, limitBytes - sizeBytes);
        ensureCapacity(sizeBytes + Math.min(allowed, LEAST_ROOM_BYTES));
        return buffer.bytes().slice((int) sizeBytes, (int) Math.min(allowed, buffer.sizeBytes() - sizeBytes));
    }

    /** Says how much was put into the room. */
    void added(int count) {
        sizeBytes += count;
    }

    /** Appends a copy. */
    void add(ByteBuffer part) throws IOException {
        int count = part.remaining();
        if (sizeBytes + count > limitBytes) {
            throw tooLarge();
        }
        ensureCapacity(sizeBytes + count);
        buffer.bytes().put((int) sizeBytes, part, part.position(), count);
        sizeBytes += count;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /** Hands the buffer over to the caller. */
    BufferPool.Buffer release() {
        ensureCapacity(0);
        BufferPool.Buffer released = buffer;
        buffer = null;
        return released;
    }

    /** Gives the buffer back to the pool. */
    void discard() {
        if (buffer != null) {
            pool.give(buffer);
            buffer = null;
        }
    }
}
