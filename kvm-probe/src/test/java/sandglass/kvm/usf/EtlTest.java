package sandglass.kvm.usf;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ExecutorService;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.usf.file.Assignment;

/** Oracle: a loopback server that knows what it served and what it received, and java.util.zip's CRC-32. */
@RequiresKvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EtlTest {

    private static final long MAX_DOCUMENT_BYTES = 20L << 20;
    private static final String CHECKSUM = """
            import zlib
            def handler(event, etl):
                data = etl.get(event)
                return [len(data), zlib.crc32(data), data.readonly]
            """;

    private final Map<String, byte[]> received = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private ServerSocket rude;
    private String url;
    private UsfFactory factory;
    private UsfPool pool;

    @BeforeAll
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/bytes/", exchange -> answer(exchange, 200,
                bytes(Integer.parseInt(exchange.getRequestURI().getPath().substring(7)))));
        server.createContext("/chunked", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes(5_000_000));
            }
        });
        server.createContext("/missing", exchange -> answer(exchange, 404, new byte[10]));
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/bytes/10");
            answer(exchange, 302, new byte[10]);
        });
        server.createContext("/silent", exchange -> { });
        server.createContext("/sink", exchange -> {
            received.put(exchange.getRequestURI().getPath(), exchange.getRequestBody().readAllBytes());
            answer(exchange, 200, new byte[3]);
        });
        server.start();
        rude = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        threads.execute(this::serveRudely);
        url = "http://127.0.0.1:" + server.getAddress().getPort();
        factory = new UsfFactory(UsfConfig.defaults().withTimeLimit(Duration.ofSeconds(60))
                .withAllowedHosts(Set.of("127.0.0.1")).withMaxDocumentBytes(MAX_DOCUMENT_BYTES), System::nanoTime);
        pool = new UsfPool(factory, System::nanoTime);
    }

    @AfterAll
    void close() throws IOException {
        pool.close();
        factory.close();
        rude.close();
        server.stop(0);
        threads.shutdownNow();
    }

    /** Announces ten bytes, and then: sends four and hangs up, or sends twenty. */
    private void serveRudely() {
        while (!rude.isClosed()) {
            try (Socket socket = rude.accept()) {
                byte[] request = new byte[4096];
                int count = socket.getInputStream().read(request);
                boolean tooFew = new String(request, 0, count, StandardCharsets.US_ASCII).startsWith("GET /few");
                String body = tooFew ? "1234" : "12345678901234567890";
                socket.getOutputStream().write(("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                assertThat(rude.isClosed()).isTrue();
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    private Outcome run(String source, String event) {
        return pool.invoke(source, '"' + event + '"').invocation().outcome();
    }

    private String failure(String path) {
        Outcome outcome = run(CHECKSUM, path.startsWith("/") ? url + path : path);
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        String traceback = ((Outcome.Failed) outcome).traceback();
        assertThat(traceback).contains("EtlError");
        return traceback;
    }

    @Test
    void documentsOfAnySizeArriveUnchangedAndReadOnly() {
        for (int size : new int[] {0, 1, 4095, 4096, 4097, 65_536, 2_097_152, 2_097_153, 9_999_999}) {
            assertThat(run(CHECKSUM, url + "/bytes/" + size)).as("%d bytes", size).isEqualTo(
                    new Outcome.Result("[" + size + ", " + crc(bytes(size)) + ", true]"));
        }
        assertThat(run(CHECKSUM, url + "/chunked")).isEqualTo(
                new Outcome.Result("[5000000, " + crc(bytes(5_000_000)) + ", true]"));
    }

    @Test
    void aGetIsOneExitWhateverTheSize() {
        for (int size : new int[] {10, 8_000_000}) {
            ExitCounts exits = pool.invoke(CHECKSUM, '"' + url + "/bytes/" + size + '"').invocation().exits();
            assertThat(exits.bySystemCall(factory.systemCalls())).containsEntry("ioctl", 1);
            assertThat(exits.total()).isLessThan(8);
        }
    }

    @Test
    void aPostIsOneExitWhateverTheSize() {
        String source = """
                def handler(event, etl):
                    etl.post(event + '/small', b'small')
                    etl.post(event + '/large', bytes(range(256)) * 20000)
                    return 0
                """;
        ExitCounts exits = pool.invoke(source, '"' + url + "/sink\"").invocation().exits();
        assertThat(exits.bySystemCall(factory.systemCalls())).containsEntry("writev", 2);
        assertThat(received.get("/sink/small")).isEqualTo("small".getBytes(StandardCharsets.US_ASCII));
        byte[] large = received.get("/sink/large");
        assertThat(large).hasSize(256 * 20_000);
        for (int i = 0; i < large.length; i++) {
            if (large[i] != (byte) i) {
                assertThat(large[i]).as("byte %d", i).isEqualTo((byte) i);
            }
        }
    }

    @Test
    void whatWasFetchedCanBeSentOnWithoutACopyInTheGuest() {
        Outcome outcome = run("""
                def handler(event, etl):
                    etl.post(event + '/sink/copy', etl.get(event + '/bytes/3000000'))
                    return 1
                """, url);
        assertThat(outcome).isEqualTo(new Outcome.Result("1"));
        assertThat(received.get("/sink/copy")).isEqualTo(bytes(3_000_000));
    }

    @Test
    void severalDocumentsAreThereAtOnceAndGoneAfterwards() {
        Outcome outcome = run("""
                import zlib
                def handler(event, etl):
                    documents = [etl.get(event + '/bytes/%d' % size) for size in (5, 5000, 3000000, 7)]
                    return [zlib.crc32(document) for document in documents]
                """, url);
        assertThat(outcome).isEqualTo(new Outcome.Result("[" + crc(bytes(5)) + ", " + crc(bytes(5000)) + ", "
                + crc(bytes(3_000_000)) + ", " + crc(bytes(7)) + "]"));
        // The window's address is no secret; what lies there must be gone.
        assertThat(run("""
                import sys
                def handler(event, etl):
                    window = sys.modules['__main__']._window
                    return bytes(window[0:5]).hex()
                """, "")).isInstanceOf(Outcome.Killed.class);
    }

    @Test
    void nothingBehindADocumentsEndIsLeftOverFromAnother() {
        run(CHECKSUM, url + "/bytes/2000000");
        assertThat(run("""
                import sys
                def handler(event, etl):
                    document = etl.get(event)
                    window = sys.modules['__main__']._window
                    return [len(document), any(window[len(document):4096])]
                """, url + "/bytes/100")).isEqualTo(new Outcome.Result("[100, false]"));
        assertThat(run("""
                import sys
                def handler(event, etl):
                    etl.get(event)
                    return sys.modules['__main__']._window[4096]
                """, url + "/bytes/100")).isInstanceOf(Outcome.Killed.class);
    }

    @Test
    void serversThatMisbehaveAreToldToTheFunction() {
        String rudeUrl = "http://127.0.0.1:" + rude.getLocalPort();
        assertThat(failure("/missing")).contains("answers 404");
        assertThat(failure("/moved")).contains("redirects are not followed");
        assertThat(failure("/bytes/" + (MAX_DOCUMENT_BYTES + 1))).contains("larger than");
        assertThat(failure(rudeUrl + "/few")).contains("EtlError");
        assertThat(run("def handler(event, etl):\n    return bytes(etl.get(event)).decode()\n", rudeUrl + "/many"))
                .isEqualTo(new Outcome.Result("\"1234567890\""));
        assertThat(failure("http://127.0.0.1:1/")).contains("EtlError");
    }

    @Test
    void aServerThatNeverAnswersCostsTheTimeLimit() {
        Outcome outcome = pool.invoke(CHECKSUM, '"' + url + "/silent\"", Assignment.NONE, Duration.ofSeconds(2)).invocation().outcome();
        // Either the function still gets to hear of it, or its time is up at the same moment.
        assertThat(outcome instanceof Outcome.Failed failed && failed.traceback().contains("in time")
                || outcome instanceof Outcome.Killed killed && killed.reason() instanceof Stop.OutOfTime)
                .as(outcome.toString()).isTrue();
    }

    @Test
    void onlyAllowedHostsAndHttpAreReachable() {
        assertThat(failure("http://example.org/")).contains("example.org:80 is not among the hosts allowed");
        assertThat(failure("http://localhost:1/")).contains("not among the hosts allowed");
        assertThat(failure("http://127.0.0.1.example.org/")).contains("not among the hosts allowed");
        assertThat(failure("http://127.0.0.1@example.org/")).contains("expected http://host/");
        assertThat(failure("file:///etc/passwd")).contains("expected http://host/");
        assertThat(failure("ftp://127.0.0.1/x")).contains("expected http://host/");
        assertThat(failure("/etc/passwd".substring(1))).contains("expected http://host/");
        assertThat(failure("http://127.0.0.1:65536/")).contains("no port has the number 65536");
        assertThat(failure("http://127.0.0.1:0/")).contains("no port has the number 0");
        assertThat(failure("http://127.0.0.1/ x")).contains("not a url");
        assertThat(failure("http://127.0.0.1/" + "x".repeat(2000))).contains("too long");
    }
}
