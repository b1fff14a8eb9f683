package sandglass.kvm.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The far end of GET and POST on the loopback interface: {@code GET /bytes/N} gives N bytes, other paths what the caller's
 * documents hold; {@code POST} takes anything. It answers at once and copies nothing, so that a measurement shows the
 * client: the JDK's own server waits for delayed acknowledgements between headers and body (RFC 896).
 */
public final class DocumentServer implements AutoCloseable {

    /** In an event, stands for this server's address, for example {@code ${server}/bytes/1000}. */
    public static final String PLACEHOLDER = "${server}";

    /** Few, since each makes the process larger in which unikernels are made. */
    private static final int READY = 8;
    private static final int HEAD_BYTES = 16 << 10;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final Pattern BYTES = Pattern.compile("/bytes/(\\d{1,12})");
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length:\\s*(\\d{1,18})\\s*$");

    private final ServerSocketChannel listener;
    private final Set<ServerSocketChannel> furtherListeners = ConcurrentHashMap.newKeySet();
    private final Function<String, Optional<byte[]>> documents;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedDeque<Buffers> spare = new ConcurrentLinkedDeque<>();
    private final AtomicLong postedBytes = new AtomicLong();
    private final ThreadPoolExecutor threads;

    /** @param documents what a GET of a path gives; a path begins with a slash */
    public DocumentServer(Function<String, Optional<byte[]>> documents) {
        this(documents, READY);
    }

    /**
     * One with so many threads from the beginning: among guests that spin, making one takes so long that those who wait behind it think nobody
     * answers.
     */
    public DocumentServer(Function<String, Optional<byte[]>> documents, int ready) {
        this.documents = documents;
        threads = new ThreadPoolExecutor(ready, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "document-server");
            thread.setDaemon(true);
            return thread;
        });
        for (int i = 0; i < CHUNK_BYTES; i++) {
            chunk.put(i, (byte) ('a' + i % 26));
        }
        threads.prestartAllCoreThreads();
        try {
            listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on the loopback interface", e);
        }
        threads.execute(() -> accept(listener));
    }

    /** Serves those who come to another socket, too; closes it in the end. */
    public void serveAt(ServerSocketChannel further) {
        furtherListeners.add(further);
        threads.execute(() -> accept(further));
    }

    /** The port on which it listens. */
    public int port() {
        return listener.socket().getLocalPort();
    }

    /** Where it listens, {@code host:port}. */
    public String hostAndPort() {
        return "127.0.0.1:" + listener.socket().getLocalPort();
    }

    /** Its address without a slash at the end. */
    public String url() {
        return "http://" + hostAndPort();
    }

    /** How many bytes were posted so far. */
    public long postedBytes() {
        return postedBytes.get();
    }

    private void accept(ServerSocketChannel from) {
        try {
            while (true) {
                SocketChannel connection = from.accept();
                connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
                connections.add(connection);
                threads.execute(() -> serve(connection));
            }
        } catch (IOException closed) {
            connections.forEach(DocumentServer::hangUp);
        }
    }

    /** Where a request's head and body go. A new megabyte for each connection would take longer than a small request. */
    private record Buffers(ByteBuffer in, ByteBuffer sink) {
        Buffers() {
            this(ByteBuffer.allocateDirect(HEAD_BYTES), ByteBuffer.allocateDirect(CHUNK_BYTES));
        }
    }

    /** Serves one client until it hangs up; whatever it did wrong is its own affair. */
    private void serve(SocketChannel connection) {
        Buffers buffers = Optional.ofNullable(spare.poll()).orElseGet(Buffers::new);
        ByteBuffer in = buffers.in().clear();
        try {
            for (Optional<String> head = head(connection, in); head.isPresent(); head = head(connection, in)) {
                answer(connection, head.get(), in, buffers.sink());
            }
        } catch (IOException broken) {
            // Its client has gone, or is no client of ours.
        } finally {
            spare.push(buffers);
            hangUp(connection);
            connections.remove(connection);
        }
    }

    /** The next request's head; what follows it is left in {@code in}, ready to be read. */
    private static Optional<String> head(SocketChannel connection, ByteBuffer in) throws IOException {
        while (true) {
            String text = StandardCharsets.ISO_8859_1.decode(in.duplicate().flip()).toString();
            int end = text.indexOf("\r\n\r\n");
            if (end >= 0) {
                in.flip().position(end + 4);
                in.compact();
                return Optional.of(text.substring(0, end));
            }
            if (!in.hasRemaining() || connection.read(in) < 0) {
                return Optional.empty();
            }
        }
    }

    private void answer(SocketChannel connection, String head, ByteBuffer in, ByteBuffer sink) throws IOException {
        String[] request = head.substring(0, Math.max(0, head.indexOf("\r\n"))).split(" ");
        String path = request.length > 1 ? request[1] : "";
        switch (request[0]) {
            case "GET" -> get(connection, path);
            case "POST" -> post(connection, head, in, sink);
            default -> send(connection, "405 Method Not Allowed", 0);
        }
    }

    private void get(SocketChannel connection, String path) throws IOException {
        Matcher bytes = BYTES.matcher(path);
        if (bytes.matches()) {
            long left = Long.parseLong(bytes.group(1));
            send(connection, "200 OK", left);
            while (left > 0) {
                ByteBuffer part = chunk.duplicate().clear();
                left -= write(connection, part.limit((int) Math.min(part.capacity(), left)));
            }
            return;
        }
        Optional<byte[]> document = documents.apply(path);
        send(connection, document.isPresent() ? "200 OK" : "404 Not Found", document.map(d -> d.length).orElse(0));
        if (document.isPresent()) {
            write(connection, ByteBuffer.wrap(document.get()));
        }
    }

    private void post(SocketChannel connection, String head, ByteBuffer in, ByteBuffer sink) throws IOException {
        Matcher length = LENGTH.matcher(head);
        if (!length.find()) {
            send(connection, "411 Length Required", 0);
            throw new IOException("a body without length");
        }
        long total = Long.parseLong(length.group(1));
        long left = total - Math.min(total, in.position());
        in.flip().position((int) (total - left));
        in.compact();
        while (left > 0) {
            int read = connection.read(sink.clear().limit((int) Math.min(sink.capacity(), left)));
            if (read < 0) {
                throw new IOException("the body ended early");
            }
            left -= read;
        }
        postedBytes.addAndGet(total);
        send(connection, "200 OK", 0);
    }

    private static void send(SocketChannel connection, String status, long length) throws IOException {
        write(connection, StandardCharsets.ISO_8859_1.encode("HTTP/1.1 " + status + "\r\nContent-Length: " + length + "\r\n\r\n"));
    }

    private static long write(SocketChannel connection, ByteBuffer data) throws IOException {
        long written = 0;
        while (data.hasRemaining()) {
            written += connection.write(data);
        }
        return written;
    }

    private static void hangUp(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a connection", e);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (ServerSocketChannel further : furtherListeners) {
                further.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop listening", e);
        }
        threads.shutdownNow();
    }
}
