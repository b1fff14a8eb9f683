package sandglass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sandglass.calibration.MissingCostException;
import sandglass.calibration.WellKnown;
import sandglass.des.ProcessorSharing;
import sandglass.des.SsjTimeline;
import sandglass.platform.Invocation;
import sandglass.platform.Sandbox;
import sandglass.result.LedgerEntry;
import sandglass.result.ParameterUse;
import sandglass.scenario.Batching;
import sandglass.scenario.Hop;
import sandglass.scenario.Host;
import sandglass.scenario.IoPath;
import sandglass.scenario.Load;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Op;
import sandglass.scenario.Phase;
import sandglass.scenario.Policies;
import sandglass.scenario.Server;
import sandglass.scenario.Step;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

class LifecycleTest {

    private static Bench fourSteps() {
        Bench bench = new Bench().ns("a", 100).ns("b", 20).ns("c", 7).ns("syscall", 3);
        bench.constant("copy", Unit.NANOSECONDS_PER_BYTE, 0.5);
        bench.switchCosts.put(ModeSwitch.SYSCALL, "syscall");
        bench.codeBytes = 1000;
        bench.modules = 4;
        return bench.step(Phase.CREATE, Server.CPU, "a", 2, Step.Per.ONCE, Map.of(ModeSwitch.SYSCALL, 5))
                .step(Phase.BOOT, Server.DELAY, "b")
                .step(Phase.INIT, Server.CPU, "c", 1, Step.Per.MODULE, Map.of(ModeSwitch.SYSCALL, 1))
                .step(Phase.READY, Server.CPU, "copy", 1, Step.Per.CODE_BYTE, Map.of())
                .step(Phase.EVICT, Server.DELAY, "b");
    }

    @Test void phasesTakeTheSumOfTheirSteps() {
        // Oracle: arithmetic by hand. CREATE 2x(100 + 5x3), BOOT 20, INIT 4x(7 + 3), READY 1000x0.5, RUN 50.
        Bench bench = fourSteps();
        bench.ops.add(new Op.Wait(new Distribution.Constant(50)));
        Sandbox sandbox = bench.build().ready();
        bench.serve(sandbox);
        bench.runtime.evict(sandbox);
        bench.timeline.run();

        assertThat(bench.seen).containsExactly(
                new Bench.Seen("CREATE", 0, 230, 230), new Bench.Seen("BOOT", 0, 250, 20), new Bench.Seen("INIT", 0, 290, 40),
                new Bench.Seen("started", 0, 290, 0), new Bench.Seen("READY", 0, 790, 500), new Bench.Seen("running", 0, 790, 0),
                new Bench.Seen("RUN", 0, 840, 50), new Bench.Seen("completed", 0, 840, 0), new Bench.Seen("EVICT", 0, 860, 20),
                new Bench.Seen("evicted", 0, 860, 0));
        assertThat(bench.runtime.report().ledger()).containsExactly(
                new LedgerEntry(Phase.CREATE, ModeSwitch.SYSCALL, 10, 30), new LedgerEntry(Phase.INIT, ModeSwitch.SYSCALL, 4, 12));
    }

    @Test void timeChargedToParametersIsTheTimeThatPassed() {
        // Oracle: conservation. Random costs; all of an uncontended start is charged to some parameter, to the nanosecond.
        Bench bench = fourSteps().parameter("a", Unit.NANOSECONDS, new Distribution.Exponential(1000))
                .parameter("c", Unit.NANOSECONDS, Distribution.LogNormal.ofMedianAndP99(50, 900))
                .parameter("syscall", Unit.NANOSECONDS, new Distribution.Uniform(10, 90));
        bench.build();
        for (int i = 0; i < 50; i++) {
            bench.ready();
        }
        double passed = bench.seen.stream().mapToLong(Bench.Seen::ns).sum();
        double charged = bench.runtime.report().parameters().stream().mapToDouble(ParameterUse::ns).sum();
        assertThat(charged).isEqualTo(passed);
    }

    @Test void aWaitIsOneEvent() {
        // Oracle: count. RUN of nothing but a wait: the clock fires once.
        Bench bench = new Bench();
        bench.ops.add(new Op.Wait(new Distribution.Exponential(1e9)));
        Sandbox sandbox = bench.build().ready();
        long before = bench.timeline.eventCount();
        bench.serve(sandbox);
        assertThat(bench.timeline.eventCount() - before).isEqualTo(1);
    }

    @Test void readyComesOnceUntilRecycled() {
        // Oracle: the port's contract.
        Bench bench = fourSteps();
        Sandbox sandbox = bench.build().ready();
        bench.serve(sandbox).serve(sandbox);
        assertThat(bench.count("READY")).isEqualTo(1);
        bench.runtime.recycle(sandbox);
        bench.timeline.run();
        bench.serve(sandbox);
        assertThat(bench.count("READY")).isEqualTo(2);
    }

    @Test void aColdServiceThatReplacesStandsForStartAndWork() {
        // Oracle: the policy's definition. No time to start, then the cold service; warm ones take the work's time.
        Bench bench = fourSteps();
        bench.lifecycle.remove(Phase.READY);
        bench.ops.add(new Op.Wait(new Distribution.Constant(50)));
        bench.coldService = Policies.ColdService.REPLACES;
        bench.coldServiceNs = Optional.of(new Distribution.Constant(9000));
        Sandbox sandbox = bench.build().ready();
        assertThat(bench.when("started")).isZero();
        Invocation cold = bench.invocation(0.5);
        cold.cold = true;
        bench.runtime.run(sandbox, cold);
        bench.timeline.run();
        assertThat(bench.took("RUN")).isEqualTo(9000);
        bench.serve(sandbox);
        assertThat(bench.took("RUN")).isEqualTo(50);
        assertThat(bench.runtime.report().ledger()).isEmpty();
    }

    @Test void aRecordedServiceTimeReplacesWaitingAndComputing() {
        // Oracle: arithmetic by hand. 10 switches of 3 ns and 1234 ns recorded; the ops' own 50 + 60 ns are gone.
        Bench bench = fourSteps();
        bench.ops.addAll(List.of(new Op.Wait(new Distribution.Constant(50)), new Op.Switch(ModeSwitch.SYSCALL, 10),
                new Op.Compute(new Distribution.Constant(60))));
        Sandbox sandbox = bench.build().ready();
        Invocation recorded = bench.invocation(0.5);
        recorded.serviceNs = 1234;
        bench.runtime.run(sandbox, recorded);
        bench.timeline.run();
        assertThat(bench.took("RUN")).isEqualTo(1264);
    }

    @Test void aRecordedServiceTimeThatIsWaitedForCostsWhatAWaitCosts() {
        // Oracle: arithmetic by hand, and the ledger. 1234 ns recorded, 7 ns and 2 switches of 3 ns beside the wait.
        Bench bench = fourSteps().ns("late", 7).step(Phase.RUN, Server.CPU, "late", 1, Step.Per.WAIT, Map.of(ModeSwitch.SYSCALL, 2));
        Sandbox sandbox = bench.build().ready();
        Invocation recorded = bench.invocation(0.5);
        recorded.serviceNs = 1234;
        bench.runtime.run(sandbox, recorded);
        bench.timeline.run();
        assertThat(bench.took("RUN")).isEqualTo(1234 + 7 + 2 * 3);
    }

    @Test void aQueueAtTheCreationLockIsDD1() {
        // Oracle: D/D/1 with all arrivals at once: the k-th of a batch leaves after k services.
        Bench bench = new Bench().ns("lock", 1000).step(Phase.CREATE, Server.CREATION_LOCK, "lock").build();
        for (int i = 0; i < 5; i++) {
            bench.start();
        }
        bench.timeline.run();
        assertThat(bench.durations("CREATE")).containsExactly(1000L, 2000L, 3000L, 4000L, 5000L);
    }

    @Test void whoHoldsTheCreationMutexSharesTheCoresAndTheOthersDoNot() {
        // Oracle: arithmetic by hand. One core, an endless neighbour: the holder has half of it, so that the k-th of a batch leaves after 2 k
        // services; without the mutex all three would share it with the neighbour and leave together after 4000.
        SsjTimeline timeline = new SsjTimeline();
        ProcessorSharing core = new ProcessorSharing(timeline, 1);
        core.background(1);
        Mutex mutex = new Mutex(new OneJob(core::start));
        List<Long> done = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            mutex.compute(1000, () -> done.add(timeline.nowNs()));
        }
        timeline.run();
        assertThat(done).containsExactly(2000L, 4000L, 6000L);
    }

    @Test void whoeverHoldsTheCreationMutexWaitsForTheAddressSpaceButThoseInLineForItAreNotBeforeOthersThere() {
        // Oracle: arithmetic by hand. Cores enough; three creations of 1000 come at once, and at 500 somebody who needs the address space for 400:
        // he waits for the first creation only, the second for him.
        SsjTimeline timeline = new SsjTimeline();
        ProcessorSharing cores = new ProcessorSharing(timeline, 8);
        Mutex addressSpace = new Mutex(new OneJob(cores::start));
        Mutex creations = new Mutex(addressSpace::compute);
        List<String> done = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            creations.compute(1000, () -> done.add("creation " + timeline.nowNs()));
        }
        timeline.timer(() -> addressSpace.compute(400, () -> done.add("touches " + timeline.nowNs()))).at(500);
        timeline.run();
        assertThat(done).containsExactly("creation 1000", "touches 1400", "creation 2400", "creation 3400");
    }

    @Test void aCreationNeedsTheAddressSpaceForItsShareOnly() {
        // Oracle: arithmetic by hand. Cores enough; two creations of 1000 come at once, half of each in the address space, and at 200 somebody who
        // needs that for 400: he waits until 500; the second creation is there from 1000 on.
        SsjTimeline timeline = new SsjTimeline();
        ProcessorSharing cores = new ProcessorSharing(timeline, 8);
        Mutex addressSpace = new Mutex(new OneJob(cores::start));
        Mutex creations = new Mutex(new PartlyExclusive(ns -> ns / 2, addressSpace::compute, new OneJob(cores::start)));
        List<String> done = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            creations.compute(1000, () -> done.add("creation " + timeline.nowNs()));
        }
        timeline.timer(() -> addressSpace.compute(400, () -> done.add("touches " + timeline.nowNs()))).at(200);
        timeline.run();
        assertThat(done).containsExactly("touches 900", "creation 1000", "creation 2000");
    }

    @Test void firstTouchesExcludeEachOtherOnlyWhereTheCalibrationSaysSo() {
        // Oracle: arithmetic by hand. Two first calls of 1000 at once, cores enough: one after the other, the
        // second after the first 600 of the first one, or side by side.
        assertThat(firstCalls(new Bench().constant(WellKnown.ADDRESS_SPACE_EXCLUSIVE, Unit.RATIO, 1))).containsExactly(1000L, 2000L);
        assertThat(firstCalls(new Bench().constant(WellKnown.ADDRESS_SPACE_EXCLUSIVE, Unit.RATIO, 0.6))).containsExactly(1000L, 1600L);
        assertThat(firstCalls(new Bench().constant(WellKnown.ADDRESS_SPACE_EXCLUSIVE, Unit.RATIO, 0))).containsExactly(1000L, 1000L);
        assertThat(firstCalls(new Bench())).containsExactly(1000L, 1000L);
    }

    @Test void whoIsMadeInAProcessWithOthersPaysForEach() {
        // Oracle: arithmetic by hand. Three to a process, 10 for each neighbour at the making and 7 at the first call: the fourth begins a new one.
        Bench bench = new Bench().ns("make", 100).ns("made", 10).ns("call", 50).ns("called", 7);
        bench.perProcess = 3;
        bench.step(Phase.CREATE, Server.CPU, "make").step(Phase.CREATE, Server.CPU, "made", 1, Step.Per.NEIGHBOUR, Map.of())
                .step(Phase.RUN, Server.CPU, "call").step(Phase.RUN, Server.CPU, "called", 1, Step.Per.NEIGHBOUR, Map.of()).build();
        for (int i = 0; i < 4; i++) {
            Sandbox sandbox = bench.ready();
            bench.serve(sandbox).serve(sandbox);
        }
        assertThat(bench.durations("CREATE")).containsExactly(100L, 110L, 120L, 100L);
        assertThat(bench.durations("RUN")).containsExactly(50L, 50L, 57L, 50L, 64L, 50L, 50L, 50L);
    }

    @Test void eachByteOfATransferCanWaitBesideWhatItComputes() {
        // Oracle: arithmetic by hand. 1000 bytes, 2 ns each on a core and 0.5 ns waiting.
        Bench bench = new Bench().constant("copy", Unit.NANOSECONDS_PER_BYTE, 2).constant("wait", Unit.NANOSECONDS_PER_BYTE, 0.5);
        bench.host = new Host(1, Long.MAX_VALUE);
        bench.paths.put("get", new IoPath("get", 1500, 4096, new Batching.None(), IoPath.Overlap.SERIAL,
                List.of(new Hop("receive", Hop.Per.BYTE, "copy", 0, "", Map.of(), Server.CPU, ""),
                        new Hop("arrive", Hop.Per.BYTE, "wait", 0, "", Map.of(), Server.DELAY, ""))));
        bench.ops.add(new Op.Get(1000, "get"));
        bench.build().serve(bench.ready());
        assertThat(bench.durations("RUN")).containsExactly(2500L);
        assertThat(bench.measured("cpu.per-invocation")).isEqualTo(2000);
    }

    private static List<Long> firstCalls(Bench bench) {
        bench.host = new Host(4, Long.MAX_VALUE);
        bench.ns("touch", 1000).step(Phase.RUN, Server.ADDRESS_SPACE, "touch").build();
        Sandbox one = bench.ready();
        Sandbox other = bench.ready();
        bench.runtime.run(one, bench.invocation(0.5));
        bench.runtime.run(other, bench.invocation(0.5));
        bench.timeline.run();
        return bench.durations("RUN");
    }

    @Test void theCreationMutexIsHeldOverStepsInARow() {
        // Oracle: arithmetic by hand. Two steps of 1000 and 500 each: the k-th leaves after k times both; were the mutex given back between the
        // steps, the first would queue up for its second one behind the others.
        Bench bench = new Bench().ns("clone", 1000).ns("cold", 500).step(Phase.CREATE, Server.CREATION_MUTEX, "clone")
                .step(Phase.CREATE, Server.CREATION_MUTEX, "cold");
        bench.host = new Host(4, Long.MAX_VALUE);
        bench.build();
        IntStream.range(0, 3).forEach(i -> bench.start());
        bench.timeline.run();
        assertThat(bench.durations("CREATE")).containsExactly(1500L, 3000L, 4500L);
    }

    @Test void aGracePeriodIsSharedAndRemembered() {
        // Oracle: the kernel's states by hand (kernel/rcu/sync.c), periods of 1000 ns, remembered as long. 0: waits until 1000. 600: shares its
        // end. 1900: within that time after it, spared. 2800: within that time after 1900, spared. 4000: the kernel has forgotten, waits until 5000.
        GracePeriod grace = new GracePeriod(1000);
        long[] done = java.util.stream.LongStream.of(0, 600, 1900, 2800, 4000).map(now -> grace.doneNs(now, 1000)).toArray();
        assertThat(done).containsExactly(1000, 1000, 1900, 2800, 5000);
    }

    @Test void sandboxesThatComeTogetherShareOneGracePeriod() {
        // Oracle: all wait for the end of the first one's period; the last, made right after them, does not wait.
        Bench bench = new Bench().ns("period", 1000).ns(WellKnown.GRACE_MEMORY, 2000)
                .step(Phase.CREATE, Server.GRACE_PERIOD, "period").build();
        bench.start();
        bench.start();
        bench.timeline.run();
        bench.start();
        bench.timeline.run();
        assertThat(bench.durations("CREATE")).containsExactly(1000L, 1000L, 0L);
    }

    @Test void twoStepsAtOneServerLetAnotherSandboxBetween() {
        // Oracle: hand schedule. First come first served per step: A1 B1 A2 B2, each 10 ns.
        Bench bench = new Bench().ns("io", 10).step(Phase.CREATE, Server.DISK, "io").step(Phase.CREATE, Server.DISK, "io").build();
        bench.start();
        bench.start();
        bench.timeline.run();
        assertThat(bench.durations("CREATE")).containsExactly(30L, 40L);
    }

    @Test void allCostsTimesKMakeAllTimesTimesK() {
        // Oracle: metamorphic. Same streams, every cost scaled by 8; each of 60 charged pieces is rounded to whole ns.
        long[] ns = new long[2];
        for (int i = 0; i < 2; i++) {
            double k = i == 0 ? 1 : 8;
            Bench bench = fourSteps();
            bench.parameter("a", Unit.NANOSECONDS, new Distribution.Weibull(0.7, 1e6 * k))
                    .parameter("b", Unit.NANOSECONDS, new Distribution.Exponential(1e7 * k))
                    .ns("c", 1e5 * k).ns("syscall", 1e3 * k);
            bench.build();
            for (int n = 0; n < 20; n++) {
                bench.ready();
            }
            ns[i] = bench.when("started");
        }
        assertThat((double) ns[1]).isCloseTo(8.0 * ns[0], within(8.0 * 60));
    }

    @Test void manyRepetitionsHaveTheMeanAndVarianceOfASum() {
        // Oracle: the sum of n independent exponentials has mean n m and variance n m^2.
        Cost cost = new Cost(new Bench().parameter("x", Unit.NANOSECONDS, new Distribution.Exponential(1000)).parameters.get("x"));
        Random random = new Random(5);
        for (int n : new int[] {Sums.ONE_BY_ONE, 1000}) {
            int runs = 20_000;
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < runs; i++) {
                double x = cost.draw(n, random::nextDouble);
                sum += x;
                squares += x * x;
            }
            double mean = sum / runs;
            assertThat(mean).isCloseTo(1000.0 * n, within(4 * 1000 * Math.sqrt(n) / Math.sqrt(runs)));
            assertThat((squares / runs - mean * mean) / (1e6 * n)).isCloseTo(1, within(4 * Math.sqrt(3.0 / runs)));
        }
    }

    @Test void everythingMissingIsNamedAtOnce() {
        Bench bench = new Bench().step(Phase.CREATE, Server.CPU, "nowhere").step(Phase.BOOT, Server.DELAY, "neither");
        bench.ns("wrong.unit", 1).computeOverhead = "wrong.unit";
        bench.ops.add(new Op.Switch(ModeSwitch.HYPERCALL, 2));
        assertThatThrownBy(bench::build).isInstanceOf(MissingCostException.class)
                .hasMessageContaining("'nowhere'").hasMessageContaining("create.create0").hasMessageContaining("'neither'")
                .hasMessageContaining("'wrong.unit' is in ns").hasMessageContaining("hypercall");
    }

    @Test void theWarmupIsForgotten() {
        // Oracle: count. Two starts before the end of the warm-up, one after it.
        Bench bench = fourSteps();

        bench.build().start();
        bench.start();
        bench.timeline.run();
        bench.runtime.measuringBegins();
        bench.ready();
        assertThat(bench.runtime.report().ledger()).containsOnly(new LedgerEntry(Phase.CREATE, ModeSwitch.SYSCALL, 10, 30),
                new LedgerEntry(Phase.INIT, ModeSwitch.SYSCALL, 4, 12));
    }

    @Test void aBusySandboxIsToldNothing() {
        Bench bench = fourSteps();
        Sandbox sandbox = bench.build().start();
        assertThatThrownBy(() -> bench.runtime.evict(sandbox)).isInstanceOf(IllegalStateException.class).hasMessageContaining("CREATE");
    }

    @Test void aTraceLoadSaysWhetherRecordedTimeIsDemandOnACore() {
        // Oracle: arithmetic by hand. Recorded 1000 ns as computation, slowed by 1.5.
        Bench bench = new Bench().constant("slow", Unit.RATIO, 1.5);
        bench.computeOverhead = "slow";
        bench.load = new Load.Trace("azure-2019", "x", Load.Trace.Arrivals.EQUIDISTANT, Load.Trace.Durations.AVERAGE,
                Load.Trace.Missing.DROP, Load.Trace.Missing.DROP, Load.Trace.Service.COMPUTE, 0, 1, 0, 1);
        Sandbox sandbox = bench.build().ready();
        Invocation recorded = bench.invocation(0.5);
        recorded.serviceNs = 1000;
        bench.runtime.run(sandbox, recorded);
        bench.timeline.run();
        assertThat(bench.took("RUN")).isEqualTo(1500);
        assertThat(bench.measured("cpu.per-invocation")).isEqualTo(1500);
    }
}
