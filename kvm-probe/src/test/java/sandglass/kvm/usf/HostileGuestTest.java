package sandglass.kvm.usf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.soak.HostileProgram;
import sandglass.kvm.usf.file.Assignment;

/**
 * Oracle: each hostile function ends in a typed outcome of its own; the memory of its recycled unikernel is byte for
 * byte the template's; the next function, in that unikernel if it was reusable, returns what it should; and the host
 * process holds as many descriptors afterwards as before.
 */
@RequiresKvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileGuestTest {

    private static final String NEXT = """
            import json, random, sys
            def handler(event, etl):
                return [event['n'] * 2, sorted(json.loads('[3, 1, 2]')), len(sys.argv)]
            """;

    private static final Outcome RIGHT = new Outcome.Result("[42, [1, 2, 3], 1]");

    private static final Outcome OUT_OF_TIME = new Outcome.Killed(new Stop.OutOfTime());
    /** For those that may take all their time; the others have as much as a busy machine needs. */
    private static final Duration SHORT = Duration.ofMillis(1500);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private UsfFactory factory;
    private UsfPool pool;
    private long descriptorsBefore;

    @BeforeAll
    void open() throws IOException {
        factory = new UsfFactory(UsfConfig.defaults().withTimeLimit(PATIENCE), System::nanoTime);
        pool = new UsfPool(factory, System::nanoTime);
        pool.prewarm(1);
        pool.invoke(NEXT, "{\"n\": 1}");
        descriptorsBefore = descriptors();
    }

    @AfterAll
    void close() throws IOException {
        assertThat(descriptors()).isLessThanOrEqualTo(descriptorsBefore);
        pool.close();
        factory.close();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    @TestFactory
    Stream<DynamicTest> memory() {
        return tests(HostileProgram.memory());
    }

    @TestFactory
    Stream<DynamicTest> instructions() {
        return tests(HostileProgram.instructions());
    }

    @TestFactory
    Stream<DynamicTest> processor() {
        return tests(HostileProgram.processor());
    }

    @TestFactory
    Stream<DynamicTest> wildCalls() {
        return tests(HostileProgram.wildCalls());
    }

    @TestFactory
    Stream<DynamicTest> systemCalls() {
        return tests(HostileProgram.systemCalls());
    }

    @TestFactory
    Stream<DynamicTest> paths() {
        return tests(HostileProgram.paths());
    }

    @TestFactory
    Stream<DynamicTest> answers() {
        return tests(HostileProgram.answers());
    }

    private Stream<DynamicTest> tests(List<HostileProgram> programs) {
        return programs.stream().map(program -> DynamicTest.dynamicTest(program.name(), () -> survives(program)));
    }

    private void survives(HostileProgram program) {
        try (Usf usf = factory.create()) {
            Invocation invocation = usf.invoke(program.source(), program.event(), Assignment.NONE,
                    program.ends().test(OUT_OF_TIME) ? SHORT : PATIENCE);
            assertThat(program.ends().test(invocation.outcome())).as(invocation.outcome() + invocation.log()).isTrue();
            if (invocation.isReusable()) {
                pool.recycle(usf);
                assertThat(usf.machine().ram().bytes().mismatch(factory.template().contents().bytes())).isEqualTo(-1);
                assertThat(usf.residue(List.of(HostileProgram.SECRET))).matches(Residue::isNone);
                assertThat(usf.invoke(NEXT, "{\"n\": 21}").outcome()).isEqualTo(RIGHT);
            }
        }
        assertThat(pool.invoke(NEXT, "{\"n\": 21}").invocation().outcome())
                .isEqualTo(RIGHT);
    }
}
