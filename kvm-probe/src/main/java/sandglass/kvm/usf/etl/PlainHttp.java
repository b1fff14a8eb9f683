package sandglass.kvm.usf.etl;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * GET and POST over unencrypted HTTP/1.1 on the calling thread, without a copy: the kernel puts a document into the buffer that
 * the guest will see, and takes a body from the guest's memory. Only what RFC 9112 obliges a client to understand; everything
 * else is an error. Safe for use by several threads.
 */
final class PlainHttp implements AutoCloseable {

    private static final int FIRST_FINAL_STATUS = 200;
    private static final int FIRST_BAD_STATUS = 300;
    private static final int MAX_INTERIM = 8;
    private static final int MAX_TRAILER_LINES = 64;
    private static final int MAX_READ_BYTES = 1 << 30;
    private static final Pattern CHUNK = Pattern.compile("([0-9a-fA-F]{1,8})[ \\t]*(?:;.*)?");

    private final Connections connections;
    private final LongSupplier clockNs;

    PlainHttp(LongSupplier clockNs) {
        this.clockNs = clockNs;
        this.connections = new Connections(clockNs);
    }

    /** Where a request goes. */
    private record Target(String host, int port, String authority, String path) {

        static Target of(URI uri, int defaultPort) {
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            return new Target(uri.getHost(), uri.getPort() < 0 ? defaultPort : uri.getPort(), uri.getRawAuthority(), path + query);
        }

        ByteBuffer head(String method, String more) {
            return ByteBuffer.wrap((method + " " + path + " HTTP/1.1\r\nHost: " + authority
                    + "\r\nUser-Agent: sandglass\r\nAccept: */*\r\n" + more + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    /**
     * Fetches a document; into the buffer if the status is one of success.
     *
     * @param uri    of ASCII only, with a host
     * @param timeNs how long it may take
     * @return the status
     */
    int get(URI uri, int defaultPort, DocumentBuffer into, long timeNs) throws IOException {
        Target target = Target.of(uri, defaultPort);
        Deadline deadline = Deadline.in(timeNs, clockNs);
        ByteBuffer[] request = {target.head("GET", "")};
        Connection kept = connections.takeIdle(target.host, target.port, deadline);
        if (kept != null) {
            try {
                return exchange(kept, target, request, into);
            } catch (HungUpException e) {
                // It closed the connection at the moment at which we used it once more (RFC 9112, section 9.3.1).
                request[0].rewind();
            }
        }
        return exchange(connections.open(target.host, target.port, deadline), target, request, into);
    }

    /**
     * Sends a document.
     *
     * @param body memory that must not be unmapped before this returns
     * @return the status
     */
    int post(URI uri, int defaultPort, ByteBuffer[] body, long timeNs) throws IOException {
        Target target = Target.of(uri, defaultPort);
        Deadline deadline = Deadline.in(timeNs, clockNs);
        long bodyBytes = 0;
        ByteBuffer[] request = new ByteBuffer[body.length + 1];
        for (int i = 0; i < body.length; i++) {
            request[i + 1] = body[i].duplicate().clear();
            bodyBytes += body[i].capacity();
        }
        request[0] = target.head("POST", "Content-Length: " + bodyBytes + "\r\n");
        Connection kept = connections.takeIdle(target.host, target.port, deadline);
        return exchange(kept != null ? kept : connections.open(target.host, target.port, deadline), target, request, null);
    }

    /** The server closed the connection instead of answering. */
    private static final class HungUpException extends IOException {
        private static final long serialVersionUID = 1L;

        HungUpException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private int exchange(Connection connection, Target target, ByteBuffer[] request, DocumentBuffer into) throws IOException {
        boolean reusable = false;
        try {
            ResponseHead head = answer(connection, request);
            boolean sentAll = !request[request.length - 1].hasRemaining() && !request[0].hasRemaining();
            if (!sentAll && head.status() < FIRST_BAD_STATUS) {
                throw new IOException("answers " + head.status() + " without having read all of the document");
            }
            boolean wanted = into != null && head.status() >= FIRST_FINAL_STATUS && head.status() < FIRST_BAD_STATUS;
            if (wanted) {
                body(connection, head, into);
            }
            reusable = head.persistent() && sentAll && (wanted || head.lengthBytes() == 0) && connection.isQuiet();
            return head.status();
        } finally {
            if (reusable) {
                connections.give(target.host, target.port, connection);
            } else {
                connection.close();
            }
        }
    }

    /** Sends the request and receives the head of its final answer, which may come before everything was sent. */
    private static ResponseHead answer(Connection connection, ByteBuffer[] request) throws IOException {
        boolean sent = false;
        IOException broken = null;
        for (int interim = 0; interim < MAX_INTERIM; interim++) {
            try {
                sent = sent || connection.send(request, left(request));
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                // A server that does not want a body may answer and hang up; its answer says more than our failure.
                broken = e;
            }
            ResponseHead head = head(connection, broken);
            if (head.status() >= FIRST_FINAL_STATUS) {
                return head;
            }
        }
        throw new IOException("sends interim answers without end");
    }

    private static ResponseHead head(Connection connection, IOException broken) throws IOException {
        try {
            return connection.head();
        } catch (InterruptedIOException e) {
            throw e;
        } catch (EOFException | SocketException e) {
            throw new HungUpException(broken != null ? broken : e);
        }
    }

    private static long left(ByteBuffer[] parts) {
        long left = 0;
        for (ByteBuffer part : parts) {
            left += part.remaining();
        }
        return left;
    }

    private static void body(Connection connection, ResponseHead head, DocumentBuffer into) throws IOException {
        if (head.chunked()) {
            chunks(connection, into);
        } else if (head.lengthBytes() != ResponseHead.UNKNOWN) {
            into.expect(head.lengthBytes());
            exactly(connection, head.lengthBytes(), into);
        } else {
            untilTheEnd(connection, into);
        }
    }

    private static void untilTheEnd(Connection connection, DocumentBuffer into) throws IOException {
        while (true) {
            ByteBuffer room = into.room(MAX_READ_BYTES);
            ByteBuffer target = room.hasRemaining() ? room : ByteBuffer.allocate(1);
            int count = connection.read(target);
            if (count < 0) {
                return;
            }
            if (target != room) {
                into.expect(1);
            }
            into.added(count);
        }
    }

    private static void exactly(Connection connection, long lengthBytes, DocumentBuffer into) throws IOException {
        for (long left = lengthBytes; left > 0;) {
            int count = connection.read(into.room(left));
            if (count < 0) {
                throw new IOException("the server announced " + lengthBytes + " bytes and hung up " + left + " before the end");
            }
            into.added(count);
            left -= count;
        }
    }

    private static void chunks(Connection connection, DocumentBuffer into) throws IOException {
        for (long size = chunkSize(connection); size > 0; size = chunkSize(connection)) {
            into.expect(size);
            exactly(connection, size, into);
            if (!connection.line().isEmpty()) {
                throw new IOException("a chunk is longer than announced");
            }
        }
        for (int lines = 0; !connection.line().isEmpty(); lines++) {
            if (lines > MAX_TRAILER_LINES) {
                throw new IOException("the answer's trailer has more than " + MAX_TRAILER_LINES + " lines");
            }
        }
    }

    private static long chunkSize(Connection connection) throws IOException {
        Matcher match = CHUNK.matcher(connection.line());
        if (!match.matches()) {
            throw new IOException("a chunk of the answer does not begin with its length");
        }
        return Long.parseLong(match.group(1), 16);
    }

    @Override
    public void close() {
        connections.close();
    }
}
