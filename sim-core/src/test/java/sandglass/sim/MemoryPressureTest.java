package sandglass.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import sandglass.calibration.Calibration;
import sandglass.calibration.Parameter;
import sandglass.calibration.Provenance;
import sandglass.calibration.WellKnown;
import sandglass.result.Metrics;
import sandglass.result.RunResult;
import sandglass.scenario.Boundary;
import sandglass.scenario.DiskImage;
import sandglass.scenario.Function;
import sandglass.scenario.Host;
import sandglass.scenario.Length;
import sandglass.scenario.Load;
import sandglass.scenario.MemoryImage;
import sandglass.scenario.Op;
import sandglass.scenario.Phase;
import sandglass.scenario.Policies;
import sandglass.scenario.Policies.KeepAlive;
import sandglass.scenario.Region;
import sandglass.scenario.Scenario;
import sandglass.scenario.Server;
import sandglass.scenario.Stack;
import sandglass.scenario.Step;
import sandglass.scenario.Work;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

/** Hosts with too little memory, drawn from a seed, which a failure names. */
class MemoryPressureTest {

    private static final long PAGE = 4096;

    private static Parameter parameter(String name, Unit unit, Distribution distribution) {
        return new Parameter(name, unit, distribution, new Provenance.Assumed("chosen for a test"));
    }

    private static <T> T oneOf(SplittableRandom random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static Scenario scenario(SplittableRandom random, long memoryBytes) {
        List<Region> regions = new ArrayList<>();
        for (Region.Sharing sharing : Region.Sharing.values()) {
            regions.add(new Region(sharing.name(), "region", Region.Backing.ANONYMOUS, sharing, "", random.nextInt(3) / 4.0, false, ""));
        }
        Map<Phase, List<Step>> lifecycle = Map.of(Phase.CREATE, List.of(new Step("create", 1, Step.Per.ONCE, "create",
            Server.CPU, 0, Map.of(), "")));
        Stack stack = new Stack("stack", "stack", Boundary.UNIKERNEL, lifecycle, Map.of(),
            new MemoryImage(regions, "dirtied"), new DiskImage(List.of()), Map.of(), "",
            Stack.GuestScheduler.HOST_ONLY,
            oneOf(random, List.of(Stack.Interchangeable.values())), oneOf(random, List.of(Stack.Recycle.values())));
        List<Function> functions = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Work work = new Work(List.of(new Op.Touch(random.nextInt(30)),
                new Op.Wait(new Distribution.Exponential(1e9)),
                new Op.Touch(random.nextInt(60))));
            functions.add(new Function("f" + i, "app" + i / 2, "runtime" + i % 2, work, Optional.empty(),
                random.nextInt(60) * PAGE, 0, 0));
        }
        KeepAlive keepAlive = oneOf(random, List.of(new KeepAlive.None(), new KeepAlive.Forever(),
            new KeepAlive.Ttl(5_000_000_000L, true), new KeepAlive.GreedyDual()));
        Policies.Sharing sharing = oneOf(random, List.of(new Policies.Sharing.None(),
            new Policies.Sharing.ByConstruction(), new Policies.Sharing.Ksm(50, 10_000_000)));
        Policies policies = new Policies(keepAlive, oneOf(random, List.of(Policies.Reuse.values())), random.nextInt(3),
            Policies.ColdService.ADDS, oneOf(random, List.of(Policies.Scope.values())), Integer.MAX_VALUE,
            oneOf(random, List.of(Policies.AtLimit.values())), oneOf(random, List.of(Policies.Expiry.values())), sharing,
            new Policies.Notification.Interrupt());
        return new Scenario("s", "sha256:0", "e", Scenario.Role.VALIDATE, Map.of(), stack,
            oneOf(random, List.of(Scenario.Start.values())), functions,
            new Load.Open(new Distribution.Exponential(2e8), 0), new Host(4, memoryBytes), policies,
            new Length(new Length.End.Invocations(300), 0, new Length.Repeat.Replications(1)), Map.of(),
            random.nextInt(1000), "{}");
    }

    // Oracle: conservation. Whatever the pressure, each arrival is served or turned away, no sandbox dies of memory, and
    // the host never holds more than it has.
    @Test
    void nothingEverFailsOfMemory() {
        Calibration costs = new Calibration("test", "sha256:1", Map.of(
            "create", parameter("create", Unit.NANOSECONDS, new Distribution.Exponential(2e8)),
            "region", parameter("region", Unit.BYTES, new Distribution.Constant(20 * PAGE)),
            "dirtied", parameter("dirtied", Unit.PAGES, new Distribution.Exponential(15)),
            WellKnown.KSM_SCAN_PAGE, parameter(WellKnown.KSM_SCAN_PAGE, Unit.NANOSECONDS_PER_PAGE,
                new Distribution.Constant(300))));
        long pressed = 0;
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long memoryBytes = random.nextInt(60, 700) * PAGE;
            RunResult result;
            try {
                result = new SimExecutor(costs, new PoissonSource()).run(scenario(random, memoryBytes), 0);
            } catch (IllegalStateException e) {
                throw new AssertionError("seed " + seed, e);
            }
            assertThat(result.warnings()).as("seed %d", seed).noneMatch(text -> text.contains("failed"));
            assertThat(value(result, "memory.max")).as("seed %d", seed).isLessThanOrEqualTo(memoryBytes);
            assertThat(value(result, "invocations") + value(result, "rejected")).as("seed %d", seed).isEqualTo(300);
            pressed += value(result, "rejected") > 0 || value(result, "memory.max") > 0.9 * memoryBytes ? 1 : 0;
        }
        assertThat(pressed).as("hosts under pressure").isGreaterThan(100);
    }

    private static double value(RunResult result, String metric) {
        return result.measurement(metric).orElseThrow().samples().mean();
    }
}
