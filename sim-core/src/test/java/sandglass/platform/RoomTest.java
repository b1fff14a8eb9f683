package sandglass.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sandglass.result.Metrics;
import sandglass.scenario.Policies;
import sandglass.scenario.Policies.KeepAlive;
import sandglass.scenario.Stack;

/**
 * Which sandbox serves, and what happens where there is none and no room. Oracle: logs worked out by hand; making takes
 * 10 ns.
 */
class RoomTest {

    // Sandboxes 0, 1, 2 become idle at 31, 21 and 41; the next comes at 100, the one after it while the first is busy.
    @ParameterizedTest
    @CsvSource({"NEWEST, 2, 1", "OLDEST, 0, 1", "MOST_RECENTLY_USED, 2, 0", "LEAST_RECENTLY_USED, 1, 0"})
    void theReusePolicyChoosesAmongTheIdle(Policies.Reuse reuse, int first, int second) {
        World world = new World().arrive(0, 0, 21).arrive(0, 0, 11).arrive(0, 0, 31).arrive(100, 0, 50).arrive(101, 0,
            1);
        world.reuse = reuse;
        world.run();
        assertThat(world.log).contains("100 run f on " + first, "101 run f on " + second);
    }

    // Oracle: with three idle sandboxes, each is chosen a third of the time; 3000 draws, tolerance 4 standard errors.
    @Test
    void randomReuseIsUniform() {
        World world = new World().arrive(0, 0, 5).arrive(0, 0, 5).arrive(0, 0, 5);
        world.reuse = Policies.Reuse.RANDOM;
        int calls = 3000;
        for (int i = 0; i < calls; i++) {
            world.arrive(100 + 10L * i, 0, 5);
        }
        world.run();
        List<String> runs = world.log.subList(7, world.log.size()).stream().filter(line ->
            line.contains("run f on")).toList();
        assertThat(runs).hasSize(calls);
        for (int id = 0; id < 3; id++) {
            String end = "on " + id;
            assertThat(runs.stream().filter(line -> line.endsWith(end)).count()).isBetween(1000L - 103, 1000L + 103);
        }
    }

    @Test
    void atTheLimitAnInvocationIsRejected() {
        World world = new World().arrive(0, 0, 50).arrive(1, 0, 50).arrive(70, 0, 50);
        world.limit = 1;
        world.atLimit = Policies.AtLimit.REJECT;
        world.run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "70 run f on 0", "120 end",
            "120 evict 0");
        assertThat(world.value(Metrics.REJECTED)).isEqualTo(1);
        assertThat(world.value(Metrics.ARRIVALS)).isEqualTo(3);
        assertThat(world.value(Metrics.INVOCATIONS)).isEqualTo(2);
    }

    @Test
    void atTheLimitInvocationsQueueInTheirOrder() {
        World world = new World().arrive(0, 0, 50).arrive(1, 0, 30).arrive(2, 0, 20);
        world.limit = 1;
        world.run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "60 run f on 0",
            "90 run f on 0", "110 end",
            "110 evict 0");
        assertThat(world.samples(Metrics.WAIT)).containsExactly(10, 59, 88);
        assertThat(world.value(Metrics.COLD_STARTS))
            .as("who queues for a sandbox that exists meets no cold start").isEqualTo(1);
    }

    @Test
    void anIdleSandboxOfAnotherOwnerMakesRoomEvenWhereOthersWouldBeRejected() {
        World world = new World().functions("f", "g").arrive(0, 0, 5).arrive(100, 1, 5).arrive(101, 1, 5);
        world.limit = 1;
        world.atLimit = Policies.AtLimit.REJECT;
        world.times.evictNs = 4;
        world.run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "100 evict 0", "104 start 1",
            "114 run g on 1",
            "119 end", "119 evict 1");
        assertThat(world.value(Metrics.REJECTED)).isEqualTo(1);
    }

    @Test
    void aSandboxServesItsOwnQueueFirstAndThenMakesRoomForOthers() {
        World world = new World().functions("f", "g").arrive(0, 0, 20).arrive(1, 1, 5).arrive(2, 0, 20);
        world.limit = 1;
        world.run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "30 run f on 0", "50 evict 0",
            "50 start 1",
            "60 run g on 1", "65 end", "65 evict 1");
    }

    @Test
    void whoQueuesOnAnInterchangeableStackIsServedInTheOrderOfArrivalWhateverTheFunction() {
        World world = new World().functions("f", "g").arrive(0, 0, 20).arrive(1, 1, 5).arrive(2, 0, 20);
        world.limit = 1;
        world.interchangeable = Stack.Interchangeable.PER_RUNTIME;
        world.recycle = Stack.Recycle.RESTORE;
        world.run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "30 recycle 0",
            "33 run g on 0",
            "38 recycle 0", "41 run f on 0", "61 recycle 0", "64 end", "64 evict 0");
    }

    // The host holds 3 bytes. At 100 h, of 2 bytes, is refused until both others are gone, the longer idle one first.
    @Test
    void whereMemoryIsShortIdleSandboxesGoUntilTheRefusedOneFits() {
        World world = new World().function("f", "f", "p", 1).function("g", "g", "p", 2).function("h", "h", "p", 2);
        world.arrive(0, 1, 5).arrive(50, 0, 5).arrive(60, 1, 20).arrive(100, 2, 5);
        world.times.capacityBytes = 3;
        world.times.evictNs = 1;
        world.run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run g on 0", "50 start 1", "60 run f on 1",
            "60 run g on 0",
            "100 refuse 2", "100 evict 1", "101 refuse 3", "101 evict 0", "102 start 4", "112 run h on 4", "117 end",
            "117 evict 4");
        assertThat(world.samples(Metrics.WAIT)).as("in the order of completion").containsExactly(10, 10, 0, 12);
        assertThat(world.value(Metrics.REJECTED)).isZero();
    }

    @Test
    void whoIsRefusedWhileAllAreBusyQueuesOrIsRejected() {
        World queue = new World().functions("f", "g").arrive(0, 0, 50).arrive(20, 1, 5);
        queue.times.capacityBytes = 1;
        queue.run();
        assertThat(queue.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "20 refuse 1", "60 evict 0",
            "60 start 2",
            "70 run g on 2", "75 end", "75 evict 2");
        World reject = new World().functions("f", "g").arrive(0, 0, 50).arrive(20, 1, 5);
        reject.times.capacityBytes = 1;
        reject.atLimit = Policies.AtLimit.REJECT;
        assertThat(reject.run().value(Metrics.REJECTED)).isEqualTo(1);
    }

    @Test
    void whatFitsNoEmptyHostIsRejectedEvenIfOthersQueue() {
        World world = new World().function("f", "f", "p", 5).arrive(0, 0, 5).arrive(3, 0, 5);
        world.times.capacityBytes = 4;
        world.run();
        assertThat(world.value(Metrics.REJECTED)).isEqualTo(2);
        assertThat(world.platform.warnings()).singleElement().asString().contains("empty host");
    }

    // f of 1 byte was called 3 times, g of 4 bytes 3 times, h of 1 byte once; starting takes 10 ns each. Ranks at their
    // last use: f 3*10/1 = 30, g 3*10/4 = 7.5, h 1*10/1 = 10. Least recently used would be h, then f.
    @Test
    void greedyDualEvictsTheLowestRankNotTheLeastRecentlyUsed() {
        World world = new World().function("f", "f", "p", 1).function("g", "g", "p", 4).function("h", "h", "p",
            1).function("k", "k", "p", 1);
        world.keepAlive = new KeepAlive.GreedyDual();
        world.arrive(0, 2, 1);
        for (int i = 1; i <= 3; i++) {
            world.arrive(100L * i, 0, 1).arrive(100L * i + 50, 1, 1);
        }
        world.times.capacityBytes = 6;
        world.arrive(1000, 3, 1).run();
        assertThat(world.log).containsSubsequence("1000 refuse 3", "1000 evict 2", "1000 start 4", "1010 run k on 4");
    }

    // The same, then q of 4 bytes: the clock is 7.5 after g's eviction, so k ranks 7.5 + 10 = 17.5 and h, at 10, goes
    // first; then k. q needs 4 of 6 bytes, and f, h and k hold 3.
    @Test
    void greedyDualAgesByItsClock() {
        World world = new World().function("f", "f", "p", 1).function("g", "g", "p", 4).function("h", "h", "p",
            1).function("k", "k", "p", 1)
            .function("q", "q", "p", 4);
        world.keepAlive = new KeepAlive.GreedyDual();
        world.arrive(0, 2, 1);
        for (int i = 1; i <= 3; i++) {
            world.arrive(100L * i, 0, 1).arrive(100L * i + 50, 1, 1);
        }
        world.times.capacityBytes = 6;
        world.arrive(1000, 3, 1).arrive(1100, 4, 1).arrive(1200, 2, 1).run();
        assertThat(world.log).containsSubsequence("1000 evict 2", "1100 refuse 5", "1100 evict 0", "1100 start 6",
            "1110 run q on 6",
            "1200 refuse 7", "1200 evict 6", "1200 start 8");
    }

    private static World assigning(long capacityBytes) {
        World world = new World().function("f", "f", "p", 2).function("g", "g", "q", 1).function("h", "h", "p", 3);
        world.interchangeable = Stack.Interchangeable.PER_RUNTIME;
        world.recycle = Stack.Recycle.RESTORE;
        world.times.unassignedBytes = 1;
        world.times.capacityBytes = capacityBytes;
        return world;
    }

    // Two sandboxes and one assigned f take 4 of 5 bytes; the second f waits, its sandbox idle, until the first is clean.
    @Test
    void whoFindsNoMemoryToBeAssignedWaitsWithItsSandboxIdle() {
        World world = assigning(5).arrive(0, 0, 20).arrive(1, 0, 5).run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "1 start 1", "10 run f on 0", "30 recycle 0",
            "33 run f on 0", "38 recycle 0", "41 end", "41 evict 0", "41 evict 1");
        assertThat(world.value(Metrics.REJECTED)).isZero();
    }

    @Test
    void whoFindsNoMemoryToBeAssignedIsRejectedIfThePolicySaysSo() {
        World world = assigning(5).arrive(0, 0, 20).arrive(1, 0, 5);
        world.atLimit = Policies.AtLimit.REJECT;
        assertThat(world.run().value(Metrics.REJECTED)).isEqualTo(1);
        assertThat(world.log).containsSubsequence("10 run f on 0", "30 recycle 0", "33 end");
    }

    // h takes 3 of 4 bytes beside its sandbox's 1, so the idle sandbox of g's runtime has to go first.
    @Test
    void anIdleSandboxOfAnotherRuntimeMakesRoomForAnAssignment() {
        World world = assigning(4).arrive(0, 1, 5).arrive(100, 2, 5);
        world.times.evictNs = 4;
        world.run();
        assertThat(world.log).containsSubsequence("10 run g on 0", "100 start 1", "110 evict 0",
            "114 run h on 1", "119 recycle 1");
        assertThat(world.value(Metrics.REJECTED)).isZero();
    }

    // h waits for 3 bytes; an f that came later would fit before but stays behind it.
    @Test
    void nobodyOvertakesWhoWaitsForMemoryInTheSamePool() {
        World world = assigning(6).arrive(0, 0, 50).arrive(1, 2, 5).arrive(20, 0, 5).run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "1 start 1", "10 run f on 0", "60 recycle 0",
            "63 run h on 0", "68 recycle 0", "71 run f on 0", "76 recycle 0", "79 end", "79 evict 0", "79 evict 1");
    }

    @Test
    void whatFitsNoSandboxOfAnEmptyHostIsRejected() {
        World world = assigning(3).arrive(0, 2, 5).arrive(50, 2, 5).run();
        assertThat(world.value(Metrics.REJECTED)).isEqualTo(2);
        assertThat(world.platform.warnings()).singleElement().asString().contains("empty host");
    }
}
