package sandglass.kvm.usf.etl;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A connection to an HTTP/1.1 server, used by one thread at a time, which waits for nothing beyond a deadline. Bodies go
 * straight between the socket and the caller's memory.
 */
final class Connection implements AutoCloseable {

    private static final int MAX_HEAD_BYTES = 32 << 10;
    private static final int MAX_LINE_BYTES = 1024;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    /** What was received and not yet taken, from position to limit. */
    private final ByteBuffer input = ByteBuffer.allocateDirect(MAX_HEAD_BYTES).limit(0);
    private Deadline deadline;

    private Connection(SocketChannel channel, Selector selector) throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.key = channel.register(selector, 0);
    }

    static Connection open(InetSocketAddress address, Deadline deadline) throws IOException {
        SocketChannel channel = SocketChannel.open();
        Selector selector = null;
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            selector = Selector.open();
            Connection connection = new Connection(channel, selector);
            connection.setDeadline(deadline);
            if (!channel.connect(address)) {
                while (!channel.finishConnect()) {
                    connection.await(SelectionKey.OP_CONNECT);
                }
            }
            return connection;
        } catch (IOException | RuntimeException e) {
            channel.close();
            if (selector != null) {
                selector.close();
            }
            throw e;
        }
    }

    /** Says until when the next exchange may last. */
    void setDeadline(Deadline newDeadline) {
        deadline = newDeadline;
    }

    /** Whether nothing came since the last answer: neither the end, nor what nobody asked for. */
    boolean isQuiet() throws IOException {
        if (input.hasRemaining()) {
            return false;
        }
        int count = channel.read(input.clear());
        input.limit(0);
        return count == 0;
    }

    private void await(int operations) throws IOException {
        key.interestOps(operations);
        selector.select(deadline.leftMs());
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
        deadline.leftNs();
    }

    /**
     * Sends what is left of all parts.
     *
     * @return false if the server began to answer before everything was sent
     */
    boolean send(ByteBuffer[] parts, long totalBytes) throws IOException {
        long left = totalBytes;
        while (left > 0) {
            long written = channel.write(parts);
            left -= written;
            if (left > 0 && written == 0) {
                await(SelectionKey.OP_WRITE | SelectionKey.OP_READ);
                if (key.isReadable()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Receives the next head; an interim answer (1xx) is one. */
    ResponseHead head() throws IOException {
        StringBuilder text = new StringBuilder();
        while (true) {
            String line = line(MAX_HEAD_BYTES);
            if (line.isEmpty()) {
                return ResponseHead.parse(text.toString());
            }
            if (text.length() + line.length() > MAX_HEAD_BYTES) {
                throw new IOException("the answer's header is longer than " + MAX_HEAD_BYTES + " bytes");
            }
            text.append(text.isEmpty() ? "" : "\r\n").append(line);
        }
    }

    /** Receives a line of at most 1024 bytes. */
    String line() throws IOException {
        return line(MAX_LINE_BYTES);
    }

    private String line(int maxBytes) throws IOException {
        int searched = 0;
        while (true) {
            for (int at = input.position() + searched; at < input.limit(); at++) {
                if (input.get(at) == '\n') {
                    byte[] line = new byte[at + 1 - input.position()];
                    input.get(line);
                    if (line.length < 2 || line[line.length - 2] != '\r') {
                        throw new IOException("a line of the answer does not end with CR LF");
                    }
                    return new String(line, 0, line.length - 2, StandardCharsets.ISO_8859_1);
                }
            }
            searched = input.remaining();
            if (searched >= maxBytes) {
                throw new IOException("a line of the answer is longer than " + maxBytes + " bytes");
            }
            input.compact();
            int count = receive(input);
            input.flip();
            if (count < 0) {
                throw searched == 0 && maxBytes == MAX_HEAD_BYTES ? new EOFException("the server hung up without an answer")
                        : new IOException("the server hung up within its answer");
            }
        }
    }

    /** Receives at least one byte into the rest of a buffer; -1 if the server hung up. */
    int read(ByteBuffer into) throws IOException {
        if (input.hasRemaining()) {
            int count = Math.min(input.remaining(), into.remaining());
            into.put(into.position(), input, input.position(), count).position(into.position() + count);
            input.position(input.position() + count);
            return count;
        }
        return receive(into);
    }

    private int receive(ByteBuffer into) throws IOException {
        int count = channel.read(into);
        while (count == 0) {
            await(SelectionKey.OP_READ);
            count = channel.read(into);
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        selector.close();
    }
}
