package sandglass.kvm.usf.etl;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Receives a document into a pooled buffer. A download that was given up may still deliver; after {@link #abandon} such
 * bytes are dropped, because by then the buffer may hold somebody else's document.
 */
final class DocumentReceiver implements HttpResponse.BodySubscriber<Long> {

    private final BufferPool pool;
    private final long limitBytes;
    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private Flow.Subscription subscription;
    private BufferPool.Buffer buffer;
    private long sizeBytes;
    private boolean abandoned;

    DocumentReceiver(BufferPool pool, long limitBytes) {
        this.pool = pool;
        this.limitBytes = limitBytes;
    }

    /** Announces a length; what then comes may be more or less. */
    synchronized void expect(long announcedBytes) {
        ensureCapacity(Math.max(0, Math.min(announcedBytes, limitBytes)));
    }

    synchronized long sizeBytes() {
        return sizeBytes;
    }

    /** Hands the buffer over to the caller. */
    synchronized BufferPool.Buffer release() {
        ensureCapacity(0);
        BufferPool.Buffer released = buffer;
        buffer = null;
        abandoned = true;
        return released;
    }

    /** Gives the buffer back; nothing will be written to it any more. */
    synchronized void abandon() {
        abandoned = true;
        if (buffer != null) {
            pool.give(buffer);
            buffer = null;
        }
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

    @Override
    public CompletionStage<Long> getBody() {
        return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        subscription = newSubscription;
        newSubscription.request(Long.MAX_VALUE);
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> parts) {
        if (abandoned) {
            return;
        }
        for (ByteBuffer part : parts) {
            int count = part.remaining();
            if (sizeBytes + count > limitBytes) {
                subscription.cancel();
                done.completeExceptionally(new IOException("document is larger than " + limitBytes + " bytes"));
                return;
            }
            ensureCapacity(sizeBytes + count);
            buffer.bytes().put((int) sizeBytes, part, part.position(), count);
            sizeBytes += count;
        }
    }

    @Override
    public void onError(Throwable failure) {
        done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        done.complete(sizeBytes);
    }
}
