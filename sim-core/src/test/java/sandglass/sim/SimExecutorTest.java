package sandglass.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.junit.jupiter.api.Test;
import sandglass.calibration.Calibration;
import sandglass.calibration.MissingCostException;
import sandglass.calibration.Parameter;
import sandglass.calibration.Provenance;
import sandglass.result.LedgerEntry;
import sandglass.result.Metric;
import sandglass.result.Metrics;
import sandglass.result.RunResult;
import sandglass.result.Samples;
import sandglass.run.Executor;
import sandglass.scenario.Boundary;
import sandglass.scenario.DiskImage;
import sandglass.scenario.Function;
import sandglass.scenario.Host;
import sandglass.scenario.Length;
import sandglass.scenario.Load;
import sandglass.scenario.MemoryImage;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Op;
import sandglass.scenario.Phase;
import sandglass.scenario.Policies;
import sandglass.scenario.Policies.KeepAlive;
import sandglass.scenario.Scenario;
import sandglass.scenario.Server;
import sandglass.scenario.Stack;
import sandglass.scenario.Step;
import sandglass.scenario.Work;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

class SimExecutorTest {

    private static final Calibration COSTS = new Calibration("test", "sha256:1", Map.of("create",
        new Parameter("create", Unit.NANOSECONDS, new Distribution.Exponential(2e9),
        new Provenance.Assumed("chosen for a test"))));

    private KeepAlive keepAlive = new KeepAlive.Ttl(60_000_000_000L, true);
    private Policies.Reuse reuse = Policies.Reuse.NEWEST;
    private Length.End end = new Length.End.Invocations(900);
    private Host host = new Host(Host.UNLIMITED, Long.MAX_VALUE);
    private String cost = "create";
    private long seed = 1;
    private long warmupNs;
    private List<Step> steps = List.of();
    private Map<ModeSwitch, String> switchCosts = Map.of();

    private Scenario scenario() {
        Stack stack = new Stack("stack", "stack", Boundary.PROCESS, Map.of(Phase.CREATE, List.of(new Step("create", 1,
            Step.Per.ONCE, cost,
            Server.CREATION_LOCK, 0, Map.of(), "")), Phase.RUN, steps), Map.of(), new MemoryImage(List.of(), ""), new DiskImage(List.of()),
            switchCosts, "",
            Stack.GuestScheduler.HOST_ONLY, Stack.Interchangeable.PER_FUNCTION, Stack.Recycle.KEEP);
        Policies policies = new Policies(keepAlive, reuse, 0, Policies.ColdService.ADDS, Policies.Scope.FUNCTION,
            Integer.MAX_VALUE,
            Policies.AtLimit.QUEUE, Policies.Expiry.EXACT, new Policies.Sharing.None(),
            new Policies.Notification.Interrupt());
        List<Function> functions = new ArrayList<>();
        for (String name : List.of("f", "g", "h")) {
            functions.add(new Function(name, name, "any",
                new Work(List.of(new Op.Wait(new Distribution.Exponential(3e9)))),
                Optional.empty(), 0, 0, 0));
        }
        return new Scenario("s", "sha256:0", "e", Scenario.Role.VALIDATE, Map.of("axis", "value"), stack,
            Scenario.Start.CREATE, functions,
            new Load.Open(new Distribution.Exponential(10e9), 0), host, policies, new Length(end, warmupNs,
            new Length.Repeat.Replications(1)),
            Map.of("wait", 0.1), seed, "{}");
    }

    private RunResult run(int replication) {
        return new SimExecutor(COSTS, new PoissonSource()).run(scenario(), replication);
    }

    private static double[] sorted(RunResult result, Metric metric) {
        double[] values = ((Samples.Raw) result.measurement(metric.id()).orElseThrow().samples()).values().clone();
        Arrays.sort(values);
        return values;
    }

    private static double mean(RunResult result, Metric metric) {
        return result.measurement(metric.id()).orElseThrow().samples().mean();
    }

    // Oracle: the contract of Executor: a replication's number gives its random streams, and nothing else does.
    @Test
    void givesTheSameResultForTheSameReplicationAndAnotherForAnother() {
        assertThat(run(3)).isEqualTo(run(3));
        assertThat(run(3).measurements()).isNotEqualTo(run(4).measurements());
        RunResult result = run(0);
        assertThat(result.provenance().version()).matches("\\d+\\.\\d+.*");
        assertThat(result.provenance().calibration()).isEqualTo("sha256:1");
        assertThat(result.axes()).isEqualTo(Map.of("axis", "value"));
        assertThat(result.executor()).isEqualTo("sim");
    }

    // Oracle: the contract of redrawing: of a scenario with one replication, all have the work of the first, and creations of their own.
    @Test
    void redrawsCostsAndNotTheWorkload() throws Exception {
        Executor redrawing = new SimExecutor(COSTS, new PoissonSource()).redrawing();
        RunResult first = run(0);
        RunResult other = redrawing.run(scenario(), 7);

        assertThat(redrawing.run(scenario(), 0)).isEqualTo(first);
        assertThat(other.replication()).isEqualTo(7);
        assertThat(sorted(other, Metrics.SERVICE)).isEqualTo(sorted(first, Metrics.SERVICE));
        assertThat(sorted(other, Metrics.START_CREATE)).isNotEqualTo(sorted(first, Metrics.START_CREATE));
        assertThat(sorted(run(7), Metrics.SERVICE)).isNotEqualTo(sorted(first, Metrics.SERVICE));
    }

    // Oracle: arithmetic by hand: each call switches three times before its work and all of its switches count, or none, whichever way
    // it stands across the beginning or the end of the measured time. Calls take 9 s on average and come every 10 s, so that some do.
    @Test
    void switchesCountForTheInvocationsThatCount() {
        steps = List.of(new Step("enter", 1, Step.Per.INVOCATION, "", Server.CPU, 0, Map.of(ModeSwitch.SYSCALL, 3), ""));
        switchCosts = Map.of(ModeSwitch.SYSCALL, "create");
        warmupNs = 100_000_000_000L;
        end = new Length.End.Duration(700_000_000_000L);
        for (int replication = 0; replication < 20; replication++) {
            RunResult result = run(replication);
            assertThat(result.ledger().stream().filter(e -> e.kind() == ModeSwitch.SYSCALL).mapToLong(LedgerEntry::count).sum())
                .isEqualTo(Math.round(3 * mean(result, Metrics.INVOCATIONS)));
        }
    }

    // Oracle: common random numbers: every policy meets the same arrivals with the same work, so service times are
    // equal one by one.
    @Test
    void everyPolicyMeetsTheSameWork() {
        double[] services = sorted(run(0), Metrics.SERVICE);
        assertThat(services).hasSize(900);
        for (Policies.Reuse other : Policies.Reuse.values()) {
            reuse = other;
            keepAlive = new KeepAlive.None();
            host = new Host(Host.UNLIMITED, Long.MAX_VALUE);
            assertThat(sorted(run(0), Metrics.SERVICE)).as("%s", other).containsExactly(services);
        }
    }

    // Oracle: what common random numbers are for: the difference of two policies varies less than with independent
    // runs.
    @Test
    void commonRandomNumbersNarrowTheDifferenceOfTwoPolicies() {
        SummaryStatistics paired = new SummaryStatistics();
        SummaryStatistics apart = new SummaryStatistics();
        for (int replication = 0; replication < 20; replication++) {
            keepAlive = new KeepAlive.Ttl(60_000_000_000L, true);
            double longer = mean(run(replication), Metrics.COLD_SHARE);
            keepAlive = new KeepAlive.Ttl(50_000_000_000L, true);
            paired.addValue(mean(run(replication), Metrics.COLD_SHARE) - longer);
            apart.addValue(mean(run(replication + 100), Metrics.COLD_SHARE) - longer);
        }
        assertThat(paired.getMin()).as("a shorter time to live never has fewer cold starts").isPositive();
        assertThat(paired.getVariance()).isLessThan(apart.getVariance() / 2);
    }

    // Oracle: the virtual machine's count of bytes: twice the length costs less than a quarter of the smallest object a
    // call.
    @Test
    void memoryDoesNotGrowWithTheNumberOfInvocations() {
        keepAlive = new KeepAlive.Forever();
        run(0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] bytes = new long[2];
        for (int i = 0; i < 2; i++) {
            end = new Length.End.Invocations(200_000L * (i + 1));
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            run(0);
            bytes[i] = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        }
        assertThat(bytes[1] - bytes[0]).isLessThan(200_000 * 16 / 4);
    }

    // Oracle: the contract of MissingCostException.
    @Test
    void aMissingCostIsNamed() {
        cost = "nowhere";
        assertThatThrownBy(() -> run(0)).isInstanceOf(MissingCostException.class).hasMessageContaining("nowhere");
    }

    // Oracle: frozen numbers; whoever changes them on purpose says so here.
    @Test
    void keepsItsNumbersFromReleaseToRelease() {
        RunResult result = run(0);
        StringBuilder numbers = new StringBuilder();
        for (Metric metric : List.of(Metrics.COLD_STARTS, Metrics.WAIT, Metrics.SERVICE, Metrics.SANDBOXES_MEAN,
            Metrics.SANDBOXES_MAX,
            Metrics.LIFESPAN)) {
            numbers.append(metric.id()).append('=').append(mean(result, metric)).append(' ');
        }
        assertThat(numbers.toString().trim())
            .isEqualTo("cold.starts=183.0 wait=4.2462173595E8 service=2.967852676387778E9 "
            + "sandboxes.mean=3.15443196960258 sandboxes.max=6.0 lifespan=1.579811930776389E11");
    }
}
