package sandglass.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sandglass.des.SsjTimeline;
import sandglass.scenario.Function;
import sandglass.scenario.Policies;
import sandglass.scenario.Work;

class IdleSandboxesTest {

    private static final ReusePolicy NEWEST = new ReusePolicy() {
        @Override
        public Order order() {
            return Order.CREATED;
        }

        @Override
        public int choose(int idle) {
            return idle - 1;
        }
    };

    // Oracle: a log worked out by hand. Windows as a histogram may give them: 100 ns, then 10 ns, then 1000 ns from a later use.
    @Test
    void aSandboxExpiresExactlyWhetherItsWindowsShrinkOrGrow() {
        SsjTimeline timeline = new SsjTimeline();
        List<Long> expired = new ArrayList<>();
        IdleSandboxes[] idle = new IdleSandboxes[1];
        PolicySet policies = new PolicySet((now, ready, times) -> null, now -> 0, (alive, evictable, full) -> null, NEWEST,
            (since, clock, uses, start, size) -> since);
        idle[0] = new IdleSandboxes(timeline, policies, Policies.Expiry.EXACT, sandbox -> {
            expired.add(timeline.nowNs());
            idle[0].remove(sandbox, timeline.nowNs());
        });
        Function function = new Function("f", "f", "python", new Work(List.of()), Optional.empty(), 0, 0, 0);
        Sandbox sandbox = new Sandbox(0, function, new Pool(function, false, 0), 0);
        timeline.timer(() -> idle[0].add(sandbox, 0, 100)).at(0);
        timeline.timer(() -> {
            idle[0].remove(sandbox, 20);
            idle[0].add(sandbox, 20, 10);
        }).at(20);
        timeline.timer(() -> idle[0].add(sandbox, 40, 1000)).at(40);
        timeline.run();
        assertThat(expired).containsExactly(30L, 1040L);
    }
}
