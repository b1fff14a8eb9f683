package sandglass.kvm.usf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.SystemCallException;
import sandglass.kvm.usf.call.Pause;
import sandglass.kvm.usf.file.Assignment;
import sandglass.kvm.vm.KvmStats;

/** Oracle: what Python's documentation says the functions return, and byte comparison with the template. */
@RequiresKvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UsfPoolTest {

    private static final String INCREMENT = "def handler(event, etl):\n    return event['n'] + 1\n";

    private UsfFactory factory;
    private UsfPool pool;

    @BeforeAll
    void open() {
        factory = new UsfFactory(UsfConfig.defaults().withTimeLimit(Duration.ofSeconds(60)), System::nanoTime);
        pool = new UsfPool(factory, System::nanoTime);
    }

    @AfterAll
    void close() {
        pool.close();
        factory.close();
    }

    private Outcome run(String source, String event) {
        return pool.invoke(source, event).invocation().outcome();
    }

    private String result(String body) {
        Outcome outcome = run("def handler(event, etl):\n    " + body.replace("\n", "\n    ") + "\n", "{}");
        assertThat(outcome).isInstanceOf(Outcome.Result.class);
        return ((Outcome.Result) outcome).json();
    }

    private String failure(String body) {
        Outcome outcome = run("def handler(event, etl):\n    " + body.replace("\n", "\n    ") + "\n", "{}");
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed) outcome).traceback();
    }

    @Test
    void aFunctionGetsItsEventAndReturnsJson() {
        for (int n = 0; n < 50; n++) {
            assertThat(run(INCREMENT, "{\"n\": " + n + "}")).isEqualTo(new Outcome.Result(Integer.toString(n + 1)));
        }
        assertThat(result("return {'text': 'ü\\n', 'list': [1, 2.5, None, True]}"))
                .isEqualTo("{\"text\": \"\\u00fc\\n\", \"list\": [1, 2.5, null, true]}");
    }

    @Test
    void aWarmTrivialFunctionLeavesTheGuestTwice() {
        run(INCREMENT, "{\"n\": 1}");
        ExitCounts exits = pool.invoke(INCREMENT, "{\"n\": 1}").invocation().exits();
        // One read that delivers the function, one write that delivers the result.
        assertThat(exits.bySystemCall(factory.systemCalls())).isEqualTo(Map.of("readv", 1, "write", 1));
        assertThat(exits.total()).isEqualTo(2);
    }

    @Test
    void theKernelCountsOurExitsAndItsOwn() {
        try (Usf usf = factory.create(); KvmStats stats = usf.machine().vcpu().stats()) {
            Map<String, Long> before = stats.read();
            int ours = usf.invoke(INCREMENT, "{\"n\": 1}").exits().total();
            Map<String, Long> after = stats.read();
            long all = after.get("exits") - before.get("exits");
            long faults = after.get("pf_taken") - before.get("pf_taken");
            long interrupts = after.get("irq_exits") - before.get("irq_exits");
            assertThat(faults).isPositive();
            assertThat(all - faults - interrupts).isEqualTo(ours);
            // No instruction of the guest is emulated but the OUTs that are our exits.
            assertThat(after.get("insn_emulation") - before.get("insn_emulation")).isLessThanOrEqualTo(ours);
        }
    }

    @Test
    void exceptionsComeBackAsPythonTracebacks() {
        assertThat(failure("return 1 / event['missing']")).startsWith("Traceback (most recent call last):")
                .contains("File \"<function>\", line 2, in handler", "return 1 / event['missing']")
                .endsWith("KeyError: 'missing'\n").doesNotContain("runner.py");
        assertThat(failure("return object()")).contains("Object of type object is not JSON serializable");
        assertThat(failure("return float('nan')")).contains("Out of range float values");
        assertThat(failure("import sys\nsys.exit(3)")).contains("SystemExit: 3");
        assertThat(failure("def f(): return f()\nreturn f()")).contains("RecursionError");
        assertThat(failure("return bytearray(1 << 30)")).contains("MemoryError");
        assertThat(((Outcome.Failed) run("def handler(:\n", "{}")).traceback()).contains("SyntaxError");
        assertThat(((Outcome.Failed) run("x = 1\n", "{}")).traceback()).contains("defines no handler");
        assertThat(((Outcome.Failed) run(INCREMENT, "{not json")).traceback()).contains("JSONDecodeError");
    }

    @Test
    void unikernelsThatMisbehaveAreEndedAndReplaced() {
        assertThat(run("import os\nos._exit(7)\n", "{}")).isEqualTo(killed(Pause.EXITED));
        assertThat(run("import os\nos.abort()\n", "{}")).isInstanceOf(Outcome.Killed.class);
        assertThat(result("return 5")).isEqualTo("5");
    }

    private static Outcome killed(Pause pause) {
        return new Outcome.Killed(new Stop.Paused(pause));
    }

    @Test
    void anEndlessLoopEndsAtTheTimeLimit() {
        assertThat(pool.invoke("while True:\n    pass\n", "{}", Assignment.NONE, Duration.ofSeconds(1)).invocation().outcome())
                .isEqualTo(new Outcome.Killed(new Stop.OutOfTime()));
        assertThat(result("return 6")).isEqualTo("6");
    }

    @Test
    void recyclingLeavesNoResidue() {
        String secret = "S3CRET-" + "0123456789abcdef".repeat(2);
        try (Usf usf = factory.create()) {
            Invocation invocation = usf.invoke("""
                    import json, random, sys
                    kept = [event_text + str(i) for i in range(20000) for event_text in ('S3CRET-',)]
                    def handler(event, etl):
                        sys.leak = event['secret'] * 1000
                        json.leak = [event['secret'] + str(i) for i in range(20000)]
                        open('/usf/request').close()
                        return len(sys.leak)
                    """, "{\"secret\": \"" + secret + "\"}");
            assertThat(invocation.outcome()).isEqualTo(new Outcome.Result(Integer.toString(secret.length() * 1000)));
            assertThat(count(usf.machine().ram().bytes(), secret)).isGreaterThan(20_000);
            Recycling recycling = pool.recycle(usf);
            assertThat(recycling.dirtyPages()).isGreaterThan(500);
            ByteBuffer after = usf.machine().ram().bytes();
            assertThat(after.mismatch(factory.template().contents().bytes())).isEqualTo(-1);
            assertThat(count(after, secret)).isZero();
            assertThat(usf.invoke("""
                    import json, sys
                    def handler(event, etl):
                        return [hasattr(sys, 'leak'), hasattr(json, 'leak')]
                    """, "{}").outcome()).isEqualTo(new Outcome.Result("[false, false]"));
        }
    }

    private static int count(ByteBuffer memory, String text) {
        byte[] pattern = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        int found = 0;
        for (int at = 0; at + pattern.length <= memory.capacity(); at++) {
            if (memory.get(at) == pattern[0]) {
                int i = 1;
                while (i < pattern.length && memory.get(at + i) == pattern[i]) {
                    i++;
                }
                found += i == pattern.length ? 1 : 0;
            }
        }
        return found;
    }

    @Test
    void aUnikernelMustBeRecycledBetweenFunctions() {
        try (Usf usf = factory.create()) {
            usf.invoke(INCREMENT, "{\"n\": 1}");
            assertThatThrownBy(() -> usf.invoke(INCREMENT, "{\"n\": 1}")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void everyInvocationDrawsItsOwnRandomNumbers() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            seen.add(result("import random\nreturn random.random()"));
            seen.add(result("import uuid\nreturn str(uuid.uuid4())"));
            seen.add(result("import os\nreturn os.urandom(8).hex()"));
        }
        assertThat(seen).hasSize(30);
    }

    @Test
    void requestsLargerThanTheRunnersBufferArrive() {
        String text = "x".repeat(3_000_000);
        assertThat(run("def handler(event, etl):\n    return len(event)\n", '"' + text + '"'))
                .isEqualTo(new Outcome.Result("3000000"));
        assertThat(run("# " + text + "\n" + INCREMENT, "{\"n\": 1}")).isEqualTo(new Outcome.Result("2"));
    }

    @Test
    void aCloneThatCannotBeMadeLeavesNothingBehind() throws Exception {
        Linux.Limit limit = Linux.limit(Linux.Resource.OPEN_FILES);
        factory.create().close();
        long before = descriptors();
        long mappings = memoryFileMappings();
        int second;
        try (Fd lowestFree = Linux.eventFd(); Fd nextFree = Linux.eventFd()) {
            assertThat(lowestFree.number()).isLessThan(nextFree.number());
            second = nextFree.number();
        }
        // The limit is on numbers: the machine gets the lowest free one, and the vCPU would get the next.
        Linux.setLimit(Linux.Resource.OPEN_FILES, new Linux.Limit(second, limit.hard()));
        SystemCallException failure;
        try {
            failure = catchThrowableOfType(SystemCallException.class, factory::create);
        } finally {
            Linux.setLimit(Linux.Resource.OPEN_FILES, limit);
        }
        assertThat(failure.errno()).isEqualTo(Errno.EMFILE);
        assertThat(descriptors()).isEqualTo(before);
        assertThat(memoryFileMappings()).isEqualTo(mappings);
    }

    private static long memoryFileMappings() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream().filter(line -> line.contains("memfd:")).count();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    @Test
    void threadsShareThePoolWithoutMixingUpTheirResults() throws Exception {
        List<Thread> threads = new ArrayList<>();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        for (int t = 0; t < 3; t++) {
            int offset = t * 1000;
            threads.add(new Thread(() -> {
                for (int n = offset; n < offset + 100; n++) {
                    Outcome outcome = run(INCREMENT, "{\"n\": " + n + "}");
                    if (!outcome.equals(new Outcome.Result(Integer.toString(n + 1)))) {
                        wrong.add(n + ": " + outcome);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong).isEmpty();
        assertThat(pool.idleCount()).isBetween(1, 3);
    }

    @Test
    void prewarmedUnikernelsAreUsedBeforeNewOnesAreMade() {
        pool.prewarm(2);
        assertThat(pool.idleCount()).isGreaterThanOrEqualTo(2);
        UsfPool.Served served = pool.invoke(INCREMENT, "{\"n\": 1}");
        assertThat(served.createNs()).isZero();
        assertThat(served.recycling().dirtyPages()).isPositive();
    }

    @Test
    void whatAFunctionPrintsIsKept() {
        Invocation invocation = pool.invoke("def handler(event, etl):\n    print('said', event)\n    return 0\n", "1")
                .invocation();
        assertThat(invocation.log()).isEqualTo("said 1\n");
        assertThat(pool.invoke(INCREMENT, "{\"n\": 1}").invocation().log()).isEmpty();
    }

    @Test
    void bothWaysOfRecyclingRestoreTheTemplate() {
        UsfConfig dropping = UsfConfig.defaults().withCopyBackPages(10);
        try (UsfFactory other = new UsfFactory(dropping, System::nanoTime);
                UsfPool otherPool = new UsfPool(other, System::nanoTime);
                Usf usf = other.create()) {
            assertThat(usf.invoke("""
                    def handler(event, etl):
                        return len([str(i) for i in range(200000)])
                    """, "{}").outcome()).isEqualTo(new Outcome.Result("200000"));
            Recycling recycling = otherPool.recycle(usf);
            assertThat(recycling.droppedPages()).isGreaterThan(1000);
            assertThat(recycling.copiedPages()).isGreaterThan(10);
            assertThat(usf.machine().ram().bytes().mismatch(other.template().contents().bytes())).isEqualTo(-1);
            assertThat(usf.invoke(INCREMENT, "{\"n\": 1}").outcome()).isEqualTo(new Outcome.Result("2"));
        }
    }
}
