package sandglass.workload.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Oracle: another implementation of HTTP, the JDK's client. */
class LoopbackServerTest {

    private final HttpClient client = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void servesAndKeepsDocuments() throws IOException, InterruptedException {
        byte[] large = new byte[5_000_000];
        new SplittableRandom(1).nextBytes(large);
        try (LoopbackServer server = new LoopbackServer()) {
            assertThat(send(HttpRequest.newBuilder(URI.create(server.serve("/a/large", large)))).body())
                    .isEqualTo(large);
            assertThat(send(HttpRequest.newBuilder(URI.create(server.serve("/empty", new byte[0])))).body()).isEmpty();
            assertThat(send(HttpRequest.newBuilder(URI.create(server.url("/none")))).statusCode()).isEqualTo(404);
            assertThat(send(HttpRequest.newBuilder(URI.create(server.url("/out")))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(large)))
                    .statusCode()).isEqualTo(204);
            assertThat(send(HttpRequest.newBuilder(URI.create(server.url("/out"))).DELETE()).statusCode())
                    .isEqualTo(405);
            assertThat(server.take("/out")).hasValueSatisfying(body -> assertThat(body).isEqualTo(large));
            assertThat(server.take("/out")).isEmpty();
            assertThat(server.gets()).isEqualTo(2);
            assertThat(server.posts()).isEqualTo(1);
        }
    }
}
