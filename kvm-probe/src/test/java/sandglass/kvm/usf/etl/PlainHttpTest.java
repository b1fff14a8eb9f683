package sandglass.kvm.usf.etl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Oracle: a server that says byte for byte what the test gives it; what must be understood or refused is RFC 9112's. */
class PlainHttpTest {

    private static final long LIMIT_BYTES = 100_000;
    /** For those that cost it. */
    private static final long TIME_NS = 300_000_000L;
    private static final long PATIENCE_NS = 60_000_000_000L;
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private final BufferPool pool = new BufferPool(8 << 20);
    private final PlainHttp http = new PlainHttp(this::nowNs);
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    /** One answer a request; a connection serves on until its next answer is missing. */
    private final Queue<byte[]> answers = new ConcurrentLinkedQueue<>();
    private volatile boolean holdsOn;
    private long limitNs = PATIENCE_NS;
    private ServerSocket listener;
    /** Connections are kept for a second of the clock, which a busy machine may take between two requests: then it stands still. */
    private volatile long standsAtNs;

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "rude server");
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void close() throws IOException {
        http.close();
        listener.close();
        pool.close();
    }

    private long nowNs() {
        long atNs = standsAtNs;
        return atNs == 0 ? System.nanoTime() : atNs;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                start(() -> serve(socket));
            }
        } catch (IOException closed) {
            assertThat(listener.isClosed()).isTrue();
        }
    }

    private void serve(Socket connection) {
        try (Socket socket = connection) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            byte[] request = new byte[1 << 16];
            for (int count = in.read(request); count > 0; count = in.read(request)) {
                requests.add(new String(request, 0, count, StandardCharsets.ISO_8859_1));
                byte[] answer = answers.poll();
                if (answer == null) {
                    return;
                }
                out.write(answer);
                if (!holdsOn) {
                    return;
                }
            }
        } catch (IOException clientHungUp) {
            requests.add("broken: " + clientHungUp);
        }
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + path);
    }

    private void answer(String text) {
        answers.add(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String get() throws IOException {
        DocumentBuffer into = new DocumentBuffer(pool, LIMIT_BYTES);
        try {
            int status = http.get(url("/x?y=1"), 80, into, limitNs);
            ByteBuffer bytes = into.room(0);
            assertThat(bytes.hasRemaining()).isFalse();
            long size = into.sizeBytes();
            BufferPool.Buffer buffer = into.release();
            byte[] contents = new byte[(int) size];
            buffer.bytes().get(0, contents);
            pool.give(buffer);
            return status + " " + new String(contents, StandardCharsets.ISO_8859_1);
        } finally {
            into.discard();
        }
    }

    private String got(String answer) throws IOException {
        answer(answer);
        return get();
    }

    @Test
    void theThreeWaysToSayHowLongABodyIs() throws IOException {
        assertThat(got(OK + "Content-Length: 5\r\n\r\nhello")).isEqualTo("200 hello");
        assertThat(got(OK + "content-length:5  \r\nX: y\r\n\r\nhello and more")).isEqualTo("200 hello");
        assertThat(got(OK + "Content-Length: 0\r\n\r\n")).isEqualTo("200 ");
        assertThat(got(OK + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nab")).isEqualTo("200 ab");
        assertThat(got(OK + "Transfer-Encoding: Chunked\r\n\r\n5;a=b\r\nhello\r\nA\r\n, servers!\r\n0\r\nT: t\r\n\r\n"))
                .isEqualTo("200 hello, servers!");
        assertThat(got(OK + "\r\nto the end")).isEqualTo("200 to the end");
        assertThat(got("HTTP/1.0 200\r\n\r\nold")).isEqualTo("200 old");
        assertThat(got("HTTP/1.1 204 No Content\r\n\r\nnone")).isEqualTo("204 ");
        assertThat(got("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK + "Content-Length: 1\r\n\r\n1")).isEqualTo("200 1");
        assertThat(got("HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nsorry ...")).isEqualTo("404 ");
        assertThat(requests.get(0)).isEqualTo("GET /x?y=1 HTTP/1.1\r\nHost: 127.0.0.1:" + listener.getLocalPort()
                + "\r\nUser-Agent: sandglass\r\nAccept: */*\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "x", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 99 Low\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n",
            "200 OK\r\n\r\n", "HTTP/1.1 200 OK\n\nhello", "HTTP/1.1 200 O\0K\r\n\r\n",
            OK + "Content-Length: 5\r\n\r\nhell", OK + "Content-Length: -1\r\n\r\nhello", OK + "Content-Length: +5\r\n\r\nhello",
            OK + "Content-Length: 0x5\r\n\r\nhello", OK + "Content-Length:\r\n\r\nhello", OK + "Content-Length: 5, 5\r\n\r\nhello",
            OK + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", OK + "Content-Length: 99999999999999999999\r\n\r\nhello",
            OK + "Content-Length: 9223372036854775807\r\n\r\nhello", OK + "Content-Length: 100001\r\n\r\nhello",
            OK + "Content-Length : 5\r\n\r\nhello", OK + " Content-Length: 5\r\n\r\nhello", OK + "A: b\r\n c\r\n\r\nhello",
            OK + "no colon\r\n\r\nhello", OK + "A: b\rContent-Length: 5\r\n\r\nhello", OK + "A: \0\r\n\r\nhello",
            OK + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: gzip\r\n\r\nhello", OK + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\nhello", OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello",
            OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n", OK + "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\nffffffff\r\nhello", OK + "Transfer-Encoding: chunked\r\n\r\n1ffffffffff\r\nhello",
            OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"})
    void whatTwoReadersCouldUnderstandDifferentlyIsRefused(String answer) {
        answer(answer);
        assertThatThrownBy(this::get).as(answer).isInstanceOf(IOException.class).hasMessageNotContaining("in time");
    }

    @Test
    void whatHasNoEndIsCutOff() {
        answer(OK + ("X: " + "x".repeat(1000) + "\r\n").repeat(40));
        assertThatThrownBy(this::get).hasMessageContaining("longer than");
        answer(OK + "X: " + "x".repeat(60_000));
        assertThatThrownBy(this::get).hasMessageContaining("longer than");
        answer(OK + "X: y\r\n".repeat(300) + "\r\n");
        assertThatThrownBy(this::get).hasMessageContaining("more than 256 header fields");
        answer("HTTP/1.1 100 Continue\r\n\r\n".repeat(100));
        assertThatThrownBy(this::get).hasMessageContaining("interim");
        answer(OK + "\r\n" + "x".repeat(200_000));
        assertThatThrownBy(this::get).hasMessageContaining("larger than");
        answer(OK + "Transfer-Encoding: chunked\r\n\r\n" + ("4000\r\n" + "x".repeat(0x4000) + "\r\n").repeat(10));
        assertThatThrownBy(this::get).hasMessageContaining("larger than");
        answer(OK + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + "T: t\r\n".repeat(1000));
        assertThatThrownBy(this::get).hasMessageContaining("trailer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nConte", OK + "Content-Length: 5\r\n\r\nhel", OK + "\r\nabc",
            OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhe"})
    void aServerThatFallsSilentCostsTheTimeLimitAndNoMore(String beginning) {
        holdsOn = true;
        limitNs = TIME_NS;
        answer(beginning);
        long startNs = System.nanoTime();
        assertThatThrownBy(this::get).hasMessageContaining("does not answer in time");
        assertThat(System.nanoTime() - startNs).isBetween(TIME_NS, PATIENCE_NS);
    }

    @Test
    void aConnectionIsUsedAgainOnlyAfterAnAnswerThatAllowsIt() throws IOException {
        standsAtNs = System.nanoTime();
        holdsOn = true;
        assertThat(got(OK + "Content-Length: 1\r\n\r\n1")).isEqualTo("200 1");
        assertThat(got(OK + "Transfer-Encoding: chunked\r\n\r\n1\r\n2\r\n0\r\n\r\n")).isEqualTo("200 2");
        assertThat(got("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\n3")).isEqualTo("200 3");
        assertThat(connections).hasValue(1);
        assertThat(got(OK + "Connection: x, close\r\nContent-Length: 1\r\n\r\n4")).isEqualTo("200 4");
        assertThat(got("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n5")).isEqualTo("200 5");
        assertThat(connections).hasValue(2);
        // What an answer has too much must never be taken for the next answer.
        assertThat(got(OK + "Content-Length: 1\r\n\r\n6" + OK + "Content-Length: 6\r\n\r\nforged")).isEqualTo("200 6");
        assertThat(got(OK + "Content-Length: 1\r\n\r\n7")).isEqualTo("200 7");
        assertThat(connections).hasValue(4);
    }

    @Test
    void aGetIsRepeatedWhenTheKeptConnectionEndsAPostIsNot() throws IOException {
        standsAtNs = System.nanoTime();
        holdsOn = true;
        assertThat(got(OK + "Content-Length: 1\r\n\r\n1")).isEqualTo("200 1");
        answers.clear();
        // The server takes this request on the kept connection and hangs up, for want of an answer; a new connection is not better here.
        assertThatThrownBy(this::get).isInstanceOf(IOException.class);
        assertThat(requests).hasSize(3);
        assertThatThrownBy(() -> http.post(url("/p"), 80, new ByteBuffer[] {ByteBuffer.allocate(3)}, PATIENCE_NS))
                .isInstanceOf(IOException.class);
        assertThat(requests).hasSize(4);
    }

    @Test
    void aPostSendsAllPartsAndHearsAnEarlyNo() throws IOException {
        answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\ndone");
        ByteBuffer[] body = {ByteBuffer.wrap(new byte[] {'a', 'b'}), ByteBuffer.allocate(0), ByteBuffer.wrap(new byte[] {'c'})};
        assertThat(http.post(url("/p"), 80, body, PATIENCE_NS)).isEqualTo(201);
        assertThat(requests.get(0)).startsWith("POST /p HTTP/1.1\r\n").contains("\r\nContent-Length: 3\r\n").endsWith("\r\n\r\nabc");
        holdsOn = true;
        answer("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
        assertThat(http.post(url("/p"), 80, new ByteBuffer[] {ByteBuffer.allocateDirect(64 << 20)}, PATIENCE_NS)).isEqualTo(413);
    }

    @Test
    void aServerThatTakesNoBodyCostsTheTimeLimit() {
        holdsOn = true;
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("http://127.0.0.1:" + deaf.getLocalPort() + "/");
            assertThatThrownBy(() -> http.post(url, 80, new ByteBuffer[] {ByteBuffer.allocateDirect(64 << 20)}, TIME_NS))
                    .hasMessageContaining("in time");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anInterruptEndsAnExchange() throws InterruptedException {
        holdsOn = true;
        answer("");
        Queue<Throwable> seen = new ConcurrentLinkedQueue<>();
        Thread thread = new Thread(() -> {
            try {
                http.get(url("/"), 80, new DocumentBuffer(pool, LIMIT_BYTES), 10 * PATIENCE_NS);
            } catch (IOException e) {
                seen.add(e);
            }
        });
        thread.start();
        Thread.sleep(50);
        thread.interrupt();
        thread.join(PATIENCE_NS / 1_000_000);
        assertThat(thread.isAlive()).isFalse();
        assertThat(seen).hasSize(1);
    }
}
