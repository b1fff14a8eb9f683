package sandglass.kvm.stack.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sandglass.kvm.RequiresQemu;
import sandglass.kvm.measure.Clocks;
import sandglass.kvm.stack.Call;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.stack.LiveStacks;
import sandglass.kvm.stack.RunnerLink;
import sandglass.run.UnsupportedHereException;
import sandglass.scenario.Phase;

/** Oracle: a server that knows what it sent and received, the guest's own kernel, and the host's process table. */
@RequiresQemu
class VmStackTest {

    private static final String DOCUMENT = "twelve bytes";
    private static final String ETL = """
            import os
            def handler(event, etl):
                document = bytes(etl.get(event['server'] + '/document'))
                etl.post(event['server'] + '/out', document * 2)
                with open(etl.file(event['server'] + '/document')) as file:
                    return [document.decode(), len(etl.get(event['server'] + '/bytes/300000')), file.read(), os.urandom(8).hex()]
            """;

    private final DocumentServer server = new DocumentServer(
            path -> path.equals("/document") ? Optional.of(DOCUMENT.getBytes(StandardCharsets.US_ASCII)) : Optional.empty());
    private final LiveConfig config = LiveConfig.defaults().withLimits(64L << 20, Duration.ofSeconds(30))
            .withAllowedHosts(Set.of(server.hostAndPort()));
    private final String event = "{\"server\": \"" + server.url() + "\"}";

    @AfterEach
    void close() {
        server.close();
    }

    /** The way to a kernel may be closed, for example without a network. */
    private LiveStack open(String name) {
        try {
            LiveStack stack = LiveStacks.open(name, config, Clocks.monotonicNs());
            stack.reach(server);
            return stack;
        } catch (UnsupportedHereException e) {
            System.out.println("SKIPPED " + name + ": " + e.getMessage());
            assumeThat(e.getMessage()).isEmpty();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aMachineBootsRunsFunctionsAndLeavesNothing() throws IOException {
        long pid;
        try (LiveStack stack = open("vm"); LiveSandbox sandbox = stack.create()) {
            assertThat(sandbox.startNs()).containsKeys(Phase.CREATE, Phase.BOOT, Phase.INIT);
            assertThat(stack.fingerprint().get("accel")).isIn("kvm", "tcg");
            long postedBefore = server.postedBytes();
            assertThat(sandbox.call(ETL, event).result()).startsWith("[\"" + DOCUMENT + "\", 300000, \"" + DOCUMENT + "\", ");
            assertThat(server.postedBytes() - postedBefore).isEqualTo(2 * DOCUMENT.length());
            assertThat(sandbox.call(ETL, "{\"server\": \"http://127.0.0.1:9\"}").error()).contains("EtlError", "not among the hosts");
            assertThat(sandbox.call("def handler(event, etl):\n    return len(bytearray(1 << 28))\n", "0").error()).contains("MemoryError");
            // Round the runner's own check: what counts is that the host lets nobody through.
            String sneak = "import socket\ndef handler(event, etl):\n    socket.create_connection(tuple(event), 3)\n";
            assertThat(sandbox.call(sneak, "[\"198.18.0.1\", 22]").error()).contains("Error");
            assertThat(sandbox.call("import os\ndef handler(event, etl):\n    return [os.getpid(), os.uname().release[0].isdigit()]\n", "0")
                    .result()).isEqualTo("[1, true]");
            pid = qemu().orElseThrow();
            assertThat(sandbox.footprint().ussBytes()).isGreaterThan(16L << 20);
            Call call = sandbox.call("import os\ndef handler(event, etl):\n    os._exit(3)\n", "0");
            assertThat(call.ending()).isEqualTo(new Call.Ending.Ended("the virtual machine ended"));
        }
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        try (Stream<Path> left = Files.list(Path.of("/var/tmp"))) {
            assertThat(left.filter(path -> path.getFileName().toString().startsWith("sgv"))).isEmpty();
        }
    }

    private static Optional<Long> qemu() {
        return ProcessHandle.current().children().filter(child -> child.info().command().orElse("").contains("qemu"))
                .map(ProcessHandle::pid).findFirst();
    }

    @Test
    void machinesOfOneSnapshotAreAlikeButForTheirRandomness() {
        try (LiveStack stack = open("vm-snapshot"); LiveSandbox one = stack.create(); LiveSandbox other = stack.create()) {
            assertThat(one.startNs()).containsKeys(Phase.CREATE, Phase.INIT).doesNotContainKey(Phase.BOOT);
            String first = one.call(ETL, event).result();
            String second = other.call(ETL, event).result();
            assertThat(first).startsWith("[\"" + DOCUMENT + "\", 300000").isNotEqualTo(second);
            assertThat(second).startsWith("[\"" + DOCUMENT + "\", 300000");
            one.call("import sys\ndef handler(event, etl):\n    sys.leak = 1\n", "0");
            one.recycle();
            assertThat(one.call("import sys\ndef handler(event, etl):\n    return hasattr(sys, 'leak')\n", "0").result()).isEqualTo("false");
            assertThat(one.footprint().pssBytes()).isLessThan(one.footprint().rssBytes());
        }
    }

    @Test
    void anEndlessFunctionIsEnded() throws UnsupportedHereException {
        LiveConfig hasty = config.withLimits(64L << 20, Duration.ofMillis(700));
        try (LiveStack warm = open("vm-snapshot")) {
            assertThat(warm.name()).isEqualTo("vm-snapshot");
        }
        try (LiveStack stack = LiveStacks.open("vm-snapshot", hasty, Clocks.monotonicNs()); LiveSandbox sandbox = stack.create()) {
            Call call = sandbox.call("def handler(event, etl):\n    while True:\n        pass\n", "0");
            assertThat(call.ending()).isEqualTo(new Call.Ending.Ended(RunnerLink.TIME_LIMIT));
            assertThat(call.reusable()).isFalse();
        }
    }
}
