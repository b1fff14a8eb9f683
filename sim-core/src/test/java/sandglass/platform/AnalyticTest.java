package sandglass.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.junit.jupiter.api.Test;
import sandglass.result.Metric;
import sandglass.result.Metrics;
import sandglass.scenario.Policies;
import sandglass.scenario.Policies.KeepAlive;
import sandglass.unit.Distribution;

/**
 * The whole control plane against closed forms. Each quantity is averaged over independent replications; tolerance:
 * four and a half standard errors, as the replications show them.
 */
class AnalyticTest {

    private static final int REPLICATIONS = 16;
    private static final int CALLS = 10_000;
    private static final double GAP_NS = 1e6;

    private static void check(String what, double theory, double meanServiceNs, Consumer<World> setting,
            ToDoubleFunction<World> measured) {
        check(what, theory, new Distribution.Exponential(meanServiceNs), setting, measured);
    }

    private static void check(String what, double theory, Distribution serviceNs, Consumer<World> setting,
            ToDoubleFunction<World> measured) {
        SummaryStatistics over = new SummaryStatistics();
        for (int seed = 1; seed <= REPLICATIONS; seed++) {
            World world = new World();
            world.seed = seed;
            world.quiet = true;
            world.times.createNs = 0;
            setting.accept(world);
            over.addValue(measured.applyAsDouble(world.run(new PoissonCalls(world, GAP_NS, serviceNs, CALLS))));
        }
        double standardError = over.getStandardDeviation() / Math.sqrt(REPLICATIONS);
        assertThat(over.getMean()).as("%s, theory %s, standard error %s", what, theory, standardError)
            .isCloseTo(theory, within(4.5 * standardError));
        assertThat(standardError).as("%s is measured well enough to tell", what).isLessThan(0.05 * theory);
    }

    private static double mean(World world, Metric metric) {
        return world.recorder.measurements().stream().filter(m ->
            m.metric().equals(metric)).findFirst().orElseThrow().samples().mean();
    }

    // One sandbox, instant service: a call is cold if the gap before it is longer than the time to live.
    @Test
    void coldStartsOfARenewedTimeToLive() {
        for (double lifetimes : new double[] {0.5, 1, 3}) {
            check("P(cold), T = " + lifetimes + " gaps", Math.exp(-lifetimes), new Distribution.Constant(0),
                world -> world.keepAlive = new KeepAlive.Ttl((long) (lifetimes * GAP_NS), true), world -> mean(world,
                Metrics.COLD_SHARE));
        }
    }

    // Unrenewed: a cold start, then as many warm ones as come within T: 1 of 1 + T/gap calls is cold.
    @Test
    void coldStartsOfAnUnrenewedTimeToLive() {
        for (double lifetimes : new double[] {0.5, 1, 3}) {
            check("P(cold), T = " + lifetimes + " gaps", 1 / (1 + lifetimes), new Distribution.Constant(0),
                world -> world.keepAlive = new KeepAlive.Ttl((long) (lifetimes * GAP_NS), false), world -> mean(world,
                Metrics.COLD_SHARE));
        }
    }

    private static double erlangB(int servers, double load) {
        double blocked = 1;
        for (int i = 1; i <= servers; i++) {
            blocked = load * blocked / (i + load * blocked);
        }
        return blocked;
    }

    // Erlang's loss formula holds for any distribution of service times.
    @Test
    void rejectionsAtTheLimit() {
        for (int limit : new int[] {1, 4}) {
            Consumer<World> setting = world -> {
                world.limit = limit;
                world.atLimit = Policies.AtLimit.REJECT;
            };
            double load = 0.75 * limit;
            ToDoubleFunction<World> share = world -> world.value(Metrics.REJECTED) / world.value(Metrics.ARRIVALS);
            check("Erlang B, exponential, " + limit, erlangB(limit, load), load * GAP_NS, setting, share);
            check("Erlang B, constant, " + limit, erlangB(limit, load), new Distribution.Constant(load * GAP_NS),
                setting, share);
        }
    }

    // M/M/c: mean wait = C(c, a) / (c mu - lambda).
    @Test
    void queueingAtTheLimit() {
        for (int limit : new int[] {1, 3}) {
            double load = 0.6 * limit;
            double blocked = erlangB(limit, load);
            double delayed = blocked / (1 - 0.6 * (1 - blocked));
            double wait = delayed * load * GAP_NS / (limit - load);
            check("mean wait, M/M/" + limit, wait, load * GAP_NS, world -> world.limit = limit, world -> mean(world,
                Metrics.WAIT));
            check("mean number running, M/M/" + limit, load, load * GAP_NS, world -> world.limit = limit,
                world -> mean(world, Metrics.SANDBOXES_RUNNING));
        }
    }

    // M/G/1 (Pollaczek-Khinchine): mean wait = lambda E[S^2] / 2 (1 - rho).
    @Test
    void queueingForOneSandboxWithConstantService() {
        check("mean wait, M/D/1", 0.5 * 0.5 * GAP_NS / (2 * (1 - 0.5)), new Distribution.Constant(0.5 * GAP_NS),
            world -> world.limit = 1,
            world -> mean(world, Metrics.WAIT));
    }
}
