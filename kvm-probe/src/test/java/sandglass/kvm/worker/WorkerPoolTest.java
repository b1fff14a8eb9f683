package sandglass.kvm.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.usf.UsfConfig;
import sandglass.kvm.usf.UsfPool;

/** Oracle: what Python's documentation says the functions return, and the host's own table of processes. */
@RequiresKvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkerPoolTest {

    private static final String SQUARE = "def handler(event, etl):\n    return event['n'] ** 2\n";
    private static final String FETCH = "def handler(event, etl):\n    return bytes(etl.get(event)).decode()\n";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WORKERS = 2;
    private static final int USFS = 3;

    private final List<UsfPool.Added> added = new ArrayList<>();
    /** Its answer is waited for until the test lets it come. */
    private final CountDownLatch killed = new CountDownLatch(1);
    private final DocumentServer server = new DocumentServer(path -> {
        try {
            killed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.of("text".getBytes(StandardCharsets.US_ASCII));
    });
    private WorkerPool pool;

    @BeforeAll
    void open() {
        UsfConfig usf = UsfConfig.defaults().withRamBytes(36L << 20).withTimeLimit(Duration.ofMinutes(2))
                .withAllowedHosts(Set.of(server.hostAndPort()));
        pool = new WorkerPool(WorkerPoolConfig.defaults().withUsf(usf).withUsfsPerWorker(USFS));
        pool.grow(WORKERS * USFS, added::addAll);
    }

    @AfterAll
    void closeLeavesNoProcess() {
        List<Long> pids = pool.pids();
        pool.close();
        server.close();
        assertThat(pids).isNotEmpty().noneMatch(pid -> ProcessHandle.of(pid).isPresent());
        assertThatThrownBy(() -> pool.invoke(SQUARE, "{\"n\": 2}")).isInstanceOf(WorkerLostException.class);
    }

    @Test
    void growthReportsEveryUnikernel() {
        assertThat(added).hasSize(WORKERS * USFS).allMatch(one -> one.createNs() > 0 && one.firstRunNs() > 0);
    }

    @Test
    void whatTheListenerThrowsEndsTheGrowth() {
        UsfConfig usf = UsfConfig.defaults().withRamBytes(36L << 20);
        try (WorkerPool other = new WorkerPool(WorkerPoolConfig.defaults().withUsf(usf).withUsfsPerWorker(1).withWorkersFilledAtATime(2))) {
            assertThatThrownBy(() -> other.grow(1000, batch -> {
                throw new IllegalStateException("enough");
            })).hasMessage("enough");
            assertThat(other.pids()).hasSizeBetween(1, 3);
        }
    }

    @Test
    void functionsAreServedAndFailOnTheirOwn() {
        for (int n = 0; n < 20; n++) {
            Answered answered = pool.invoke(SQUARE, "{\"n\": " + n + "}");
            assertThat(answered.ending()).isEqualTo(Answered.Ending.RESULT);
            assertThat(answered.text()).isEqualTo(Integer.toString(n * n));
        }
        assertThat(pool.invoke("def handler(event, etl):\n    print('hello')\n    return 1 / 0\n", "{}")).satisfies(failed -> {
            assertThat(failed.ending()).isEqualTo(Answered.Ending.FAILED);
            assertThat(failed.text()).contains("ZeroDivisionError: division by zero");
            assertThat(failed.log()).isEqualTo("hello\n");
        });
        assertThat(pool.invoke("import os\ndef handler(event, etl):\n    os._exit(3)\n", "{}").ending())
                .isEqualTo(Answered.Ending.KILLED);
        String large = "x".repeat(100_000);
        assertThat(pool.invoke("def handler(event, etl):\n    return event\n", "\"" + large + "\"").text())
                .isEqualTo("\"" + large + "\"");
    }

    @Test
    void aKilledWorkerIsReplacedAndHarmsOnlyItsOwnInvocations() throws Exception {
        List<CompletableFuture<Answered>> running = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            int before = pool.busy();
            running.add(CompletableFuture.supplyAsync(() -> pool.invoke(FETCH, '"' + server.url() + "/document\"")));
            await(() -> pool.busy() > before);
        }
        List<Long> pids = pool.pids();
        ProcessHandle.of(pids.get(0)).orElseThrow().destroyForcibly();
        killed.countDown();
        int lost = 0;
        for (CompletableFuture<Answered> one : running) {
            try {
                assertThat(one.join().text()).isEqualTo("\"text\"");
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(WorkerLostException.class);
                lost++;
            }
        }
        assertThat(lost).isEqualTo(1);
        await(() -> pool.pids().size() == WORKERS && pool.idleCount() >= WORKERS * USFS);
        assertThat(pool.pids()).doesNotContain(pids.get(0)).contains(pids.get(1));
        List<String> results = new ArrayList<>();
        assertThat(pool.invokeOnEach(SQUARE, "{\"n\": 7}", answered -> results.add(answered.text())))
                .isGreaterThanOrEqualTo(WORKERS * USFS);
        assertThat(results).containsOnly("49");
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) throws InterruptedException {
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(endNs);
            Thread.sleep(20);
        }
    }
}
