package sandglass.kvm.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.measure.Clocks;
import sandglass.run.UnsupportedHereException;

/**
 * Functions that use parts of Python's standard library which ask much of an operating system. Oracle: the same function in a process, where
 * Linux answers; and for what a unikernel cannot do, an exception of Python's.
 */
@RequiresKvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameAnswerTest {

    /** A function and what it is about. */
    private record Sample(String name, String source) {
    }

    private static Sample body(String name, String imports, String body) {
        return new Sample(name, "import " + imports + "\ndef handler(event, etl):\n    " + body.strip().replace("\n", "\n    ") + "\n");
    }

    private LiveStack process;
    private LiveStack unikernels;

    @BeforeAll
    void open() throws UnsupportedHereException {
        LiveConfig config = LiveConfig.defaults().withLimits(64L << 20, Duration.ofSeconds(60));
        process = LiveStacks.open("process", config, Clocks.monotonicNs());
        unikernels = LiveStacks.open("usetl", config, Clocks.monotonicNs());
    }

    @AfterAll
    void close() {
        process.close();
        unikernels.close();
    }

    private static List<Sample> samples() {
        return List.of(
                body("wait for what does not come", "queue, threading", """
                        caught = []
                        try:
                            queue.Queue().get(timeout=0.02)
                        except queue.Empty:
                            caught.append('empty')
                        lock = threading.Lock()
                        condition = threading.Condition()
                        with lock, condition:
                            return caught + [lock.acquire(timeout=0.02), threading.Event().wait(0.02), condition.wait(0.02)]
                        """),
                body("time on a core", "time", """
                        before, core = time.monotonic(), time.process_time()
                        time.sleep(0.3)
                        waited = time.process_time() - core
                        while time.process_time() - core < waited + 0.02:
                            pass
                        return [time.monotonic() - before > 0.3, waited < 0.2, time.thread_time() > 0]
                        """),
                body("a working directory", "os, tempfile", """
                        with tempfile.TemporaryDirectory(dir='/tmp') as directory:
                            os.chdir(directory)
                            os.mkdir('below')
                            with open('below/file', 'w') as file:
                                file.write('here')
                            os.chdir('below')
                            answers = [open('file').read(), os.listdir('.'), os.path.exists('../below/file'), os.getcwd() == directory + '/below']
                            descriptor = os.open('..', 0)
                            os.fchdir(descriptor)
                            answers += [os.getcwd() == directory, os.listdir('.'), os.path.relpath(directory + '/below')]
                            for wrong in ('nothing', 'below/file', ''):
                                try:
                                    os.chdir(wrong)
                                except OSError as error:
                                    answers.append(error.errno)
                            os.chdir('/')
                        return answers
                        """),
                body("copies of files with their times", "os, shutil, tempfile", """
                        with tempfile.TemporaryDirectory(dir='/tmp') as directory:
                            one, two = directory + '/one', directory + '/two'
                            os.mkdir(one)
                            with open(one + '/file', 'w') as file:
                                file.write('copied')
                            os.utime(one + '/file', (1000, 2000))
                            shutil.copytree(one, two)
                            shutil.copy2(one + '/file', two + '/again')
                            archive = shutil.make_archive(directory + '/archive', 'gztar', two)
                            shutil.unpack_archive(archive, directory + '/three')
                            return [sorted(os.listdir(directory)), [int(os.stat(directory + path).st_mtime) for path in
                                    ('/two/file', '/two/again', '/three/file')], open(directory + '/three/again').read()]
                        """),
                body("a file without a name", "os, tempfile", """
                        with tempfile.TemporaryFile(dir='/tmp') as file:
                            file.write(b'abc')
                            file.flush()
                            return [os.fstat(file.fileno()).st_size, file.seek(0), file.read().decode(), os.path.getsize(file.fileno())]
                        """),
                body("time zones", "datetime, zoneinfo", """
                        noon = datetime.datetime(2024, 7, 1, 12, tzinfo=datetime.timezone.utc)
                        return [noon.astimezone(zoneinfo.ZoneInfo(zone)).isoformat() for zone in ('Europe/Berlin', 'Asia/Kolkata', 'UTC')]
                        """),
                new Sample("classes that are looked up by name", """
                        from __future__ import annotations
                        import copy, dataclasses, pickle, typing
                        @dataclasses.dataclass
                        class Point:
                            x: int
                            many: typing.ClassVar[int] = 3
                        def handler(event, etl):
                            point = pickle.loads(pickle.dumps(Point(4)))
                            return [dataclasses.asdict(point), Point.__module__, sorted(typing.get_type_hints(Point)), repr(copy.copy(point))]
                        """),
                body("a database in a file", "os, sqlite3, tempfile", """
                        with tempfile.TemporaryDirectory(dir='/tmp') as directory:
                            for n in range(3):
                                database = sqlite3.connect(directory + '/base')
                                database.execute('create table if not exists t(a, b)')
                                database.executemany('insert into t values(?, ?)', [(n, str(i)) for i in range(1000)])
                                database.commit()
                                database.execute('delete from t')
                                database.rollback()
                                database.close()
                            return [sqlite3.connect(directory + '/base').execute('select sum(a), count(*) from t').fetchall(), os.listdir(directory)]
                        """),
                body("errors of paths", "os, tempfile", """
                        errors = []
                        with tempfile.TemporaryDirectory(dir='/tmp') as directory:
                            os.chdir(directory)
                            open('file', 'w').close()
                            for attempt in (lambda: open('file/'), lambda: open('file/below'), lambda: open('new/', 'w'), lambda: os.stat('file/'),
                                    lambda: os.stat('file/below'), lambda: open('nothing/below'), lambda: os.open('file', os.O_DIRECTORY),
                                    lambda: open('.', 'w'), lambda: os.rmdir('file'), lambda: os.unlink('.'), lambda: open('file', 'x'),
                                    lambda: os.mkdir('file'), lambda: os.listdir('file'), lambda: os.kill(4000000, 9)):
                                try:
                                    errors.append(repr(attempt()))
                                except OSError as error:
                                    errors.append(error.errno)
                            os.chdir('/')
                        return errors
                        """),
                body("a traceback of its own", "inspect, traceback", """
                        try:
                            1 / 0
                        except ZeroDivisionError:
                            return traceback.format_exc()
                        """),
                body("a signal that nobody minds, and a JSON of its own", "json, os, signal", """
                        signal.raise_signal(signal.SIGCHLD)
                        os.kill(os.getpid(), 0)
                        json.dumps = json.loads = None
                        return 'alive'
                        """),
                body("a log of half its memory", "sys", "print('x' * (12 << 20))\nreturn 'printed'"),
                body("numbers as JSON", "math", "return [1e16, 1e-7, 5e-324, -0.0, 0.1 + 0.2, 2 ** 10000 % 10 ** 1500, 10 ** 400, math.pi]"));
    }

    @TestFactory
    Stream<DynamicTest> aProcessAndAUnikernelAnswerTheSame() {
        return samples().stream().map(sample -> DynamicTest.dynamicTest(sample.name(), () -> {
            Call expected = call(process, sample.source());
            Call call = call(unikernels, sample.source());
            assertThat(expected.result()).as(String.valueOf(expected.error())).isNotNull();
            assertThat(call.error()).isNull();
            assertThat(call.result()).isEqualTo(expected.result());
        }));
    }

    private static Call call(LiveStack stack, String source) {
        try (LiveSandbox sandbox = stack.create()) {
            return sandbox.call(source, "null");
        }
    }

    @Test
    void whatAUnikernelCannotDoRaisesAnException() {
        for (Sample sample : List.of(body("alarm", "signal", "signal.alarm(1)"), body("timer", "signal", "signal.setitimer(0, 1)"),
                body("pipe", "os", "os.pipe()"), body("thread", "threading", "threading.Thread(target=print).start()"),
                body("loop", "asyncio", "asyncio.run(asyncio.sleep(0))"), body("program", "subprocess", "subprocess.run(['true'])"),
                body("socket", "socket", "socket.create_connection(('127.0.0.1', 1))"), body("link", "os", "os.symlink('/a', '/tmp/b')"))) {
            Call call = call(unikernels, sample.source());
            assertThat(call.reusable()).as(sample.name() + ": " + call.error()).isTrue();
            assertThat(call.error()).as(sample.name()).startsWith("Traceback").containsAnyOf("OSError", "RuntimeError", "itimer_error");
        }
        assertThat(call(unikernels, body("no alarm", "signal", "return signal.alarm(0)").source()).result()).isEqualTo("0");
    }
}
