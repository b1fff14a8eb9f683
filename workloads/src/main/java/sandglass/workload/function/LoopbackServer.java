package sandglass.workload.function;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An HTTP server on the loopback interface: GET gives the documents it was told to serve, POST keeps what was sent
 * until it is taken. Safe for use by several threads.
 */
public final class LoopbackServer implements AutoCloseable {

    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Map<String, byte[]> documents = new ConcurrentHashMap<>();
    private final Map<String, byte[]> posted = new ConcurrentHashMap<>();
    private final AtomicLong gets = new AtomicLong();
    private final AtomicLong posts = new AtomicLong();

    /** Listens on a free port. */
    public LoopbackServer() {
        // The JDK's server writes head and body of an answer separately; without this each answer waits 40 ms for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on the loopback interface", e);
        }
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "loopback-server");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** The address of a path that starts with a slash. */
    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** Serves a document from now on; gives its address. */
    public String serve(String path, byte[] document) {
        documents.put(path, document);
        return url(path);
    }

    /** What was last posted to this path, once. */
    public Optional<byte[]> take(String path) {
        return Optional.ofNullable(posted.remove(path));
    }

    /** How many documents were fetched. */
    public long gets() {
        return gets.get();
    }

    /** How many documents were posted. */
    public long posts() {
        return posts.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            switch (exchange.getRequestMethod()) {
                case "GET" -> send(exchange, documents.get(path));
                case "POST" -> {
                    posted.put(path, exchange.getRequestBody().readAllBytes());
                    posts.incrementAndGet();
                    exchange.sendResponseHeaders(NO_CONTENT, -1);
                }
                default -> exchange.sendResponseHeaders(METHOD_NOT_ALLOWED, -1);
            }
        }
    }

    private void send(HttpExchange exchange, byte[] document) throws IOException {
        if (document == null) {
            exchange.sendResponseHeaders(NOT_FOUND, -1);
            return;
        }
        gets.incrementAndGet();
        exchange.sendResponseHeaders(OK, document.length == 0 ? -1 : document.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(document);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
