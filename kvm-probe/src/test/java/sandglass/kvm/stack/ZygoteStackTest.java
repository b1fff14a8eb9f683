package sandglass.kvm.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import sandglass.kvm.RequiresRoot;
import sandglass.kvm.measure.Clocks;
import sandglass.run.UnsupportedHereException;

/** Oracle: what the kernel lets a function see and do, and what is left on the host. */
@RequiresRoot
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ZygoteStackTest {

    private LiveStack stack;

    @BeforeAll
    void open() throws UnsupportedHereException {
        stack = stack(Duration.ofSeconds(60));
    }

    private static LiveStack stack(Duration limit) throws UnsupportedHereException {
        return LiveStacks.open("zygote", LiveConfig.defaults().withLimits(64L << 20, limit).withAllowedHosts(Set.of()), Clocks.monotonicNs());
    }

    @AfterAll
    void nothingIsLeft() throws IOException {
        Path directory = ((LeanStack) stack).directory();
        assertThat(directory).isDirectory();
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).as("mounts are the zygote's own").doesNotContain(directory.toString());
        stack.close();
        assertThat(directory).doesNotExist();
    }

    private String result(String body, String event) {
        try (LiveSandbox sandbox = stack.create()) {
            String source = "import os, ctypes, socket\ndef handler(event, etl):\n    " + body.replace("\n", "\n    ") + "\n";
            Call call = sandbox.call(source, event);
            assertThat(call.error()).isNull();
            return call.result();
        }
    }

    @Test
    void itHasNamespacesOfItsOwn() throws IOException {
        for (String kind : List.of("mnt", "pid", "ipc", "uts", "net", "cgroup")) {
            String host = Files.readSymbolicLink(Path.of("/proc/self/ns", kind)).toString();
            assertThat(result("return os.readlink('/proc/self/ns/' + event)", '"' + kind + '"')).contains(kind + ":[").doesNotContain(host);
        }
        assertThat(result("""
                processes = sorted(name for name in os.listdir('/proc') if name.isdigit())
                return [os.getpid(), processes, socket.gethostname(), socket.if_nameindex()]
                """, "0")).isEqualTo("[1, [\"1\"], \"sandbox\", [[1, \"lo\"]]]");
    }

    @Test
    void itHasNoRights() {
        assertThat(result("""
                wanted = ('Uid', 'CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb', 'NoNewPrivs', 'Seccomp')
                lines = [line.split() for line in open('/proc/self/status')]
                return [line[1] for line in lines if line[0].rstrip(':') in wanted]
                """, "0")).isEqualTo("[\"65534\", " + "\"0000000000000000\", ".repeat(5) + "\"1\", \"2\"]");
        assertThat(result("""
                libc = ctypes.CDLL(None, use_errno=True)
                answers = []
                for name, *arguments in (('unshare', 0x10000000), ('mount', b'x', b'/tmp', b'tmpfs', 0, 0), ('ptrace', 0, 0, 0, 0),
                        ('setns', 0, 0), ('chroot', b'/tmp')):
                    answers.append([getattr(libc, name)(*arguments), ctypes.get_errno()])
                return answers
                """, "0")).isEqualTo("[[-1, 1], [-1, 1], [-1, 1], [-1, 1], [-1, 1]]");
    }

    @Test
    void itsRootCannotBeWrittenAndShowsNothingOfTheHost() {
        assertThat(result("""
                answers = []
                for path in ('/x', '/usr/x', '/run/x', '/dev/x', '/etc/passwd'):
                    try:
                        open(path, 'w')
                    except OSError as error:
                        answers.append(error.errno)
                return answers
                """, "0")).matches("\\[((30|13)(, )?){5}]");
        assertThat(result("return [os.path.exists(p) for p in ('/root', '/home', '/var', '/sys/kernel', '/run/sandglass')]", "0"))
                .isEqualTo("[false, false, false, false, false]");
        assertThat(result("open('/tmp/x', 'w').write('a' * 10); open('/etl/y', 'w').write('b'); return os.listdir('/tmp')", "0"))
                .isEqualTo("[\"x\"]");
    }

    @Test
    void aForkBombAndAnEndlessLoopEndWithTheirSandbox() throws UnsupportedHereException {
        try (LiveStack hasty = stack(Duration.ofMillis(1500)); LiveSandbox sandbox = hasty.create()) {
            Call call = sandbox.call("""
                    import os
                    def handler(event, etl):
                        try:
                            while True:
                                if os.fork() == 0:
                                    os.setsid()
                        except OSError:
                            pass
                        while True:
                            pass
                    """, "0");
            assertThat(call.ending()).isEqualTo(new Call.Ending.Ended(RunnerLink.TIME_LIMIT));
        }
        assertThat(result("return 1", "0")).isEqualTo("1");
    }

    @Test
    void recyclingLeavesNothingOfTheLastFunction() {
        try (LiveSandbox sandbox = stack.create()) {
            Call first = sandbox.call("""
                    import json
                    def handler(event, etl):
                        json.secret = 1
                        open('/tmp/s', 'w').write('s')
                        return 1
                    """, "0");
            assertThat(first.result()).isEqualTo("1");
            assertThat(first.counts()).containsKey("voluntary_context_switches");
            assertThat(sandbox.recycle().elapsedNs()).isPositive();
            assertThat(sandbox.call("""
                    import json, os
                    def handler(event, etl):
                        return [hasattr(json, 'secret'), os.listdir('/tmp')]
                    """, "0").result()).isEqualTo("[false, []]");
        }
    }

    @Test
    void memoryIsSharedWithTheZygote() {
        try (LiveSandbox one = stack.create(); LiveSandbox two = stack.create()) {
            assertThat(one.footprint().rssBytes()).isGreaterThan(2 * one.footprint().ussBytes());
            assertThat(two.footprint().pssBytes()).isLessThan(two.footprint().rssBytes());
        }
    }
}
