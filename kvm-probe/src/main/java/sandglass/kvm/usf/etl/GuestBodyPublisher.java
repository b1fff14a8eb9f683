package sandglass.kvm.usf.etl;

import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.Flow;

/**
 * Sends guest memory as the body of a request, in pieces. Each piece is copied at the moment it is sent, and none once the call that the
 * memory belongs to is over: a connection may outlive it, and what lies there then is the next function's.
 */
final class GuestBodyPublisher implements HttpRequest.BodyPublisher, AutoCloseable {

    private static final int PIECE_BYTES = 64 << 10;

    private final ByteBuffer[] parts;
    private boolean over;

    GuestBodyPublisher(ByteBuffer[] parts) {
        this.parts = parts;
    }

    @Override
    public long contentLength() {
        long total = 0;
        for (ByteBuffer part : parts) {
            total += part.capacity();
        }
        return total;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        HttpRequest.BodyPublishers.ofByteArrays(() -> new Pieces()).subscribe(subscriber);
    }

    /** Ends the call: waits for a piece that is being copied, and refuses all that follow. */
    @Override
    public synchronized void close() {
        over = true;
    }

    private synchronized byte[] copy(ByteBuffer part, int offset) {
        if (over) {
            throw new IllegalStateException("the call that sent this is over");
        }
        byte[] piece = new byte[Math.min(PIECE_BYTES, part.capacity() - offset)];
        part.get(offset, piece);
        return piece;
    }

    /** The pieces of all parts in order. */
    private final class Pieces implements Iterator<byte[]> {

        private int part;
        private int offset;

        @Override
        public boolean hasNext() {
            while (part < parts.length && offset == parts[part].capacity()) {
                part++;
                offset = 0;
            }
            return part < parts.length;
        }

        @Override
        public byte[] next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            byte[] piece = copy(parts[part], offset);
            offset += piece.length;
            return piece;
        }
    }
}
