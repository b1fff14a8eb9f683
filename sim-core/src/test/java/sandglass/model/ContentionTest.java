package sandglass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sandglass.calibration.MissingCostException;
import sandglass.calibration.WellKnown;
import sandglass.platform.Sandbox;
import sandglass.scenario.Batching;
import sandglass.scenario.Hop;
import sandglass.scenario.Host;
import sandglass.scenario.IoPath;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Op;
import sandglass.scenario.Phase;
import sandglass.scenario.Policies.Notification;
import sandglass.scenario.Policies.Sharing.Ksm;
import sandglass.scenario.Region;
import sandglass.scenario.Server;
import sandglass.scenario.Stack;
import sandglass.scenario.Step;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

class ContentionTest {

    private static Bench computing(int cores, double ns) {
        Bench bench = new Bench();
        bench.host = new Host(cores, Long.MAX_VALUE);
        bench.ops.add(new Op.Compute(new Distribution.Constant(ns)));
        return bench;
    }

    private static void runAll(Bench bench, int sandboxes) {
        List<Sandbox> ready = IntStream.range(0, sandboxes).mapToObj(i -> bench.ready()).toList();
        ready.forEach(sandbox -> bench.runtime.run(sandbox, bench.invocation(0.5)));
        bench.timeline.run();
    }

    @Test void computationIsSharedByTheCores() {
        // Oracle: processor sharing in closed form. n equal jobs at once on c cores all take max(1, n / c) times as long.
        for (int n : new int[] {1, 2, 3, 7}) {
            Bench bench = computing(2, 1_000_000).build();
            runAll(bench, n);
            assertThat(bench.durations("RUN")).hasSize(n).allSatisfy(
                    ns -> assertThat((double) ns).isCloseTo(1_000_000 * Math.max(1, n / 2.0), within(2.0)));
            // Oracle: conservation of work.
            assertThat(bench.measured("cpu.busy") * 2 * bench.timeline.nowNs()).isCloseTo(n * 1e6, within(10.0));
            assertThat(bench.measured("cpu.per-invocation")).isEqualTo(1e6);
        }
    }

    @Test void aNeighbourTakesAsMuchAsAnyoneWhoComputes() {
        // Oracle: processor sharing in closed form. n equal jobs and m endless ones on 2 cores: each takes max(1, (n + m) / 2) times as long.
        for (int[] counts : new int[][] {{1, 1}, {2, 1}, {3, 2}}) {
            Bench bench = computing(2, 1_000_000);
            bench.host = new Host(2, Long.MAX_VALUE, counts[1]);
            runAll(bench.build(), counts[0]);
            assertThat(bench.durations("RUN")).hasSize(counts[0]).allSatisfy(
                    ns -> assertThat((double) ns).isCloseTo(1_000_000 * Math.max(1, (counts[0] + counts[1]) / 2.0), within(2.0)));
        }
    }

    @Test void aScanningThreadAtRestTakesItsShare() {
        // Oracle: arithmetic by hand. Nothing left to merge; 100 ns of every 400 go to scanning, so on one core a job gets 1 of 1.25 shares.
        Bench bench = computing(1, 1_000_000).region("heap", Region.Sharing.MERGEABLE, 1, false, 4096 * 100)
                .constant(WellKnown.KSM_SCAN_PAGE, Unit.NANOSECONDS_PER_PAGE, 1);
        bench.sharing = new Ksm(100, 300);
        bench.build();
        runAll(bench, 1);
        assertThat((double) bench.took("RUN")).isCloseTo(1_250_000, within(5.0));
    }

    @Test void tenantsAreChargedForWhatRunsOnTheirBehalf() {
        // Oracle: arithmetic by hand. One tenant: 2 starts of 30 ns and 2 invocations of 1000 ns.
        Bench bench = computing(2, 1000).ns("make", 30).step(Phase.CREATE, Server.CPU, "make").build();
        runAll(bench, 2);
        assertThat(bench.measured("cpu.by-tenant")).isEqualTo(2060);
    }

    private static Bench notified(Notification notification, int cores) {
        Bench bench = computing(cores, 0);
        bench.ops.clear();
        bench.ops.add(new Op.Get(1 << 20, "get"));
        bench.notification = notification;
        bench.switchCosts.put(ModeSwitch.PIO_EXIT, "exit");
        bench.paths.put("get", new IoPath("get", 1500, 1 << 20, new Batching.None(), IoPath.Overlap.SERIAL, List.of(
                new Hop("call", Hop.Per.CALL, "", 0, "", Map.of(ModeSwitch.PIO_EXIT, 2), Server.CPU, "", true),
                new Hop("fetch", Hop.Per.BLOCK, "fetch", 0, "", Map.of(), Server.DELAY, ""))));
        return bench.ns("exit", 2000).ns("fetch", 1_000_000).ns(WellKnown.POLLING_LOOK, 70);
    }

    @Test void interruptsAndPollingAtLowLoad() {
        // Oracle: closed form. Interrupt: 2 exits of 2000 ns and no core burnt. Polling: no exit, half an interval and a look on average
        // (uniform: standard deviation interval / sqrt 12), and all time of one core but the looks burnt.
        int n = 4000;
        double interval = 10_000;
        Bench interrupts = notified(new Notification.Interrupt(), 2).build();
        Bench polling = notified(new Notification.Polling((long) interval), 2).build();
        for (Bench bench : List.of(interrupts, polling)) {
            Sandbox sandbox = bench.ready();
            for (int i = 0; i < n; i++) {
                bench.serve(sandbox);
            }
        }
        assertThat(interrupts.durations("get")).containsOnly(1_004_000L);
        assertThat(interrupts.measured("cpu.polling")).isZero();
        assertThat(interrupts.measured("cpu.switches")).isEqualTo(n * 4000.0);

        double mean = polling.durations("get").stream().mapToLong(ns -> ns).average().orElseThrow();
        assertThat(mean).isCloseTo(1_000_070 + interval / 2, within(4 * interval / Math.sqrt(12.0 * n)));
        assertThat(polling.durations("get")).allSatisfy(ns -> assertThat(ns).isBetween(1_000_070L, 1_010_070L));
        assertThat(polling.runtime.report().ledger()).isEmpty();
        assertThat(polling.measured("cpu.polling")).isEqualTo(polling.timeline.nowNs() - n * 70.0);
        assertThat(polling.measured("cpu.busy")).isCloseTo(0.5, within(1e-9));
        assertThat(polling.timeline.armedTimers()).isZero();
    }

    @Test void coresAreGivenOutInSlicesWhereTheirLengthIsKnown() {
        // Oracle: round robin in closed form. One core, two jobs of 5 ms, slices of 3 ms: 0-3, 3-6, 6-8 (the first is done), 8-10.
        Bench bench = computing(1, 5_000_000).ns(WellKnown.SLICE, 3_000_000).build();
        runAll(bench, 2);
        assertThat(bench.durations("RUN")).containsExactly(8_000_000L, 10_000_000L);
    }

    @Test void whoIsWokenDisplacesWhoComputesAfterTheGrace() {
        // Oracle: worked by hand. One core, calls of 1.5 ms, the second 1 ms after the first, slices of 3 ms. Not displaced: 0-1.5 and 1.5-3.
        // Displaced after half a millisecond: 0-1, the second 1-2.5, the first until 3.
        assertThat(staggered(computing(1, 1_500_000))).containsExactly(1_500_000L, 2_000_000L);
        assertThat(staggered(computing(1, 1_500_000).ns(WellKnown.WAKE_GRACE, 500_000))).containsExactly(1_500_000L, 3_000_000L);
    }

    @Test void whoIsWokenBesideOneThatComputesIsLate() {
        // Oracle: worked by hand. As before, but the second is 1.5 ms late: 0-2.5, the second 2.5-5.5, the first until 8, the second until 10.
        Bench bench = computing(1, 5_000_000).ns(WellKnown.WAKE_GRACE, 500_000).ns(WellKnown.LATE_WAKE, 1_500_000);
        assertThat(staggered(bench)).containsExactly(8_000_000L, 7_500_000L);
        assertThat(bench.durations("READY")).containsExactly(0L, 1_500_000L);
        // Nobody computes when one call is told to run; three wait or compute for one core when the fourth is.
        Bench crowded = computing(1, 5_000_000).ns(WellKnown.SLICE, 3_000_000).ns(WellKnown.LATE_WAKE, 1_500_000).build();
        runAll(crowded, 1);
        assertThat(crowded.took("READY")).isZero();
        assertThat(toldInTurn(computing(1, 5_000_000).ns(WellKnown.SLICE, 3_000_000).ns(WellKnown.LATE_WAKE, 1_000)
                .constant(WellKnown.LATE_WAKE_AHEAD, Unit.COUNT, 3).build())).containsExactly(0L, 1_000L, 2_000L, 3_000L);
    }

    @Test void whoIsToldWhereNoCoreIsIdleDisplacesSomebody() {
        // Oracle: the parameters' definitions. On one core the second to fourth of four meet one, two and three that wait or compute, so that the
        // first of these costs 7 us and each other 1; on two cores the second meets an idle one, and three are no more than one for each core.
        assertThat(toldInTurn(displacing(1))).containsExactly(0L, 7_000L, 8_000L, 9_000L);
        assertThat(toldInTurn(displacing(2))).containsExactly(0L, 1_000L, 7_000L, 7_000L);
        // Who is told since another verb has just ended has its core: the recycling takes 7 us of waiting, the call after it waits 1.
        Bench bench = displacing(1);
        Sandbox busy = bench.ready();
        Sandbox other = bench.ready();
        long nowNs = bench.timeline.nowNs();
        bench.runtime.run(busy, bench.invocation(0.5));
        bench.timeline.timer(() -> bench.runtime.recycle(other)).at(nowNs + 1_000_000);
        bench.timeline.timer(() -> bench.timeline.timer(() -> bench.runtime.run(other, bench.invocation(0.5))).at(nowNs + 1_007_000))
                .at(nowNs + 1_007_000);
        bench.timeline.run();
        assertThat(bench.durations("READY")).containsExactly(0L, 1_000L);
    }

    private static Bench displacing(int cores) {
        return computing(cores, 5_000_000).ns(WellKnown.SLICE, 3_000_000).ns(WellKnown.LATE_WAKE, 1_000).ns(WellKnown.DISPLACING_WAKE, 7_000)
                .constant(WellKnown.LATE_WAKE_AHEAD, Unit.COUNT, 3).build();
    }

    /** How long each of four takes to begin that are told to run 10 us one after the other. */
    private static List<Long> toldInTurn(Bench four) {
        List<Sandbox> ready = IntStream.range(0, 4).mapToObj(i -> four.ready()).toList();
        for (int i = 0; i < ready.size(); i++) {
            Sandbox sandbox = ready.get(i);
            four.timeline.timer(() -> four.runtime.run(sandbox, four.invocation(0.5))).at(four.timeline.nowNs() + 10_000 * (i + 1L));
        }
        four.timeline.run();
        return four.durations("READY");
    }

    @Test void whoSleepsBetweenPiecesWaitsForACoreEachTime() {
        // Oracle: arithmetic by hand. One core, slices of 100. A sandbox is made in three pieces of 30 by who is woken for each, while a call
        // computes: each begins when that has had a slice. In one piece, it waits once; alone, or with cores enough, never.
        assertThat(madeBesideACall(1, 2)).containsExactly(90L, 3 * 100L + 3 * 30L);
        assertThat(madeBesideACall(1, 0)).containsExactly(90L, 100L + 90L);
        assertThat(madeBesideACall(Host.UNLIMITED, 2)).containsExactly(90L, 90L);
    }

    private static List<Long> madeBesideACall(int cores, int wakeUps) {
        Bench bench = computing(cores, 1_000).ns("make", 90).ns(WellKnown.SLICE, 100)
                .step(Phase.CREATE, Server.CPU, "make", 1, Step.Per.ONCE, wakeUps, Map.of()).build();
        bench.runtime.run(bench.ready(), bench.invocation(0.5));
        bench.ready();
        return bench.durations("CREATE");
    }

    private static List<Long> staggered(Bench bench) {
        bench.ns(WellKnown.SLICE, 3_000_000).build();
        Sandbox first = bench.ready();
        Sandbox second = bench.ready();
        long nowNs = bench.timeline.nowNs();
        bench.runtime.run(first, bench.invocation(0.5));
        bench.timeline.timer(() -> bench.runtime.run(second, bench.invocation(0.5))).at(nowNs + 1_000_000);
        bench.timeline.run();
        return bench.durations("RUN");
    }

    @Test void aPollingThreadTakesACoreFromOthers() {
        // Oracle: processor sharing in closed form. Two cores, the poller and two jobs: each gets 2/3 of a core.
        Bench bench = computing(2, 900_000).ns(WellKnown.POLLING_LOOK, 1);
        bench.notification = new Notification.Polling(1000);
        bench.build();
        runAll(bench, 2);
        assertThat(bench.durations("RUN")).allSatisfy(ns -> assertThat((double) ns).isCloseTo(1_350_000, within(2.0)));
    }

    @Test void pollingManySandboxesIsPacedByTheLooks() {
        // Oracle: closed form. 1000 sandboxes of 70 ns a look: a round takes 70 us, more than the interval; its half on average.
        Bench bench = notified(new Notification.Polling(1000), Host.UNLIMITED).build();
        for (int i = 0; i < 1000; i++) {
            bench.ready();
        }
        for (int i = 0; i < 2000; i++) {
            bench.serve(bench.sandboxes.get(0));
        }
        double mean = bench.durations("get").stream().mapToLong(ns -> ns).average().orElseThrow();
        assertThat(mean).isCloseTo(1_000_070 + 35_000, within(4 * 70_000 / Math.sqrt(12.0 * 2000)));
    }

    private static Bench twice(Stack.GuestScheduler scheduler) {
        Bench bench = computing(1, 10_000_000).ns(WellKnown.HOST_QUANTUM, 3_000_000).ns(WellKnown.GUEST_QUANTUM, 1_000_000).ns("switch", 5000)
                .constant(WellKnown.GUEST_CORES, Unit.CORES, 1);
        bench.switchCosts.put(ModeSwitch.CONTEXT_SWITCH, "switch");
        bench.guestScheduler = scheduler;
        return bench;
    }

    @Test void aGuestThatIsAloneIsSwitchedToTwice() {
        // Oracle: hand schedule. The host switches to the virtual processor, the guest to the task: 5 us each.
        Bench bench = twice(Stack.GuestScheduler.GUEST_AND_HOST).build();
        runAll(bench, 1);
        assertThat(bench.took("RUN")).isEqualTo(10_010_000);
        assertThat(bench.measured("cpu.switches")).isEqualTo(10_000);
        assertThat(bench.measured("cpu.per-invocation")).isEqualTo(10_010_000);
    }

    @Test void guestsTakeTurnsOnTheHost() {
        // Oracle: hand schedule, one core. Each has a guest switch of 5 us within its first turn and 10 ms of work, so needs four turns:
        // A, B, A, B, A, B of 3 ms, each after a host switch; then A's last 1.005 ms, then B's.
        Bench bench = twice(Stack.GuestScheduler.GUEST_AND_HOST).build();
        runAll(bench, 2);
        assertThat(bench.durations("RUN")).containsExactly(7 * 5_000L + 6 * 3_000_000 + 1_005_000,
                8 * 5_000L + 6 * 3_000_000 + 2 * 1_005_000);
    }

    @Test void sandboxesOfOneTenantTakeTurnsInItsGuest() {
        // Oracle: hand schedule. One virtual processor, so one host switch; the guest's turns are 1 ms: 20 turns, each after a guest switch.
        Bench bench = twice(Stack.GuestScheduler.TENANT_AND_HOST).build();
        runAll(bench, 2);
        assertThat(bench.when("completed") - bench.when("started")).isEqualTo(20_000_000 + 20 * 5_000 + 5_000);
    }

    @Test void withoutQuantaTheCoresAreShared() {
        // Oracle: definition. The calibration does not say how guests schedule.
        Bench bench = twice(Stack.GuestScheduler.GUEST_AND_HOST);
        bench.parameters.remove(WellKnown.GUEST_QUANTUM);
        bench.build();
        runAll(bench, 2);
        assertThat(bench.durations("RUN")).allSatisfy(ns -> assertThat((double) ns).isCloseTo(2e7, within(2.0)));
    }

    @Test void whatAHostNeedsIsNamedToo() {
        Bench bench = computing(1, 1).region("heap", Region.Sharing.MERGEABLE, 1, false, 4096);
        bench.notification = new Notification.Polling(1);
        bench.sharing = new Ksm(1, 1);
        bench.dirtied = "no.such";
        assertThatThrownBy(bench::build).isInstanceOf(MissingCostException.class).hasMessageContaining(WellKnown.POLLING_LOOK)
                .hasMessageContaining(WellKnown.KSM_SCAN_PAGE).hasMessageContaining("no.such");
    }
}
