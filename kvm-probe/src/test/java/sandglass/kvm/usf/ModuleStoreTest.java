package sandglass.kvm.usf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.usf.file.Assignment;
import sandglass.kvm.usf.file.ModuleStore;

/** Oracle: what the package's source says it returns, byte comparison with the template, and /proc/self/smaps. */
@RequiresKvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModuleStoreTest {

    private static final String USE_TEXTKIT = """
            import textkit
            def handler(event, etl):
                return [textkit.count(event), textkit.tables.units(), textkit.__file__]
            """;
    private static final Outcome USED = new Outcome.Result("[{\"a\": 2, \"b\": 1}, {\"metre\": 2, \"mile\": 3218}, "
            + "\"/modules/textkit/__init__.py\"]");

    private ModuleStore store;
    private UsfFactory factory;
    private UsfPool pool;

    @BeforeAll
    void open() throws URISyntaxException {
        store = ModuleStore.read(Path.of(ModuleStoreTest.class.getResource("/modules").toURI()));
        factory = new UsfFactory(UsfConfig.defaults(), System::nanoTime);
        pool = new UsfPool(factory, System::nanoTime);
    }

    @AfterAll
    void close() {
        pool.close();
        factory.close();
        store.close();
    }

    private Assignment link(String... names) {
        return Assignment.of(store.directory(List.of(names)));
    }

    private Outcome run(String source, String event, Assignment assignment) {
        return pool.invoke(source, event, assignment).invocation().outcome();
    }

    @Test
    void aPackageOfPurePythonIsImported() {
        assertThat(run(USE_TEXTKIT, "\"b a a\"", link("textkit", "single"))).isEqualTo(USED);
    }

    @Test
    void theNextFunctionHasNeitherThePackageNorItsPath() {
        Assignment both = link("textkit", "single");
        try (Usf usf = factory.create()) {
            assertThat(usf.invoke(USE_TEXTKIT, "\"b a a\"", both).outcome()).isEqualTo(USED);
            pool.recycle(usf);
            assertThat(usf.machine().ram().bytes().mismatch(factory.template().contents().bytes())).isEqualTo(-1);
            assertThat(usf.invoke("""
                    import os, sys
                    def handler(event, etl):
                        return ['textkit' in sys.modules, '/modules' in sys.path, os.path.exists('/modules'),
                                os.path.exists('/modules/textkit/__init__.py'), 'modules' in os.listdir('/')]
                    """, "0").outcome()).isEqualTo(new Outcome.Result("[false, false, false, false, false]"));
        }
    }

    @Test
    void aUserSeesOnlyWhatIsLinked() {
        assertThat(run("""
                import os
                def handler(event, etl):
                    found = [os.path.exists(path) for path in ('/modules/single.py', '/modules/unlinked',
                            '/modules/unlinked/__init__.py', '/modules/textkit/../unlinked/__init__.py',
                            '/usr/../modules/./unlinked')]
                    return [sorted(os.listdir('/modules')), found, 'modules' in os.listdir('/')]
                """, "0", link("textkit"))).isEqualTo(new Outcome.Result(
                "[[\"textkit\"], [false, false, false, false, false], true]"));
        assertThat(run("import unlinked\n", "0", link("textkit"))).isInstanceOfSatisfying(Outcome.Failed.class,
                failed -> assertThat(failed.traceback()).contains("No module named 'unlinked'"));
    }

    @Test
    void modulesCannotBeWritten() {
        assertThat(run("def handler(event, etl):\n    open('/modules/single.py', 'w')\n", "0", link("single")))
                .isInstanceOfSatisfying(Outcome.Failed.class,
                        failed -> assertThat(failed.traceback()).contains("Read-only file system"));
    }

    @Test
    void aDirectoryNamesAllModulesThatTheStoreLacks() {
        assertThat(store.modules()).isEqualTo(Set.of("single", "textkit", "unlinked"));
        assertThatThrownBy(() -> store.directory(List.of("textkit", "numpy", "pandas")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("numpy, pandas");
        assertThatThrownBy(() -> ModuleStore.read(Path.of("/nowhere"))).hasMessageContaining("/nowhere");
    }

    @Test
    void hostMemoryOfTheStoreIsTheSameForOneAndForManyUnikernels(@TempDir Path directory) throws IOException {
        int dataBytes = 8 << 20;
        Path large = Files.createDirectory(directory.resolve("large"));
        Files.writeString(large.resolve("__init__.py"), """
                import mmap
                def pages():
                    with open(__path__[0] + '/data', 'rb') as file:
                        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
                    return sum(memoryview(data)[::4096])
                """);
        byte[] data = new byte[dataBytes];
        Arrays.fill(data, (byte) 3);
        Files.write(large.resolve("data"), data);
        List<Usf> usfs = new ArrayList<>();
        try (ModuleStore other = ModuleStore.read(directory)) {
            assertThat(other.sizeBytes()).isBetween((long) dataBytes, dataBytes + 65536L);
            Assignment assignment = Assignment.of(other.directory(List.of("large")));
            long storeBytes = 0;
            for (int n = 1; n <= 12; n++) {
                Usf usf = factory.create();
                usfs.add(usf);
                assertThat(usf.invoke("import large\ndef handler(event, etl):\n    return large.pages()\n", "0",
                        assignment).outcome()).isEqualTo(new Outcome.Result(Integer.toString(3 * dataBytes / 4096)));
                assertThat(pool.recycle(usf).dirtyPages()).isLessThan(dataBytes / 4096 / 4);
                long nowBytes = residentBytes("usf-modules");
                storeBytes = n == 1 ? nowBytes : storeBytes;
                assertThat(nowBytes).isEqualTo(storeBytes).isGreaterThanOrEqualTo(dataBytes);
            }
            usfs.forEach(Usf::close);
        }
    }

    /** Resident bytes of all mappings of a memory file in this process. */
    private static long residentBytes(String file) throws IOException {
        long kibibytes = 0;
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("^[0-9a-f]+-[0-9a-f]+ .*")) {
                inside = line.contains("memfd:" + file);
            } else if (inside && line.startsWith("Rss:")) {
                kibibytes += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return kibibytes << 10;
    }
}
