package sandglass.kvm.usf.etl;

import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/**
 * Sends guest memory as the body of a request, in pieces. Each piece is copied at the moment it is sent: the connection
 * may outlive the call that the memory belongs to.
 */
final class GuestBodyPublisher implements HttpRequest.BodyPublisher {

    private static final int PIECE_BYTES = 64 << 10;

    private final ByteBuffer[] parts;

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
        HttpRequest.BodyPublishers.ofByteArrays(() -> new Pieces(parts)).subscribe(subscriber);
    }

    /** The pieces of all parts in order. */
    private static final class Pieces implements java.util.Iterator<byte[]> {

        private final ByteBuffer[] parts;
        private int part;
        private int offset;

        Pieces(ByteBuffer[] parts) {
            this.parts = parts;
        }

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
                throw new java.util.NoSuchElementException();
            }
            byte[] piece = new byte[Math.min(PIECE_BYTES, parts[part].capacity() - offset)];
            parts[part].get(offset, piece);
            offset += piece.length;
            return piece;
        }
    }
}
