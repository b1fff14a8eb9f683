package sandglass.kvm.probe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongSupplier;

/** The same transfers with no guest: between a socket and a file in memory (tmpfs), as a plain program would do them. */
final class HostTransfer implements AutoCloseable {

    private static final Path TMPFS = Path.of("/dev/shm");
    private static final int BLOCK_BYTES = 1 << 20;
    private static final String HEAD_END = "\r\n\r\n";

    private final InetSocketAddress server;
    private final String host;
    private final LongSupplier clockNs;
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private final Path file;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).build();

    HostTransfer(String hostAndPort, LongSupplier clockNs) throws IOException {
        int colon = hostAndPort.lastIndexOf(':');
        this.server = new InetSocketAddress(hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
        this.host = hostAndPort;
        this.clockNs = clockNs;
        this.file = Files.createTempFile(TMPFS, "usf-bench", ".bin");
    }

    /** Fetches into a new file; gives the time in ns. */
    long download(long bytes) throws IOException {
        Files.deleteIfExists(file);
        long startNs = clockNs.getAsLong();
        try (SocketChannel socket = SocketChannel.open(server);
                FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            send(socket, "GET /bytes/" + bytes + " HTTP/1.1\r\nHost: " + host + HEAD_END);
            long left = bytes - body(socket, out);
            while (left > 0 && socket.read(block.clear()) > 0) {
                left -= drain(out);
            }
            if (left != 0) {
                throw new IOException("the server sent " + left + " bytes too few");
            }
        }
        return clockNs.getAsLong() - startNs;
    }

    /** Fetches into a new file with the HTTP client that fetches for guests; gives the time in ns. */
    long downloadByClient(long bytes) throws IOException {
        Files.deleteIfExists(file);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + "/bytes/" + bytes)).build();
        long startNs = clockNs.getAsLong();
        try {
            client.send(request, HttpResponse.BodyHandlers.ofFile(file));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return clockNs.getAsLong() - startNs;
    }

    /** Sends the file of the last download; gives the time in ns. */
    long upload(long bytes) throws IOException {
        long startNs = clockNs.getAsLong();
        try (SocketChannel socket = SocketChannel.open(server); FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            send(socket, "POST /sink HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: " + bytes + HEAD_END);
            while (in.read(block.clear()) > 0) {
                block.flip();
                while (block.hasRemaining()) {
                    socket.write(block);
                }
            }
            if (socket.read(block.clear()) < 1) {
                throw new IOException("the server did not answer");
            }
        }
        return clockNs.getAsLong() - startNs;
    }

    private static void send(SocketChannel socket, String head) throws IOException {
        ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(head);
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }

    /** Reads past the answer's head; gives how many bytes of the body came with it. */
    private long body(SocketChannel socket, FileChannel out) throws IOException {
        block.clear();
        while (socket.read(block) > 0) {
            String text = StandardCharsets.ISO_8859_1.decode(block.duplicate().flip()).toString();
            int end = text.indexOf(HEAD_END);
            if (end >= 0) {
                block.flip().position(end + HEAD_END.length());
                return out.write(block);
            }
        }
        throw new IOException("the server hung up within its answer's head");
    }

    private long drain(FileChannel out) throws IOException {
        long written = 0;
        block.flip();
        while (block.hasRemaining()) {
            written += out.write(block);
        }
        return written;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
