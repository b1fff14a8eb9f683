package sandglass.kvm.usf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.usf.file.Assignment;
import sandglass.kvm.usf.file.HostRegion;

/** Oracle: what POSIX and Python's documentation say of the calls, what the host placed, and byte comparison. */
@RequiresKvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MemoryFileSystemTest {

    private static final String HEAD = "import io, mmap, os, shutil, tempfile, time\n"
            + "def handler(event, etl):\n    ";

    private HttpServer server;
    private UsfFactory factory;
    private UsfPool pool;

    @BeforeAll
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = "a,b\n1,2\n".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        factory = new UsfFactory(UsfConfig.defaults().withTimeLimit(Duration.ofSeconds(60))
                .withAllowedHosts(Set.of("127.0.0.1")), System::nanoTime);
        pool = new UsfPool(factory, System::nanoTime);
    }

    @AfterAll
    void close() {
        pool.close();
        factory.close();
        server.stop(0);
    }

    private static String function(String body) {
        return HEAD + body.strip().replace("\n", "\n    ") + "\n";
    }

    private Outcome run(String body, String event, Assignment assignment) {
        return pool.invoke(function(body), event, assignment).invocation().outcome();
    }

    private String result(String body) {
        Outcome outcome = run(body, '"' + "http://127.0.0.1:" + server.getAddress().getPort() + '"', Assignment.NONE);
        assertThat(outcome).isInstanceOf(Outcome.Result.class);
        return ((Outcome.Result) outcome).json();
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aFileIsWrittenReadSoughtListedRenamedAndRemoved() {
        assertThat(result("""
                with open('/tmp/a.txt', 'w') as f:
                    f.write('one\\ntwo\\n')
                with open('/tmp/a.txt', 'a') as f:
                    f.write('three\\n')
                with open('/tmp/a.txt', 'r+b') as f:
                    f.seek(4)
                    f.write(b'TWO')
                    f.seek(-6, io.SEEK_END)
                    tail = f.read().decode()
                lines = [line.strip() for line in open('/tmp/a.txt')]
                os.rename('/tmp/a.txt', '/tmp/b.txt')
                listed = os.listdir('/tmp')
                size = os.stat('/tmp/b.txt').st_size
                recent = time.time() - os.path.getmtime('/tmp/b.txt') < 60
                os.remove('/tmp/b.txt')
                return [lines, tail, listed, size, recent, os.listdir('/tmp'), os.path.exists('/tmp/a.txt')]
                """)).isEqualTo("[[\"one\", \"TWO\", \"three\"], \"three\\n\", [\"b.txt\"], 14, true, [], false]");
    }

    @Test
    void gapsReadAsZeroesAndTruncationCutsOff() {
        assertThat(result("""
                fd = os.open('/tmp/x', os.O_RDWR | os.O_CREAT | os.O_EXCL)
                os.write(fd, b'secret')
                os.ftruncate(fd, 2)
                os.pwrite(fd, b'end', 10000)
                data = os.pread(fd, 20000, 0)
                os.ftruncate(fd, 5)
                return [len(data), data[:8].hex(), data[-3:].decode(), sum(data[2:10000]), os.pread(fd, 9, 0).hex()]
                """)).isEqualTo("[10003, \"7365000000000000\", \"end\", 0, \"7365000000\"]");
    }

    @Test
    void directoriesAndTheStandardLibrarysHelpersWork() {
        assertThat(result("""
                os.makedirs('/tmp/d/e/f')
                open('/tmp/d/e/one', 'w').write('1')
                shutil.copyfile('/tmp/d/e/one', '/tmp/d/two')
                os.rename('/tmp/d/e', '/tmp/d/g')
                found = sorted(os.path.join(at, name) for at, _, names in os.walk('/tmp/d') for name in names)
                errors = []
                for call in (lambda: os.rmdir('/tmp/d'), lambda: os.mkdir('/tmp/d'), lambda: open('/tmp/no/x', 'w'),
                        lambda: os.unlink('/tmp/no'), lambda: os.unlink('/tmp/d'), lambda: open('/tmp/d', 'w'),
                        lambda: open('/usr/x', 'w'), lambda: open('/tmp/d/two', 'x'), lambda: os.rmdir('/tmp'),
                        lambda: open('/tmp/' + 'n' * 300, 'w'), lambda: os.write(os.open('/tmp/d/two', 0), b'x')):
                    try:
                        call()
                        errors.append(None)
                    except OSError as error:
                        errors.append(os.strerror(error.errno))
                shutil.rmtree('/tmp/d')
                return [found, errors, os.listdir('/tmp')]
                """)).isEqualTo("[[\"/tmp/d/g/one\", \"/tmp/d/two\"], [\"Directory not empty\", \"File exists\", "
                + "\"No such file or directory\", \"No such file or directory\", \"Is a directory\", "
                + "\"Is a directory\", \"Read-only file system\", \"File exists\", \"Directory not empty\", "
                + "\"File name too long\", \"Bad file descriptor\"], []]");
    }

    @Test
    void aFileWithoutANameLivesUntilItIsClosedAndThenGivesItsMemoryBack() {
        assertThat(result("""
                for i in range(40):
                    with tempfile.TemporaryFile(dir='/tmp') as f:
                        f.write(bytes(4 << 20))
                        f.seek(0)
                        assert len(f.read(1 << 20)) == 1 << 20
                return os.listdir('/tmp')
                """)).isEqualTo("[]");
    }

    @Test
    void theLimitsAreErrorsOfPosixAndLeaveTheRestUsable() {
        assertThat(result("""
                errors = []
                def attempt(call):
                    try:
                        call()
                    except OSError as error:
                        errors.append(error.errno)
                def fill():
                    with open('/tmp/large', 'wb', 0) as f:
                        while True:
                            f.write(bytes(1 << 20))
                def number():
                    for i in range(2000):
                        open('/tmp/%d' % i, 'w').close()
                files = []
                def keep():
                    while True:
                        files.append(open('/tmp/0'))
                attempt(fill)
                size = os.stat('/tmp/large').st_size
                os.remove('/tmp/large')
                attempt(number)
                count = len(os.listdir('/tmp')) if not attempt(keep) and files.clear() is None else 0
                open('/tmp/1', 'w').write('still works')
                return [errors, 8 << 20 <= size <= 32 << 20, count, open('/tmp/1').read()]
                """)).isEqualTo("[[28, 28, 24], true, 1024, \"still works\"]");
    }

    @Test
    void filesOfTheHostAreReadMappedAndCopiedWhenWritten() {
        try (HostRegion region = new HostRegion(1 << 20, 10)) {
            region.place("first.txt", text("from the host"), 1000);
            region.place("second.txt", text("x".repeat(5000)), 1000);
            String body = """
                    mapped = mmap.mmap(os.open('/etl/first.txt', 0), 0, access=mmap.ACCESS_READ)
                    before = [sorted(os.listdir('/etl')), open('/etl/first.txt').read(), len(mapped),
                            os.path.getmtime('/etl/first.txt')]
                    with open('/etl/first.txt', 'r+') as f:
                        f.write('FROM')
                    os.remove('/etl/second.txt')
                    open('/etl/third.txt', 'w').write('mine')
                    return before + [open('/etl/first.txt').read(), mapped[:].decode(), sorted(os.listdir('/etl')),
                            os.path.exists('/etl/second.txt')]
                    """;
            Outcome expected = new Outcome.Result("[[\"first.txt\", \"second.txt\"], \"from the host\", 13, 1000.0, "
                    + "\"FROM the host\", \"from the host\", [\"first.txt\", \"third.txt\"], false]");
            assertThat(run(body, "0", Assignment.of(region))).isEqualTo(expected);
            // The next user of the region sees what the host placed, not what the last one made of it.
            assertThat(run(body, "0", Assignment.of(region))).isEqualTo(expected);
            assertThatThrownBy(() -> region.place("../x", text("x"), 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> region.place("first.txt", text("x"), 0)).hasMessageContaining("first.txt");
            assertThatThrownBy(() -> region.place("large", ByteBuffer.allocate(1 << 20), 0))
                    .isInstanceOf(HostRegion.FullException.class);
        }
    }

    @Test
    void aFetchedDocumentIsAFile() {
        assertThat(result("""
                import csv
                first = etl.file(event + '/data/table.csv?x=/y')
                second = etl.file(event + '/data/table.csv')
                rows = list(csv.reader(open(first)))
                mapped = mmap.mmap(os.open(second, 0), 0, access=mmap.ACCESS_READ)
                open(second, 'a').write('3,4\\n')
                return [first, second, rows, mapped[:3].decode(), open(second).read(), etl.file(event)]
                """)).isEqualTo("[\"/etl/table.csv\", \"/etl/table.csv.1\", [[\"a\", \"b\"], [\"1\", \"2\"]], \"a,b\", "
                + "\"a,b\\n1,2\\n3,4\\n\", \"/etl/127.0.0.1_" + server.getAddress().getPort() + "\"]");
    }

    @Test
    void bothProducersWriteAtTheSameTimeAndNobodySeesHalfAFile() throws InterruptedException {
        int files = 300;
        try (HostRegion region = new HostRegion(64 << 20, files)) {
            Thread host = new Thread(() -> {
                for (int i = 0; i < files; i++) {
                    byte[] contents = new byte[4096 + i * 37];
                    java.util.Arrays.fill(contents, (byte) i);
                    region.place(String.format("f%03d", i), ByteBuffer.wrap(contents), i);
                }
            });
            host.start();
            Outcome outcome = run("""
                    wrong, seen, own = [], set(), 0
                    end = time.monotonic() + 6
                    while len(seen) < 300 and time.monotonic() < end:
                        for name in sorted(os.listdir('/etl')):
                            if name[0] != 'f' or name in seen:
                                continue
                            seen.add(name)
                            i = int(name[1:])
                            data = open('/etl/' + name, 'rb').read()
                            if data != bytes([i % 256]) * (4096 + i * 37):
                                wrong.append(name)
                            with open('/etl/own%d' % i, 'wb') as f:
                                f.write(data[:100])
                            if i % 3 == 0:
                                with open('/etl/' + name, 'r+b') as f:
                                    f.write(b'mine')
                    for i in range(300):
                        own += open('/etl/own%d' % i, 'rb').read() == bytes([i % 256]) * 100
                        start = open('/etl/f%03d' % i, 'rb').read(4)
                        if start != (b'mine' if i % 3 == 0 else bytes([i % 256]) * 4):
                            wrong.append(i)
                    return [len(seen), wrong, own]
                    """, "0", Assignment.of(region));
            host.join();
            assertThat(outcome).isEqualTo(new Outcome.Result("[300, [], 300]"));
            for (int i = 0; i < files; i++) {
                assertThat(region.table().find(String.format("f%03d", i)).contents().get(0)).isEqualTo((byte) i);
            }
        }
    }

    @Test
    void recyclingLeavesNoFileAndNoResidue() {
        try (HostRegion region = new HostRegion(1 << 20, 10); Usf usf = factory.create()) {
            region.place("input", text("S3CRET"), 0);
            assertThat(usf.invoke(function("""
                    os.makedirs('/tmp/d')
                    for i in range(50):
                        open('/tmp/d/%d' % i, 'w').write('S3CRET-0123456789' * 1000)
                    open('/etl/input', 'a').write('more')
                    os.keep = mmap.mmap(os.open('/etl/input', 0), 0, access=mmap.ACCESS_READ)
                    return len(os.listdir('/tmp/d'))
                    """), "0", Assignment.of(region)).outcome()).isEqualTo(new Outcome.Result("50"));
            assertThat(pool.recycle(usf).dirtyPages()).isGreaterThan(200);
            assertThat(usf.machine().ram().bytes().mismatch(factory.template().contents().bytes())).isEqualTo(-1);
            assertThat(usf.invoke(function("""
                    fd = os.open('/tmp/new', os.O_RDWR | os.O_CREAT)
                    os.ftruncate(fd, 1 << 20)
                    return [os.listdir('/tmp'), os.listdir('/etl'), os.path.exists('/etl/input'),
                            sum(os.pread(fd, 1 << 20, 0))]
                    """), "0").outcome()).isEqualTo(new Outcome.Result("[[\"new\"], [], false, 0]"));
        }
    }
}
