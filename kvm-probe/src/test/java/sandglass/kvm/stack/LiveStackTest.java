package sandglass.kvm.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import sandglass.kvm.RequiresCriu;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.RequiresRoot;
import sandglass.kvm.measure.Clocks;
import sandglass.run.UnsupportedHereException;
import sandglass.scenario.Phase;

/** Oracle: what Python's documentation says the functions return, a server that knows what it sent, and the host's process table. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveStackTest {

    private static final String DOCUMENT = "twelve bytes";
    private static final int ATTEMPTS = 3000;
    private static final String ETL = """
            def handler(event, etl):
                document = bytes(etl.get(event['server'] + '/document'))
                etl.post(event['server'] + '/out', document * 2)
                return [document.decode(), len(etl.get(event['server'] + '/bytes/3000000'))]
            """;

    private final DocumentServer server = new DocumentServer(
            path -> path.equals("/document") || path.equals("/document?%C3%BC")
                    ? Optional.of(DOCUMENT.getBytes(StandardCharsets.US_ASCII)) : Optional.empty());
    private LiveConfig config;

    @BeforeAll
    void allow() {
        config = LiveConfig.defaults().withLimits(64L << 20, Duration.ofSeconds(60)).withAllowedHosts(Set.of(server.hostAndPort()));
    }

    @AfterAll
    void close() {
        server.close();
    }

    @Test
    void aProcessRunsFunctions() throws UnsupportedHereException {
        holdToTheContract("process");
    }

    @RequiresRoot
    @Test
    void aForkOfTheZygoteRunsTheSameFunctions() throws UnsupportedHereException {
        holdToTheContract("zygote");
    }

    @RequiresCriu
    @Test
    void aRestoredCopyRunsTheSameFunctions() throws UnsupportedHereException {
        holdToTheContract("criu");
    }

    @RequiresKvm
    @Test
    void aUnikernelRunsTheSameFunctions() throws UnsupportedHereException {
        holdToTheContract("usetl");
    }

    @RequiresRoot(programs = "runc")
    @Test
    void aContainerRunsTheSameFunctions() throws UnsupportedHereException {
        holdToTheContract("container");
    }

    private void holdToTheContract(String name) throws UnsupportedHereException {
        try (LiveStack stack = LiveStacks.open(name, config, Clocks.monotonicNs())) {
            assertThat(stack.name()).isEqualTo(name);
            stack.reach(server);
            try (LiveSandbox sandbox = stack.create()) {
                assertThat(sandbox.startNs()).containsKey(Phase.CREATE);
                long postedBefore = server.postedBytes();
                assertThat(call(sandbox, ETL, "{\"server\": \"" + server.url() + "\"}").ending())
                        .isEqualTo(new Call.Ending.Returned("[\"" + DOCUMENT + "\", 3000000]"));
                assertThat(server.postedBytes() - postedBefore).isEqualTo(2 * DOCUMENT.length());
                assertThat(sandbox.footprint().ussBytes()).isBetween(1L << 18, 64L << 20);

                assertThat(call(sandbox, "def handler(event, etl):\n    print('said')\n    return 1 / event\n", "0").error())
                        .startsWith("Traceback").contains("line 3, in handler").endsWith("ZeroDivisionError: division by zero\n");
                assertThat(call(sandbox, ETL, "{\"server\": \"http://127.0.0.1:9\"}").error()).contains("EtlError", "not among the hosts");
                String length = "def handler(event, etl):\n    return len(etl.get(event))\n";
                assertThat(call(sandbox, length, "\"" + server.url() + "/document?\u00fc\"").ending())
                        .isEqualTo(new Call.Ending.Returned("12"));
                assertThat(call(sandbox, ETL, "{\"server\": \"http://[::1]:9\"}").error()).contains("[::1]:9 is not among the hosts");
                assertThat(call(sandbox, ETL, "{\"server\": \"http://127.0.0.1:0\"}").error()).contains("EtlError");
                assertThat(call(sandbox, ETL, "{\"server\": \"file://\"}").error()).contains("EtlError", "expected http");
                assertThat(call(sandbox, ETL, "{\"server\": \"" + server.url() + "/no\"}").error()).contains("EtlError", "answers 404");
                assertThat(call(sandbox, "def handler(event, etl):\n    return len(bytearray(1 << 28))\n", "0").error())
                        .contains("MemoryError");
                assertThat(call(sandbox, "def handler(event, etl):\n    path = etl.file(event)\n    with open(path) as one, open(path) as two:\n"
                        + "        return [one.read(), two.read()]\n", "\"" + server.url() + "/document\"").result())
                        .isEqualTo("[\"" + DOCUMENT + "\", \"" + DOCUMENT + "\"]");
                Call said = call(sandbox, "def handler(event, etl):\n    print('said', event)\n", "5");
                assertThat(said.log()).isEqualTo("said 5\n");
                assertThat(said.result()).isEqualTo("null");
            }
        }
    }

    private static Call call(LiveSandbox sandbox, String source, String event) {
        Call call = sandbox.call(source, event);
        assertThat(call.reusable()).as(String.valueOf(call.error())).isTrue();
        sandbox.recycle();
        return call;
    }

    @RequiresKvm
    @Test
    void exitsOfAUnikernelAreCountedByUsAndByTheKernel() throws UnsupportedHereException {
        try (LiveStack stack = LiveStacks.open("usetl", config, Clocks.monotonicNs()); LiveSandbox sandbox = stack.create()) {
            String trivial = "def handler(event, etl):\n    return event + 1\n";
            call(sandbox, trivial, "1");
            Call call = call(sandbox, trivial, "1");
            assertThat(call.systemCalls()).isEqualTo(Map.of("readv", 1, "write", 1));
            // The read that delivers the function was left by an exit before: one of the two exits is the kernel's of this call.
            long explained = call.exits().get("system-call") - 1 + call.kernel().faults() + call.kernel().interrupts();
            assertThat(call.kernel().exits()).isBetween(1L, explained + 16);
            assertThat(call.kernel().emulated()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void aProcessIsEndedWithEverythingItStarted() throws Exception {
        String marker = "98765.4321";
        LiveConfig hasty = config.withLimits(64L << 20, Duration.ofMillis(1500));
        try (LiveStack stack = LiveStacks.open("process", hasty, Clocks.monotonicNs()); LiveSandbox sandbox = stack.create()) {
            Call call = sandbox.call("""
                    import os
                    def handler(event, etl):
                        os.spawnv(os.P_NOWAIT, '/bin/sleep', ['sleep', event])
                        os.spawnv(os.P_NOWAIT, '/usr/bin/setsid', ['setsid', '/bin/sleep', event])
                        while True:
                            pass
                    """, '"' + marker + '"');
            assertThat(call.ending()).isEqualTo(new Call.Ending.Ended(RunnerLink.TIME_LIMIT));
            assertThat(call.reusable()).isFalse();
        }
        // A killed process is there until the kernel has taken it apart.
        for (int attempt = 0; attempt < ATTEMPTS && withArgument(marker).findAny().isPresent(); attempt++) {
            Thread.sleep(20);
        }
        assertThat(withArgument(marker)).isEmpty();
    }

    private static Stream<ProcessHandle> withArgument(String marker) {
        return ProcessHandle.allProcesses().filter(ProcessHandle::isAlive)
                .filter(process -> process.info().arguments().map(arguments -> String.join(" ", arguments)).orElse("").contains(marker));
    }
}
