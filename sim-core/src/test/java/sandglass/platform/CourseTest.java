package sandglass.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import sandglass.result.Metrics;
import sandglass.result.Series;
import sandglass.scenario.Length;
import sandglass.scenario.Load;
import sandglass.scenario.Policies;
import sandglass.scenario.Stack;
import sandglass.unit.Distribution;

/** Loads, warm-up and horizon. Oracle: logs and averages worked out by hand; making a sandbox takes 10 ns. */
class CourseTest {

    @Test
    void whatRunsAtTheHorizonIsFinishedAndCounts() {
        World world = atHorizon(Policies.AtHorizon.FINISH);
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "20 end", "60 run f on 0",
            "90 evict 0");
        assertThat(world.value(Metrics.INVOCATIONS)).isEqualTo(2);
        assertThat(world.samples(Metrics.WAIT)).containsExactly(10, 55);
        assertThat(world.value(Metrics.THROUGHPUT)).as("completed within the measured time").isZero();
        assertThat(world.value(Metrics.SANDBOXES_MEAN)).isEqualTo(1);
        assertThat(world.value(Metrics.SANDBOXES_RUNNING)).isEqualTo(10 / 20.0);
    }

    @Test
    void whatRunsAtTheHorizonIsCutOffAndDoesNotCount() {
        World world = atHorizon(Policies.AtHorizon.CUT);
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "20 end", "60 evict 0");
        assertThat(world.value(Metrics.INVOCATIONS)).isZero();
        assertThat(world.value(Metrics.ARRIVALS)).isEqualTo(2);
        assertThat(world.has(Metrics.COLD_SHARE)).isFalse();
    }

    private static World atHorizon(Policies.AtHorizon policy) {
        World world = new World().arrive(0, 0, 50).arrive(5, 0, 30).arrive(20, 0, 1);
        world.limit = 1;
        world.end = new Length.End.Duration(20);
        world.atHorizon = policy;
        return world.run();
    }

    // Runs at 10..30, 40..60, 70..90 of 100; from 50 on: 30 of 50 running, the rest idle.
    @Test
    void theWarmupIsLeftOutByArrivalAndOfTheAverages() {
        World world = new World().arrive(0, 0, 20).arrive(40, 0, 20).arrive(70, 0, 20);
        world.warmupNs = 50;
        world.end = new Length.End.Duration(100);
        world.run();
        assertThat(world.log).contains("50 measure", "100 end");
        assertThat(world.value(Metrics.ARRIVALS)).isEqualTo(1);
        assertThat(world.value(Metrics.INVOCATIONS)).isEqualTo(1);
        assertThat(world.value(Metrics.COLD_SHARE)).isZero();
        assertThat(world.has(Metrics.START_COLD)).isFalse();
        assertThat(world.value(Metrics.SANDBOXES_RUNNING)).isEqualTo(30 / 50.0);
        assertThat(world.value(Metrics.SANDBOXES_IDLE)).isEqualTo(20 / 50.0);
        assertThat(world.value(Metrics.SANDBOXES_MAX)).isEqualTo(1);
        assertThat(world.value(Metrics.THROUGHPUT)).as("two completions in 50 ns").isEqualTo(2 / 50e-9);
        Series running = world.series("sandboxes.running");
        assertThat(running.timesNs()).hasSize(50).startsWith(50, 51);
        assertThat(running.values()[9]).isEqualTo(1);
        assertThat(running.values()[10]).isZero();
    }

    @Test
    void aRunThatEndsWithinItsWarmupMeasuresNothingAndSaysSo() {
        World world = new World().arrive(0, 0, 20);
        world.warmupNs = 50;
        world.run();
        assertThat(world.value(Metrics.ARRIVALS)).isZero();
        assertThat(world.platform.warnings()).singleElement().asString().contains("warm-up");
    }

    @Test
    void aLoadThatNeverEndsNeedsALength() {
        World world = new World();
        world.load = new Load.Closed(1, new Distribution.Constant(0));
        assertThatThrownBy(world::run).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("never exhausted");
        World within = new World();
        within.warmupNs = 10;
        within.end = new Length.End.Duration(10);
        assertThatThrownBy(within::run).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("warm-up");
    }

    // Two clients: 0 and 10, service 5, think 100: the second round comes at 115 and again without a start.
    @Test
    void clientsSendThinkAndSendAgain() {
        World world = new World().functions("f", "g");
        world.load = new Load.Closed(2, new Distribution.Constant(100));
        world.end = new Length.End.Invocations(5);
        world.run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "0 start 1", "10 run f on 0", "10 run g on 1",
            "115 run f on 0",
            "115 run g on 1", "220 run f on 0", "225 end", "225 evict 0", "225 evict 1");
        assertThat(world.value(Metrics.INVOCATIONS)).isEqualTo(5);
    }

    @Test
    void aClientThatDoesNotThinkSendsAsSoonAsItIsAnswered() {
        World world = new World();
        world.load = new Load.Closed(1, new Distribution.Constant(0));
        world.end = new Length.End.Duration(23);
        world.run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "15 run f on 0",
            "20 run f on 0", "23 end",
            "25 evict 0");
    }

    @Test
    void aRejectedClientThatDoesNotThinkGivesUp() {
        World world = new World();
        world.load = new Load.Closed(2, new Distribution.Constant(0));
        world.end = new Length.End.Duration(23);
        world.limit = 1;
        world.atLimit = Policies.AtLimit.REJECT;
        world.run();
        assertThat(world.value(Metrics.REJECTED)).isEqualTo(1);
        assertThat(world.value(Metrics.INVOCATIONS)).isEqualTo(3);
        assertThat(world.platform.warnings()).singleElement().asString().contains("gave up");
    }

    @Test
    void timeThatStandsStillIsFound() {
        World world = new World();
        world.load = new Load.Closed(1, new Distribution.Constant(0));
        world.end = new Length.End.Duration(23);
        world.serviceNs = 0;
        world.times.createNs = 0;
        world.quiet = true;
        assertThatThrownBy(world::run).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed load");
    }

    @Test
    void aPopulationIsMadeOneAfterTheOtherAndEachServesBeforeTheNext() {
        World world = new World().functions("f", "g");
        world.load = new Load.Population(3, 2);
        world.run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "15 run f on 0", "20 start 1",
            "30 run g on 1",
            "35 run g on 1", "40 start 2", "50 run f on 2", "55 run f on 2", "60 end", "60 evict 2", "60 evict 1",
            "60 evict 0");
        assertThat(world.samples(Metrics.START_COLD)).containsExactly(10, 10, 10);
        assertThat(world.value(Metrics.SANDBOXES_MAX)).isEqualTo(3);
    }

    @Test
    void aPopulationOfRestoredSandboxesIsRecycledBetweenInvocations() {
        World world = new World();
        world.load = new Load.Population(2, 2);
        world.recycle = Stack.Recycle.RESTORE;
        world.interchangeable = Stack.Interchangeable.PER_RUNTIME;
        world.run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "15 recycle 0",
            "18 run f on 0", "23 recycle 0",
            "26 start 1", "36 run f on 1", "41 recycle 1", "44 run f on 1", "49 recycle 1", "52 end", "52 evict 1",
            "52 evict 0");
    }

    @Test
    void aPopulationWithoutInvocationsIsHeldUntilTheHorizon() {
        World world = new World();
        world.load = new Load.Population(2, 0);
        world.end = new Length.End.Duration(100);
        world.run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 start 1", "100 end", "100 evict 1",
            "100 evict 0");
        assertThat(world.samples(Metrics.START_COLD)).containsExactly(10, 10);
        assertThat(world.value(Metrics.SANDBOXES_MEAN)).isEqualTo(190 / 100.0);
    }

    @Test
    void aPopulationEndsWhereTheHostIsFull() {
        for (int invocations = 0; invocations < 2; invocations++) {
            World world = new World();
            world.load = new Load.Population(5, invocations);
            world.times.capacityBytes = 2;
            world.run();
            assertThat(world.log).contains((invocations == 0 ? 20 : 30) + " refuse 2").doesNotContain("refuse 3");
            assertThat(world.platform.warnings()).anySatisfy(warning ->
                assertThat(warning).contains("full after 2 of 5"));
            World limited = new World();
            limited.load = new Load.Population(5, invocations);
            limited.limit = 3;
            assertThat(limited.run().value(Metrics.SANDBOXES_MAX)).isEqualTo(3);
        }
    }

    @Test
    void aPopulationIsKeptEvenWhereSandboxesAreReplaced() {
        World world = new World();
        world.load = new Load.Population(2, 1);
        world.recycle = Stack.Recycle.REPLACE;
        world.run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "15 start 1", "25 run f on 1",
            "30 end",
            "30 evict 1", "30 evict 0");
    }

    @Test
    void aSandboxThatDiesTakesItsInvocationWithItAndNothingElse() {
        for (String verb : new String[] {"start", "run", "recycle", "evict"}) {
            World world = new World().arrive(0, 0, 5).arrive(100, 0, 5);
            world.recycle = Stack.Recycle.RESTORE;
            world.times.dies.put(0L, verb);
            world.run();
            boolean rejects = verb.equals("start") || verb.equals("run");
            assertThat(world.value(Metrics.REJECTED)).as(verb).isEqualTo(rejects ? 1 : 0);
            assertThat(world.value(Metrics.INVOCATIONS)).as(verb).isEqualTo(rejects ? 1 : 2);
            assertThat(world.platform.warnings()).as(verb).singleElement().asString().contains("sandbox 0 failed",
                "told to");
        }
    }

    // The pool's only sandbox dies while it is made: the run begins without it, and the pool is filled when there is
    // room again.
    @Test
    void aPoolSandboxThatDiesIsMadeAgain() {
        World world = new World().arrive(0, 0, 5).pool(1);
        world.times.dies.put(0L, "start");
        world.run();
        assertThat(world.log).startsWith("0 start 0", "1 die 0");
        assertThat(world.value(Metrics.INVOCATIONS)).isEqualTo(1);
    }

    @Test
    void aPoolWhoseSandboxesAllDieIsGivenUp() {
        World world = new World().pool(1);
        for (long id = 0; id < 100; id++) {
            world.times.dies.put(id, "start");
        }
        world.end = new Length.End.Duration(1000);
        world.run();
        assertThat(world.log).containsOnlyOnce("5 die 4").doesNotContain("5 start 5");
    }

    @Test
    void aLyingRuntimeIsFoundWithItsSandboxTimeAndSeed() {
        World world = new World().arrive(0, 0, 5);
        world.times.lieNs = 1;
        assertThatThrownBy(world::run).isInstanceOf(IllegalStateException.class).hasMessageContaining("sandbox 0")
            .hasMessageContaining("at 10 ns").hasMessageContaining("seed 1").hasMessageContaining("11 ns = 10 ns");
    }
}
