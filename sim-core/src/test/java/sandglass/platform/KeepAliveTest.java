package sandglass.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sandglass.result.Metrics;
import sandglass.scenario.Length;
import sandglass.scenario.Policies;
import sandglass.scenario.Policies.KeepAlive;

/** Oracle of every test here: a log worked out by hand. A sandbox takes 10 ns to make and none to evict. */
class KeepAliveTest {

    private static World world(KeepAlive keepAlive) {
        World world = new World();
        world.keepAlive = keepAlive;
        return world;
    }

    @Test
    void noneLetsASandboxGoAsSoonAsItIsIdle() {
        World world = world(new KeepAlive.None()).arrive(0, 0, 5).arrive(20, 0, 5).run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "15 evict 0", "20 start 1",
            "30 run f on 1",
            "35 evict 1", "35 end");
        assertThat(world.value(Metrics.COLD_SHARE)).isEqualTo(1);
        assertThat(world.samples(Metrics.LIFESPAN)).containsExactly(15);
    }

    @Test
    void foreverKeepsItUntilTheEnd() {
        World world = world(new KeepAlive.Forever()).arrive(0, 0, 5).arrive(1_000_000, 0, 5).run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "1000000 run f on 0",
            "1000005 end",
            "1000005 evict 0");
        assertThat(world.value(Metrics.COLD_SHARE)).isEqualTo(0.5);
        assertThat(world.has(Metrics.LIFESPAN)).as("what the end of the run cut short is no lifespan").isFalse();
    }

    // Idle at 15, used at 80 and idle again at 85; the timer armed for 115 must fire at 185 and at no other time.
    @Test
    void aRenewedTimeToLiveCountsFromTheLastUse() {
        World world = world(new KeepAlive.Ttl(100, true)).arrive(0, 0, 5).arrive(80, 0, 5).arrive(184, 0, 1).arrive(300,
            0, 5);
        world.run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "80 run f on 0",
            "184 run f on 0",
            "285 evict 0", "300 start 1", "310 run f on 1", "315 end", "315 evict 1");
        assertThat(world.samples(Metrics.LIFESPAN)).containsExactly(285);
    }

    @Test
    void anUnrenewedTimeToLiveCountsFromTheFirstReadiness() {
        World world = world(new KeepAlive.Ttl(100, false)).arrive(0, 0, 5).arrive(80, 0, 5).arrive(105, 0,
            20).arrive(200, 0, 5);
        world.run();
        assertThat(world.log).as("ready at 10; its time ends at 110, while it runs").containsExactly("0 measure",
            "0 start 0",
            "10 run f on 0", "80 run f on 0", "105 run f on 0", "125 evict 0", "200 start 1", "210 run f on 1",
            "215 end", "215 evict 1");
    }

    @Test
    void anInvocationAtTheVeryTimeOfExpiryComesTooLate() {
        World world = world(new KeepAlive.Ttl(100, true)).arrive(0, 0, 5).arrive(115, 0, 5).run();
        assertThat(world.value(Metrics.COLD_STARTS)).isEqualTo(2);
        World before = world(new KeepAlive.Ttl(100, true)).arrive(0, 0, 5).arrive(114, 0, 5).run();
        assertThat(before.value(Metrics.COLD_STARTS)).isEqualTo(1);
    }

    @Test
    void lazyExpiryKeepsASandboxUntilTheNextInvocationOfAnyFunction() {
        World world = world(new KeepAlive.Ttl(100, true)).functions("f", "g").arrive(0, 0, 5).arrive(500, 1,
            5).arrive(600, 0, 5);
        world.expiry = Policies.Expiry.LAZY;
        world.run();
        assertThat(world.log).containsExactly("0 measure", "0 start 0", "10 run f on 0", "500 evict 0", "500 start 1",
            "510 run g on 1", "600 start 2", "610 run f on 2", "615 end", "615 evict 2", "615 evict 1");
    }

    // As many cold starts as with exact expiry, but sandbox 0 lives for 500 instead of 115.
    @Test
    void lazyExpiryOverstatesTheNumberOfSandboxes() {
        World exact = world(new KeepAlive.Ttl(100, true)).arrive(0, 0, 5).arrive(500, 0, 5);
        exact.end = new Length.End.Duration(1000);
        World lazy = world(new KeepAlive.Ttl(100, true)).arrive(0, 0, 5).arrive(500, 0, 5);
        lazy.end = new Length.End.Duration(1000);
        lazy.expiry = Policies.Expiry.LAZY;
        assertThat(exact.run().value(Metrics.SANDBOXES_MEAN)).isEqualTo((115 + 115) / 1000.0);
        assertThat(lazy.run().value(Metrics.SANDBOXES_MEAN)).isEqualTo((500 + 500) / 1000.0);
        assertThat(lazy.value(Metrics.COLD_STARTS)).isEqualTo(exact.value(Metrics.COLD_STARTS)).isEqualTo(2);
    }

    @Test
    void functionsOfOneAppShareASandboxOnlyIfTheScopeSaysSo() {
        World apart = world(new KeepAlive.Forever()).function("f", "app", "python", 1).function("g", "app", "python",
            1);
        apart.times.readyNs = 2;
        apart.arrive(0, 0, 5).arrive(100, 1, 5).run();
        assertThat(apart.value(Metrics.COLD_STARTS)).isEqualTo(2);
        World shared = world(new KeepAlive.Forever()).function("f", "app", "python", 1).function("g", "app", "python",
            1);
        shared.times.readyNs = 2;
        shared.scope = Policies.Scope.APP;
        shared.arrive(0, 0, 5).arrive(100, 1, 5).run();
        assertThat(shared.log).contains("100 run g on 0");
        assertThat(shared.samples(Metrics.START_POOLED)).as("one assignment, of the app's sandbox").containsExactly(2);
        assertThat(shared.samples(Metrics.WAIT)).containsExactly(12, 0);
    }

    @Test
    void aHistogramOfOneMinuteBringsASandboxBackBeforeTheNextCallIsDue() {
        long minute = IdleTimes.BIN_NS;
        World world = world(new KeepAlive.Histogram(240 * minute, 0.05, 0.99));
        world.times.createNs = 0;
        for (int i = 0; i <= 20; i++) {
            world.arrive(i * 20 * minute, 0, 1);
        }
        world.run();
        // Sandbox 0 is kept for the range, the i-th is brought back for the i-th call after. One bin of 240 holds all
        // pauses, so the histogram tells from the first pause on: away for 0.9 times 19 minutes, since the pauses of 20
        // minutes less 1 ns lie in bin 19, and then there until 1.1 times 20 minutes.
        long lastEndNs = 19 * 20 * minute + 1;
        long backNs = lastEndNs + 19 * minute * 9 / 10;
        assertThat(world.log).contains(lastEndNs + " evict 18", backNs + " start 19", 20 * 20 * minute
            + " run f on 19");
        assertThat(world.value(Metrics.COLD_STARTS)).as("the very first").isEqualTo(1);
    }
}
