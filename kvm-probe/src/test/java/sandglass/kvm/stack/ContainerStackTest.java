package sandglass.kvm.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sandglass.kvm.RequiresRoot;
import sandglass.kvm.measure.Clocks;
import sandglass.kvm.measure.ControlGroup;
import sandglass.run.UnsupportedHereException;

/** Oracle: what the kernel shows a process inside of itself, a server that knows who came, and the host's own lists of things. */
@RequiresRoot(programs = "runc")
class ContainerStackTest {

    private static final int ATTEMPTS = 500;
    private static final String INSIDE = """
            import ctypes, os, socket
            def attempt(what):
                try:
                    return what() and 'done'
                except OSError as error:
                    return error.errno
            def handler(event, etl):
                status = dict(line.split(':\\t', 1) for line in open('/proc/self/status').read().splitlines())
                libc = ctypes.CDLL(None, use_errno=True)
                mounted = libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)
                return {'uid': os.getuid(), 'pid': os.getpid(), 'processes': len([p for p in os.listdir('/proc') if p.isdigit()]),
                    'capabilities': int(status['CapBnd'], 16) | int(status['CapEff'], 16), 'new privileges': status['NoNewPrivs'],
                    'filter': status['Seccomp'], 'mount': [mounted, ctypes.get_errno()], 'root': attempt(lambda: open('/file', 'w')),
                    'tmp': attempt(lambda: open('/tmp/file', 'w')), 'sys': attempt(lambda: open('/proc/sys/kernel/hostname', 'w')),
                    'away': attempt(lambda: socket.create_connection(('192.0.2.1', 80), 1)),
                    'own loopback': attempt(lambda: socket.create_connection(('127.0.0.1', event), 1)), 'host': os.uname().nodename[:3]}
            """;
    /** Not data of the process, so that its own limit does not meet it, but memory of its control group. */
    private static final String SHARED_MEMORY = """
            import mmap
            def handler(event, etl):
                memory = mmap.mmap(-1, 1 << 28)
                for i in range(0, 1 << 28, 4096):
                    memory[i] = 1
            """;
    private static final String FORKS = """
            import os
            def handler(event, etl):
                count = 0
                try:
                    while True:
                        if os.fork() == 0:
                            os._exit(0)
                        count += 1
                except OSError as error:
                    return [count, error.errno]
            """;
    private static final String PAST_THE_RUNNER = """
            import socket, __main__
            def handler(event, etl):
                __main__._allowed.add(event)
                try:
                    return bytes(etl.get('http://%s/document' % event)).decode()
                except OSError as error:
                    return str(error)
            """;

    private final DocumentServer server = new DocumentServer(path -> Optional.of("text".getBytes(StandardCharsets.US_ASCII)));
    private final DocumentServer other = new DocumentServer(path -> Optional.of("other".getBytes(StandardCharsets.US_ASCII)));
    private final LiveConfig config = LiveConfig.defaults().withLimits(64L << 20, Duration.ofSeconds(60))
            .withAllowedHosts(Set.of(server.hostAndPort()));

    @AfterEach
    void close() {
        server.close();
        other.close();
    }

    private LiveStack open(LiveConfig with) throws UnsupportedHereException {
        LiveStack stack = LiveStacks.open("container", with, Clocks.monotonicNs());
        stack.reach(server);
        return stack;
    }

    @Test
    void aFunctionHasNoPrivilegeAndSeesNothingOfTheHost() throws Exception {
        try (LiveStack stack = open(config); LiveSandbox sandbox = stack.create()) {
            Call call = sandbox.call(INSIDE, Integer.toString(server.port()));
            assertThat(call.result()).as(call.error()).isEqualTo("{\"uid\": 65534, \"pid\": 1, \"processes\": 1, \"capabilities\": 0, "
                    + "\"new privileges\": \"1\", \"filter\": \"2\", \"mount\": [-1, 1], \"root\": 30, \"tmp\": \"done\", \"sys\": 30, "
                    + "\"away\": 101, \"own loopback\": 111, \"host\": \"sgc\"}");
        }
    }

    @Test
    void otherHostsAreReachedThroughTheGateIfTheyAreAllowed() throws Exception {
        String get = "def handler(event, etl):\n    return bytes(etl.get('http://' + event + '/document')).decode()\n";
        LiveConfig both = config.withAllowedHosts(Set.of(server.hostAndPort(), other.hostAndPort()));
        try (LiveStack stack = open(both); LiveSandbox sandbox = stack.create()) {
            assertThat(sandbox.call(get, '"' + other.hostAndPort() + '"').result()).isEqualTo("\"other\"");
            assertThat(sandbox.call(get, "\"127.0.0.1:9\"").error()).contains("not among the hosts");
        }
        try (LiveStack stack = open(config); LiveSandbox sandbox = stack.create()) {
            assertThat(sandbox.call(PAST_THE_RUNNER, '"' + other.hostAndPort() + '"').result()).contains("403 Forbidden");
        }
    }

    @Test
    void packetsAreCountedAndRecyclingLeavesNothing() throws Exception {
        String leave = "import sys\ndef handler(event, etl):\n    open('/tmp/left', 'w').close()\n    sys.left = 1\n    etl.get(event)\n";
        String look = "import os, sys\ndef handler(event, etl):\n    return [os.listdir('/tmp'), hasattr(sys, 'left')]\n";
        try (LiveStack stack = open(config); LiveSandbox sandbox = stack.create()) {
            assertThat(sandbox.stepsNs().keySet()).containsExactly("bundle", "runc-create", "network", "runc-start", "interpreter");
            Call call = sandbox.call(leave, '"' + server.url() + "/bytes/1000000\"");
            assertThat(call.result()).as(call.error()).isEqualTo("null");
            // Every byte of the document crosses the veth pair at least once; TCP sends again what a busy reader had no room for.
            assertThat(call.counts().get("packet_bytes_received")).isGreaterThanOrEqualTo(1_000_000L);
            assertThat(call.counts().get("packets_received")).isPositive();
            assertThat(call.counts().get("packets_sent")).isPositive();
            assertThat(call.counts().get("voluntary_context_switches")).isPositive();
            assertThat(call.counts().get("cpu_ns")).isPositive();
            assertThat(silentInTheEnd(sandbox, look)).isTrue();
            assertThat(sandbox.recycle().elapsedNs()).isPositive();
            assertThat(sandbox.call(look, "0").result()).isEqualTo("[[], false]");
        }
    }

    /** A call that sends nothing counts no packets, once the last of the connection before have come. */
    private static boolean silentInTheEnd(LiveSandbox sandbox, String source) throws InterruptedException {
        boolean silent = false;
        for (int attempt = 0; attempt < ATTEMPTS && !silent; attempt++) {
            Thread.sleep(20);
            Map<String, Long> counts = sandbox.call(source, "0").counts();
            silent = counts.get("packets_sent") == 0 && counts.get("packets_received") == 0;
        }
        return silent;
    }

    @Test
    void aPausedContainerStandsStillAndGoesOn() throws Exception {
        try (LiveStack stack = open(config)) {
            ContainerSandbox sandbox = (ContainerSandbox) stack.create();
            assertThat(sandbox.pauseNs()).isPositive();
            assertThat(sandbox.resumeNs()).isPositive();
            assertThat(sandbox.call("def handler(event, etl):\n    return event\n", "1").result()).isEqualTo("1");
        }
    }

    @Test
    void limitsEndAFunctionWithAReason() throws Exception {
        try (LiveStack stack = open(config.withLimits(64L << 20, Duration.ofSeconds(2))); LiveSandbox sandbox = stack.create()) {
            assertThat(sandbox.call("def handler(event, etl):\n    while True:\n        pass\n", "0").ending())
                    .isEqualTo(new Call.Ending.Ended(RunnerLink.TIME_LIMIT));
        }
        try (LiveStack stack = open(config)) {
            try (LiveSandbox sandbox = stack.create()) {
                Call call = sandbox.call(SHARED_MEMORY, "0");
                assertThat(call.reusable()).isFalse();
                assertThat(call.error()).contains("memory limit");
                assertThat(sandbox.recycle().elapsedNs()).isPositive();
                assertThat(sandbox.call(FORKS, "0").result()).matches("\\[\\d\\d, 11]");
            }
        }
    }

    @Test
    void aContainerThatDoesNotGetReadySaysWhyAndIsGone() throws Exception {
        Set<String> before = made();
        try (LiveStack stack = open(config.withLimits(8L << 20, Duration.ofSeconds(1)))) {
            assertThatThrownBy(stack::create).isInstanceOf(SandboxFailedException.class).hasMessageContaining("its log: ");
        }
        assertThat(before).containsAll(made());
    }

    @Test
    void nothingIsLeftOnTheHost() throws Exception {
        Set<String> before = made();
        List<LiveSandbox> sandboxes = new ArrayList<>();
        try (LiveStack stack = open(config)) {
            for (int i = 0; i < 2; i++) {
                sandboxes.add(stack.create());
            }
            assertThat(made()).hasSizeGreaterThan(before.size());
            sandboxes.get(0).close();
        }
        assertThat(before).containsAll(made());
    }

    /** Directories, control groups and processes that look like this stack's. */
    private static Set<String> made() throws IOException {
        Set<String> found = new java.util.TreeSet<>();
        List<Path> places = new ArrayList<>(ControlGroup.trees());
        places.add(Path.of("/run"));
        for (Path place : places) {
            try (Stream<Path> entries = Files.list(place)) {
                entries.map(Path::toString).filter(name -> name.contains("/sgc")).forEach(found::add);
            }
        }
        ProcessHandle.allProcesses().filter(process -> process.info().commandLine().orElse("").contains("/sandglass/live_runner.py"))
                .forEach(process -> found.add("process " + process.pid()));
        return found;
    }
}
