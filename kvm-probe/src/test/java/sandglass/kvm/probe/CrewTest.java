package sandglass.kvm.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Oracle: a count of what was done, and by whom. */
class CrewTest {

    private static final int PATIENCE_S = 30;

    @Test
    void oneTaskAfterTheOtherIsDoneByTheSameThread() throws InterruptedException {
        Crew crew = new Crew(2, 8);
        Set<Thread> seen = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            CountDownLatch done = new CountDownLatch(1);
            crew.execute(() -> {
                seen.add(Thread.currentThread());
                done.countDown();
            });
            assertThat(done.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
            // A member counts as idle just after its task.
            TimeUnit.MILLISECONDS.sleep(2);
        }
        assertThat(crew.end(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        assertThat(seen).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void tasksBeyondItsSizeWaitInTheirOrderAndAllAreDone() throws InterruptedException {
        Crew crew = new Crew(1, 1);
        CountDownLatch go = new CountDownLatch(1);
        ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
        crew.execute(() -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        for (int i = 0; i < 5; i++) {
            int number = i;
            crew.execute(() -> order.add(number));
        }
        go.countDown();
        assertThat(crew.end(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        assertThat(List.copyOf(order)).containsExactly(0, 1, 2, 3, 4);
        assertThatThrownBy(() -> crew.execute(() -> { })).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whoFindsNobodyIdleGetsAThreadOfItsOwnUntilThereAreEnough() throws InterruptedException {
        Crew crew = new Crew(0, 3);
        CountDownLatch together = new CountDownLatch(3);
        Set<Thread> seen = java.util.concurrent.ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 4; i++) {
            crew.execute(() -> {
                seen.add(Thread.currentThread());
                together.countDown();
                try {
                    together.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        assertThat(crew.end(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        assertThat(seen).hasSize(3);
    }

    @Test
    void noTaskIsLostHoweverManyComeAtOnce() throws InterruptedException {
        Crew crew = new Crew(1, 4);
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 100_000; i++) {
            crew.execute(done::incrementAndGet);
        }
        assertThat(crew.end(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        assertThat(done).hasValue(100_000);
    }
}
