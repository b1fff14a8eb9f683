package sandglass.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sandglass.result.Metrics;
import sandglass.scenario.Length;
import sandglass.scenario.Load;
import sandglass.scenario.Policies.KeepAlive;
import sandglass.scenario.Scenario;
import sandglass.scenario.Stack;
import sandglass.unit.Distribution;

/**
 * Oracle of every test here: a log worked out by hand. A sandbox takes 10 ns to make, 2 to assign, 3 to recycle, none
 * to evict.
 */
class PoolsTest {

    private static World pooled(Stack.Interchangeable interchangeable, Stack.Recycle recycle, int held,
            String... functions) {
        World world = new World().functions(functions).pool(held);
        world.interchangeable = interchangeable;
        world.recycle = recycle;
        world.times.readyNs = 2;
        return world;
    }

    @Test
    void timeIsMeasuredFromTheReadinessOfThePoolAndArrivalsComeThatMuchLater() {
        World world = pooled(Stack.Interchangeable.PER_FUNCTION, Stack.Recycle.KEEP, 2, "f").arrive(7, 0, 5);
        world.warmupNs = 4;
        world.run();
        assertThat(world.log).containsExactly("0 start 0", "0 start 1", "14 measure", "17 run f on 1", "24 end",
            "24 evict 1",
            "24 evict 0");
        assertThat(world.samples(Metrics.WAIT)).containsExactly(2);
        assertThat(world.samples(Metrics.START_POOLED)).containsExactly(2);
        assertThat(world.value(Metrics.COLD_SHARE)).isZero();
        assertThat(world.has(Metrics.START_COLD)).as("nobody waited for the making").isFalse();
        assertThat(world.value(Metrics.SANDBOXES_MEAN)).isEqualTo(2);
        assertThat(world.value(Metrics.SANDBOXES_RUNNING)).isEqualTo(7 / 10.0);
        assertThat(world.value(Metrics.SANDBOXES_IDLE)).isEqualTo(13 / 10.0);
    }

    @Test
    void anInterchangeableSandboxIsAssignedRestoredAndAssignedAnew() {
        World world = pooled(Stack.Interchangeable.PER_RUNTIME, Stack.Recycle.RESTORE, 1, "f", "g").arrive(0, 0,
            5).arrive(20, 1, 5);
        world.run();
        assertThat(world.log).containsExactly("0 start 0", "10 measure", "10 run f on 0", "17 recycle 0",
            "30 run g on 0", "37 recycle 0",
            "40 end", "40 evict 0");
        assertThat(world.samples(Metrics.START_POOLED)).containsExactly(2, 2);
        assertThat(world.samples(Metrics.RECYCLE)).containsExactly(3, 3);
    }

    @Test
    void functionsOfAnotherRuntimeHaveAPoolOfTheirOwn() {
        World world = new World().function("f", "f", "python", 1).function("g", "g", "node", 1).pool(1);
        world.interchangeable = Stack.Interchangeable.PER_RUNTIME;
        world.recycle = Stack.Recycle.RESTORE;
        world.arrive(0, 1, 5).run();
        assertThat(world.log).containsExactly("0 start 0", "0 start 1", "10 measure", "10 run g on 1", "15 recycle 1",
            "18 end",
            "18 evict 1", "18 evict 0");
    }

    @Test
    void keepAliveNoneLeavesAPoolThatRestoresAtItsSize() {
        World world = pooled(Stack.Interchangeable.PER_RUNTIME, Stack.Recycle.RESTORE, 1, "f").arrive(0, 0, 5).arrive(0,
            0, 5);
        world.keepAlive = new KeepAlive.None();
        world.run();
        assertThat(world.log).as("sandbox 1 is above the floor when 0 is done, so one of them goes unrecycled")
            .containsExactly("0 start 0",
            "10 measure", "10 run f on 0", "10 start 1", "17 evict 0", "20 run f on 1", "27 recycle 1", "30 end",
            "30 evict 1");
    }

    @Test
    void anOwnerKeepsItsSandboxAndThePoolOfTheRuntimeMakesANewOneAtOnce() {
        World world = pooled(Stack.Interchangeable.PER_RUNTIME, Stack.Recycle.KEEP, 1, "f", "g").arrive(0, 0,
            5).arrive(11, 1, 5)
            .arrive(30, 0, 5);
        world.run();
        assertThat(world.log).startsWith("0 start 0", "10 measure", "10 run f on 0", "10 start 1", "21 run g on 1",
            "21 start 2",
            "40 run f on 0", "45 end").hasSize(8 + 3);
        assertThat(world.samples(Metrics.WAIT)).as("the third finds its function assigned").containsExactly(2, 2, 0);
    }

    @Test
    void aPoolOfAFunctionMakesANewOneWhenAUsedOneIsGone() {
        World world = pooled(Stack.Interchangeable.PER_FUNCTION, Stack.Recycle.KEEP, 1, "f").arrive(0, 0, 5).arrive(50,
            0, 5);
        world.keepAlive = new KeepAlive.None();
        world.times.evictNs = 1;
        world.run();
        assertThat(world.log).containsExactly("0 start 0", "10 measure", "10 run f on 0", "17 evict 0", "18 start 1",
            "60 run f on 1",
            "67 evict 1", "67 end");
        assertThat(world.samples(Metrics.WAIT)).containsExactly(2, 2);
    }

    @Test
    void replaceDestroysAfterEachInvocationWhateverKeepAliveSays() {
        World world = pooled(Stack.Interchangeable.PER_RUNTIME, Stack.Recycle.REPLACE, 1, "f").arrive(0, 0, 5).arrive(8,
            0, 5);
        world.run();
        assertThat(world.log).as("the second waits for the replacement, begun at 17 and ready at 27")
            .containsExactly("0 start 0",
            "10 measure", "10 run f on 0", "17 evict 0", "17 start 1", "27 run f on 1", "34 evict 1", "34 end");
        assertThat(world.samples(Metrics.WAIT)).containsExactly(2, 11);
        assertThat(world.value(Metrics.COLD_STARTS)).isEqualTo(1);
        assertThat(world.samples(Metrics.START_COLD)).containsExactly(10);
    }

    @Test
    void anUnusedSandboxIsHeldWhateverKeepAliveSays() {
        World world = pooled(Stack.Interchangeable.PER_FUNCTION, Stack.Recycle.KEEP, 1, "f").arrive(1_000_000, 0, 5);
        world.keepAlive = new KeepAlive.Ttl(10, true);
        world.run();
        assertThat(world.log).containsExactly("0 start 0", "10 measure", "1000010 run f on 0", "1000017 end",
            "1000017 evict 0");
    }

    @Test
    void creationOnDemandHoldsNoPool() {
        World world = pooled(Stack.Interchangeable.PER_FUNCTION, Stack.Recycle.KEEP, 4, "f").arrive(0, 0, 5);
        world.start = Scenario.Start.CREATE;
        world.run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "17 end", "17 evict 0");
    }

    @Test
    void aPoolWhoseSizeIsLeftOpenHoldsWhatTheLoadAsksForAtOnce() {
        World world = pooled(Stack.Interchangeable.PER_FUNCTION, Stack.Recycle.KEEP, 0, "f");
        world.load = new Load.Closed(3, new Distribution.Constant(0));
        world.end = new Length.End.Invocations(3);
        world.run();
        assertThat(world.log.subList(0, 4)).containsExactly("0 start 0", "0 start 1", "0 start 2", "10 measure");
        assertThat(world.value(Metrics.COLD_STARTS)).isZero();
    }

    @Test
    void aPoolThatDoesNotFitHoldsWhatFits() {
        World world = pooled(Stack.Interchangeable.PER_FUNCTION, Stack.Recycle.KEEP, 3, "f").arrive(0, 0, 5);
        world.times.capacityBytes = 2;
        world.run();
        assertThat(world.log).containsExactly("0 start 0", "0 start 1", "0 refuse 2", "10 measure", "10 run f on 1",
            "17 end", "17 evict 1",
            "17 evict 0");
        assertThat(world.platform.warnings()).hasSize(1);
    }
}
