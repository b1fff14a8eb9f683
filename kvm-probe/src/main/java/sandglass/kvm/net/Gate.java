package sandglass.kvm.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The way from sandboxes to hosts beyond the gateway: a proxy that knows CONNECT alone (RFC 9110, section 9.3.6) and lets through to allowed
 * hosts only, whatever a function does to the runner in its sandbox. Names are resolved here, so sandboxes need no resolver.
 */
public final class Gate implements AutoCloseable {

    private static final int HEAD_BYTES = 8 << 10;
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int CONNECT_LIMIT_MS = 10_000;
    private static final Pattern CONNECT = Pattern.compile("CONNECT ([^\\s:]+|\\[[0-9a-fA-F:]+]):(\\d{1,5}) HTTP/1\\.[01]\r\n(?s:.*)");

    private final ServerSocketChannel listener;
    private final Set<String> allowedHosts;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "gate");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Begins to listen.
     *
     * @param listener     where the sandboxes come; closed with this
     * @param allowedHosts {@code host} for all its ports, or {@code host:port}
     */
    public Gate(ServerSocketChannel listener, Set<String> allowedHosts) {
        this.listener = listener;
        this.allowedHosts = Set.copyOf(allowedHosts);
        threads.execute(this::accept);
    }

    /** The port on which it listens. */
    public int port() {
        return listener.socket().getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel sandbox = listener.accept();
                connections.add(sandbox);
                threads.execute(() -> serve(sandbox));
            }
        } catch (IOException closed) {
            connections.forEach(Gate::hangUp);
        }
    }

    /** Whatever breaks off ends this one connection; the function gets an error of its own. */
    private void serve(SocketChannel sandbox) {
        try {
            String head = head(sandbox);
            Matcher request = CONNECT.matcher(head);
            if (!request.matches()) {
                answer(sandbox, "405 Method Not Allowed");
            } else {
                connect(sandbox, request.group(1).toLowerCase(Locale.ROOT), Integer.parseInt(request.group(2)));
            }
        } catch (IOException e) {
            hangUp(sandbox);
        }
        hangUp(sandbox);
        connections.remove(sandbox);
    }

    private static String head(SocketChannel sandbox) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(HEAD_BYTES);
        while (true) {
            String text = StandardCharsets.ISO_8859_1.decode(in.duplicate().flip()).toString();
            if (text.endsWith("\r\n\r\n")) {
                return text;
            }
            if (!in.hasRemaining() || sandbox.read(in) < 0) {
                throw new IOException("no request");
            }
        }
    }

    private void connect(SocketChannel sandbox, String host, int port) throws IOException {
        if (!allowedHosts.contains(host) && !allowedHosts.contains(host + ":" + port)) {
            answer(sandbox, "403 Forbidden");
            return;
        }
        try (SocketChannel server = SocketChannel.open()) {
            connections.add(server);
            try {
                server.socket().connect(new InetSocketAddress(host, port), CONNECT_LIMIT_MS);
            } catch (IOException | IllegalArgumentException e) {
                answer(sandbox, "502 " + e.getClass().getSimpleName());
                return;
            }
            answer(sandbox, "200 OK");
            threads.execute(() -> copy(sandbox, server));
            copy(server, sandbox);
        } finally {
            connections.removeIf(connection -> !connection.isOpen());
        }
    }

    /** Until one side ends; then the other learns it. */
    private static void copy(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try {
            while (from.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
            to.shutdownOutput();
        } catch (IOException broken) {
            hangUp(from);
            hangUp(to);
        }
    }

    private static void answer(SocketChannel sandbox, String status) throws IOException {
        ByteBuffer text = StandardCharsets.ISO_8859_1.encode("HTTP/1.1 " + status + "\r\n\r\n");
        while (text.hasRemaining()) {
            sandbox.write(text);
        }
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
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop listening", e);
        }
        threads.shutdownNow();
    }
}
