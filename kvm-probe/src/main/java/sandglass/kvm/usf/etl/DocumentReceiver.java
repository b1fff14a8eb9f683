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

    private final DocumentBuffer buffer;
    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private Flow.Subscription subscription;
    private boolean abandoned;

    DocumentReceiver(DocumentBuffer buffer) {
        this.buffer = buffer;
    }

    /** From now on nothing is written to the buffer any more. */
    synchronized void abandon() {
        abandoned = true;
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
        try {
            for (ByteBuffer part : parts) {
                buffer.add(part);
            }
        } catch (IOException tooLarge) {
            subscription.cancel();
            done.completeExceptionally(tooLarge);
        }
    }

    @Override
    public void onError(Throwable failure) {
        done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        done.complete(buffer.sizeBytes());
    }
}
