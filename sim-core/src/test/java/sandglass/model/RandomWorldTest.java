package sandglass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
import sandglass.scenario.Policies.Sharing;
import sandglass.scenario.Region;
import sandglass.scenario.Server;
import sandglass.scenario.Stack;
import sandglass.scenario.Step;
import sandglass.unit.Distribution;
import sandglass.unit.Quantities;
import sandglass.unit.Unit;

/** Worlds made up from a seed, with everything going on at once. */
class RandomWorldTest {

    private static final int SANDBOXES = 12;
    private static final int INVOCATIONS = 6;

    private long[] busyNs;
    private long[] busySince;

    private static Bench world(Random random) {
        Bench bench = new Bench().constant("copy", Unit.NANOSECONDS_PER_BYTE, 0.01).constant("slow", Unit.RATIO, 1.1)
                .parameter("cost", Unit.NANOSECONDS, new Distribution.Exponential(40_000)).ns("switch", 700).ns(WellKnown.POLLING_LOOK, 50)
                .ns(WellKnown.GRACE_MEMORY, 24_000)
                .constant(WellKnown.KSM_SCAN_PAGE, Unit.NANOSECONDS_PER_PAGE, 300).constant("dirtied", Unit.PAGES, 3);
        for (ModeSwitch kind : ModeSwitch.values()) {
            bench.switchCosts.put(kind, "switch");
        }
        bench.host = new Host(random.nextBoolean() ? 1 + random.nextInt(3) : Host.UNLIMITED, Long.MAX_VALUE);
        bench.computeOverhead = random.nextBoolean() ? "slow" : "";
        bench.dirtied = random.nextBoolean() ? "dirtied" : "";
        bench.interchangeable = pick(random, Stack.Interchangeable.values());
        bench.memoryBytes = random.nextInt(20_000);
        bench.codeBytes = random.nextInt(5000);
        bench.modules = random.nextInt(3);
        bench.sharing = pick(random, new Sharing.None(), new Sharing.ByConstruction(), new Sharing.Ksm(1 + random.nextInt(60), 100_000));
        bench.notification = pick(random, new Notification.Interrupt(), new Notification.Polling(1 + random.nextInt(20_000)));
        for (Phase phase : Phase.values()) {
            for (int i = random.nextInt(3); i > 0; i--) {
                Step.Per per = phase == Phase.RUN && i == 1 ? Step.Per.DIRTY_PAGE : pick(random, Step.Per.ONCE, Step.Per.MODULE);
                bench.step(phase, pick(random, Server.values()), "cost", 1, per, Map.of(pick(random, ModeSwitch.values()), random.nextInt(3)));
            }
        }
        for (Region.Sharing shared : Region.Sharing.values()) {
            bench.region(shared.name(), shared, random.nextInt(3) / 4.0, random.nextInt(5) == 0, random.nextInt(60 * Quantities.PAGE_BYTES));
        }
        Batching batching = pick(random, new Batching.None(), new Batching.ByCount(3), new Batching.ByTime(90_000));
        bench.paths.put("get", new IoPath("get", 1500, 4096, batching, pick(random, IoPath.Overlap.values()), List.of(
                new Hop("a", Hop.Per.PACKET, "cost", 1, "copy", Map.of(ModeSwitch.SYSCALL, 1), pick(random, Server.values()), ""),
                new Hop("b", Hop.Per.BATCH, "cost", 0, "", Map.of(ModeSwitch.MMIO_EXIT, 1), Server.CPU, "", random.nextBoolean()),
                new Hop("c", Hop.Per.CALL, "", 0, "", Map.of(ModeSwitch.PIO_EXIT, 1), Server.CPU, "", true))));
        bench.ops.addAll(List.of(new Op.Compute(new Distribution.Exponential(200_000)), new Op.Touch(random.nextInt(40)),
                new Op.Get(random.nextInt(20_000), "get"), new Op.Wait(new Distribution.Exponential(50_000)), new Op.Touch(random.nextInt(40))));
        return bench;
    }

    @SafeVarargs
    private static <T> T pick(Random random, T... among) {
        return among[random.nextInt(among.length)];
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
        33, 34, 35, 36, 37, 38, 39, 40})
    void nothingIsLost(long seed) {
        Random random = new Random(seed);
        Bench bench = world(random);
        busyNs = new long[SANDBOXES];
        busySince = new long[SANDBOXES];
        int[] left = new int[SANDBOXES];
        bench.then = seen -> follow(bench, random, left, seen);
        bench.build();
        for (int i = 0; i < SANDBOXES; i++) {
            left[i] = INVOCATIONS;
            bench.start();
        }
        bench.timeline.run();

        // Oracle: conservation. Every invocation is served, every sandbox goes, and leaves no page behind.
        assertThat(bench.count("completed")).isEqualTo((long) SANDBOXES * INVOCATIONS);
        assertThat(bench.count("evicted")).isEqualTo(SANDBOXES);
        assertThat(bench.timeline.armedTimers()).isZero();
        assertThat(bench.measured("memory.mean")).isLessThanOrEqualTo(bench.measured("memory.max"));
        // Oracle: conservation. Phases of a sandbox fill the time between its verbs' beginnings and ends.
        assertThat(bench.seen.stream().filter(s -> isPhase(s.what())).mapToLong(Bench.Seen::ns).sum())
                .isEqualTo(Arrays.stream(busyNs).sum());
        if (bench.host.cores() != Host.UNLIMITED) {
            // Oracle: conservation of work. The integral of cores in use is the work that was asked for, to a ns per demand.
            double used = bench.measured("cpu.busy") * bench.host.cores() * bench.timeline.nowNs();
            double asked = bench.measured("cpu.per-invocation") * SANDBOXES * INVOCATIONS;
            assertThat(used).isCloseTo(asked, within(5000.0));
        }
    }

    private void follow(Bench bench, Random random, int[] left, Bench.Seen seen) {
        int i = (int) seen.sandbox();
        switch (seen.what()) {
            case "completed" -> {
                end(i, seen);
                left[i]--;
                begin(i, seen, left[i] > 0 && random.nextBoolean() ? () -> bench.runtime.recycle(sandbox(bench, i)) : next(bench, random, left, i));
            }
            case "started", "recycled" -> {
                end(i, seen);
                begin(i, seen, next(bench, random, left, i));
            }
            case "evicted" -> end(i, seen);
            default -> {
                // reports within a verb
            }
        }
    }

    private static Runnable next(Bench bench, Random random, int[] left, int i) {
        return left[i] > 0
                ? () -> bench.runtime.run(sandbox(bench, i), bench.invocation(random.nextDouble()))
                : () -> bench.runtime.evict(sandbox(bench, i));
    }

    private static Sandbox sandbox(Bench bench, int i) {
        return bench.sandboxes.get(i);
    }

    private void begin(int i, Bench.Seen seen, Runnable verb) {
        busySince[i] = seen.atNs();
        verb.run();
    }

    private void end(int i, Bench.Seen seen) {
        busyNs[i] += seen.atNs() - busySince[i];
    }

    private static boolean isPhase(String what) {
        return Arrays.stream(Phase.values()).anyMatch(phase -> phase.name().equals(what));
    }
}
