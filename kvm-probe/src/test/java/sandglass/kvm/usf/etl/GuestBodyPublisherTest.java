package sandglass.kvm.usf.etl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

/** Bodies from guest memory. Oracle: the bytes that were there while the call lasted, and none after it. */
class GuestBodyPublisherTest {

    private final ByteBuffer memory = ByteBuffer.allocateDirect(200_000);

    @Test
    void allPartsAreSentInOrder() {
        for (int i = 0; i < memory.capacity(); i++) {
            memory.put(i, (byte) i);
        }
        Connection connection = new Connection();
        try (GuestBodyPublisher publisher = new GuestBodyPublisher(new ByteBuffer[] {memory.slice(0, 100_000), memory.slice(100_000, 100_000)})) {
            assertThat(publisher.contentLength()).isEqualTo(200_000);
            publisher.subscribe(connection);
            connection.subscription.request(Long.MAX_VALUE);
        }
        assertThat(connection.failure).isNull();
        assertThat(connection.sent).hasSize(200_000);
        assertThat(connection.sent.get(123_456)).isEqualTo((byte) 123_456);
    }

    @Test
    void nothingIsReadOnceTheCallIsOver() {
        Connection connection = new Connection();
        GuestBodyPublisher publisher = new GuestBodyPublisher(new ByteBuffer[] {memory});
        publisher.subscribe(connection);
        connection.subscription.request(1);
        int during = connection.sent.size();
        publisher.close();
        memory.put(during, (byte) 42);
        connection.subscription.request(Long.MAX_VALUE);
        assertThat(during).isBetween(1, 199_999);
        assertThat(connection.sent).doesNotContain((byte) 42);
        assertThat(connection.failure).isInstanceOf(IllegalStateException.class);
    }

    /** What a client does with a body, by hand. */
    private static final class Connection implements Flow.Subscriber<ByteBuffer> {

        private final List<Byte> sent = new ArrayList<>();
        private Flow.Subscription subscription;
        private Throwable failure;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(ByteBuffer piece) {
            while (piece.hasRemaining()) {
                sent.add(piece.get());
            }
        }

        @Override
        public void onError(Throwable thrown) {
            failure = thrown;
        }

        @Override
        public void onComplete() {
            // The body has been sent.
        }
    }
}
