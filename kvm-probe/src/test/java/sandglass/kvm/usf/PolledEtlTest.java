package sandglass.kvm.usf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.usf.etl.Poller;
import sandglass.kvm.usf.file.Assignment;

/** Oracle: a server that knows what it sent and received, the counted exits, and byte comparison with the template. */
@RequiresKvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PolledEtlTest {

    private static final int GUESTS = 8;
    private static final byte[] DOCUMENT = "a document".repeat(1000).getBytes(StandardCharsets.US_ASCII);
    private static final String REPEAT = """
            def handler(event, etl):
                for _ in range(event[1]):
                    data = etl.get(event[0] + '/document')
                    etl.post(event[0] + '/out', bytes(data))
                    etl.post(event[0] + '/out', bytearray(5))
                return bytes(data[:10]).decode() + str(len(data))
            """;

    private final DocumentServer server = new DocumentServer(path -> path.equals("/document") ? Optional.of(DOCUMENT) : Optional.empty(), 66);
    private UsfFactory factory;
    private UsfPool pool;
    private Poller poller;
    private Usf usf;
    private volatile boolean clockFails;

    @BeforeAll
    void open() {
        factory = new UsfFactory(UsfConfig.defaults().withAllowedHosts(Set.of("127.0.0.1")).withTimeLimit(Duration.ofSeconds(60)),
                this::nowNs);
        pool = new UsfPool(factory, this::nowNs);
        poller = new Poller(20_000);
        usf = factory.create();
        usf.pollWith(poller);
    }

    @AfterAll
    void close() {
        usf.close();
        poller.close();
        pool.close();
        factory.close();
        server.close();
    }

    /** The clock fails for those who carry polled calls out, while a test wants that. */
    private long nowNs() {
        if (clockFails && Thread.currentThread().getName().equals("polled-call")) {
            throw new IllegalStateException("no clock");
        }
        return System.nanoTime();
    }

    private Invocation run(String source, String event) {
        return run(source, event, Duration.ofSeconds(60));
    }

    private Invocation run(String source, String event, Duration limit) {
        if (usf == null) {
            usf = factory.create();
            usf.pollWith(poller);
        }
        Invocation invocation = usf.invoke(source, event, Assignment.NONE, limit);
        if (invocation.isReusable()) {
            pool.recycle(usf);
            assertThat(usf.machine().ram().bytes().mismatch(factory.template().contents().bytes())).isEqualTo(-1);
        } else {
            usf.close();
            usf = null;
        }
        return invocation;
    }

    private String failure(String body) {
        Outcome outcome = run("def handler(event, etl):\n    " + body + "\n", '"' + server.url() + '"').outcome();
        assertThat(outcome).as(body).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed) outcome).traceback();
    }

    @Test
    void callsAreCarriedOutWithoutAnExit() {
        long before = server.postedBytes();
        Invocation few = run(REPEAT, "[\"" + server.url() + "\", 1]");
        assertThat(few.outcome()).isEqualTo(new Outcome.Result("\"a document10000\""));
        assertThat(server.postedBytes() - before).isEqualTo(10_005);
        Invocation many = run(REPEAT, "[\"" + server.url() + "\", 20]");
        assertThat(many.outcome()).isEqualTo(few.outcome());
        assertThat(server.postedBytes() - before).isEqualTo(21 * 10_005);
        assertThat(many.exits().bySystemCall(factory.systemCalls())).isEqualTo(few.exits().bySystemCall(factory.systemCalls()));
        assertThat(poller.lookingNs()).isPositive();
        assertThat(poller.servingNs()).isPositive();
    }

    @Test
    void whatCannotBeDoneIsToldAndHarmsNobody() throws IOException {
        assertThat(failure("etl.get(event + '/no')")).contains("EtlError", "answers 404");
        assertThat(failure("etl.get('http://example.org/')")).contains("not among the hosts allowed");
        assertThat(failure("etl.get('file:///etc/passwd')")).contains("expected http://host/");
        assertThat(failure("etl.get('http://127.0.0.1/' + 'x' * 2000)")).contains("too long");
        assertThat(failure("etl.get('http://127.0.0.1:99999/')")).contains("no port has the number 99999");
        assertThat(failure("etl._words[3] = 0x1000; etl._words[4] = 8; etl._call(2, event)")).contains("not in memory of the function");
        assertThat(failure("etl._words[3] = 1 << 22; etl._words[4] = (1 << 63) - 1; etl._call(2, event)")).contains("not in memory");
        assertThat(failure("etl._words[3] = 0; etl._words[4] = (1 << 64) - 1; etl._call(2, event)")).contains("not in memory");
        assertThat(failure("etl._call(77, event)")).contains("no operation");
        // The guest's numbers mean nothing: a length that is none, and a call that nobody waits for.
        assertThat(run("def handler(event, etl):\n    w = etl._words\n    w[1], w[2] = 1, 1 << 40\n    w[0] = 5\n"
                + "    while w[8] != 5: pass\n    return w[9] > 0\n", "0").outcome()).isEqualTo(new Outcome.Result("true"));
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
            assertThat(run("def handler(event, etl):\n    etl._bytes[1024:1024 + len(event)] = event.encode()\n    w = etl._words\n"
                    + "    w[1], w[2] = 1, len(event)\n    w[0] = 1\n    return 1\n", '"' + url + '"').outcome())
                    .isEqualTo(new Outcome.Result("1"));
            assertThat(run("def handler(event, etl):\n    etl.get(event)\n", '"' + url + '"', Duration.ofSeconds(2)).outcome())
                    .isNotInstanceOf(Outcome.Result.class);
        }
        assertThat(run(REPEAT, "[\"" + server.url() + "\", 1]").outcome()).isEqualTo(new Outcome.Result("\"a document10000\""));
    }

    /** A call that this program cannot carry out must not leave the function waiting for its time limit, nor its end for the call. */
    @Test
    void aFaultOfThisProgramIsToldAndLosesNoCall() {
        clockFails = true;
        try (Usf other = factory.create()) {
            other.pollWith(poller);
            assertThatThrownBy(() -> other.invoke(REPEAT, "[\"" + server.url() + "\", 1]", Assignment.NONE, Duration.ofDays(1)))
                    .hasRootCauseMessage("no clock");
        } finally {
            clockFails = false;
        }
        assertThat(run(REPEAT, "[\"" + server.url() + "\", 1]").outcome()).isEqualTo(new Outcome.Result("\"a document10000\""));
    }

    /**
     * Oracle: the JVM's list of threads. Making one while guests spin takes so long that a poller which does so for one call after the other
     * reached the time limit of the last.
     */
    @Test
    void callsOfManyGuestsFindTheirThreadsReady() throws Exception {
        List<Usf> guests = new ArrayList<>();
        try {
            for (int i = 0; i < GUESTS; i++) {
                guests.add(factory.create());
                guests.get(i).pollWith(poller);
            }
            Set<Thread> ready = servingThreads();
            assertThat(ready).hasSizeGreaterThanOrEqualTo(GUESTS);
            List<CompletableFuture<Outcome>> running = guests.stream().map(guest -> CompletableFuture.supplyAsync(
                    () -> guest.invoke(REPEAT, "[\"" + server.url() + "\", 3]").outcome(), task -> new Thread(task).start())).toList();
            for (CompletableFuture<Outcome> one : running) {
                assertThat(one.get()).isEqualTo(new Outcome.Result("\"a document10000\""));
            }
            assertThat(ready).as("no thread was made since").containsAll(servingThreads());
        } finally {
            guests.forEach(Usf::close);
        }
    }

    private static Set<Thread> servingThreads() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("polled-call"))
                .collect(Collectors.toSet());
    }

    @Test
    void theNextFunctionFindsNothingInThePage() {
        String read = "def handler(event, etl):\n    seen = sum(etl._bytes)\n    etl._bytes[128:1000] = b's' * 872\n    return seen\n";
        assertThat(run(read, "0").outcome()).isEqualTo(new Outcome.Result("0"));
        assertThat(run(read, "0").outcome()).isEqualTo(new Outcome.Result("0"));
    }
}
