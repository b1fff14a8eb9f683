package sandglass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sandglass.calibration.MissingCostException;
import sandglass.platform.Sandbox;
import sandglass.result.LedgerEntry;
import sandglass.scenario.Batching;
import sandglass.scenario.Hop;
import sandglass.scenario.Host;
import sandglass.scenario.IoPath;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Op;
import sandglass.scenario.Phase;
import sandglass.scenario.Server;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

class PathTest {

    private static Hop hop(String name, Hop.Per per, String cost, Server server) {
        return new Hop(name, per, cost, 0, "", Map.of(), server, "");
    }

    private static IoPath path(Batching batching, IoPath.Overlap overlap, Hop... hops) {
        return new IoPath("get", 1500, 4096, batching, overlap, List.of(hops));
    }

    private static IoPath sendTap(Batching batching) {
        return path(batching, IoPath.Overlap.SERIAL,
                new Hop("guest-send", Hop.Per.PACKET, "", 1, "copy", Map.of(ModeSwitch.SYSCALL, 1), Server.CPU, ""),
                new Hop("kick", Hop.Per.BATCH, "", 0, "", Map.of(ModeSwitch.MMIO_EXIT, 1), Server.CPU, "", true),
                new Hop("tap-write", Hop.Per.PACKET, "", 1, "copy", Map.of(ModeSwitch.HOST_SYSCALL, 1), Server.CPU, ""));
    }

    private static Bench getting(long bytes, IoPath path) {
        Bench bench = new Bench();
        bench.paths.put("get", path);
        bench.ops.add(new Op.Get(bytes, "get"));
        return bench;
    }

    @Test void countsByHand() {
        // Oracle: arithmetic by hand. 1 MB: ceil(1e6/1500) = 667 packets, ceil(667/16) = 42 batches, ceil(1e6/4096) = 245 blocks.
        assertThat(PathCounts.of(sendTap(new Batching.None()), 1_000_000)).isEqualTo(new PathCounts(1_000_000, 667, 667, 245, 1));
        assertThat(PathCounts.of(sendTap(new Batching.ByCount(16)), 1_000_000)).isEqualTo(new PathCounts(1_000_000, 667, 42, 245, 1));
        // 667 packets 1200 ns apart take 800,400 ns: 17 windows of 50 us.
        assertThat(PathCounts.of(sendTap(new Batching.ByTime(50_000)), 1_000_000, 1200).batches()).isEqualTo(17);
        // Packets slower than windows: each has one of its own; faster than any: one batch; none: none.
        assertThat(PathCounts.of(sendTap(new Batching.ByTime(50_000)), 1_000_000, 1e6).batches()).isEqualTo(667);
        assertThat(PathCounts.of(sendTap(new Batching.ByTime(50_000)), 1_000_000, 0).batches()).isEqualTo(1);
        assertThat(PathCounts.of(sendTap(new Batching.ByTime(50_000)), 0, 1200).batches()).isZero();
        assertThat(PathCounts.of(sendTap(new Batching.None()), 0)).isEqualTo(new PathCounts(0, 0, 0, 0, 1));
    }

    @Test void batchingByTimeNeedsTheGap() {
        assertThatThrownBy(() -> PathCounts.of(sendTap(new Batching.ByTime(1)), 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gap");
    }

    @Test void exitsOfAPacketPathGrowWithPacketsOverBatch() {
        // Oracle: the claim's own formula, ceil(ceil(bytes / mtu) / k), for sizes around every boundary.
        for (int k : new int[] {1, 2, 16, 64}) {
            for (long bytes : new long[] {1, 1499, 1500, 1501, 24_000, 24_001, 2_000_000, 256_000_000}) {
                long packets = -Math.floorDiv(-bytes, 1500);
                long batches = -Math.floorDiv(-packets, k);
                IoPath path = sendTap(new Batching.ByCount(k));
                assertThat(PathCounts.of(path, bytes).switches(path)).isEqualTo(Map.of(ModeSwitch.SYSCALL, packets,
                        ModeSwitch.HOST_SYSCALL, packets, ModeSwitch.MMIO_EXIT, batches));
            }
        }
    }

    @Test void exitsOfACallPathDoNotDependOnTheSize() {
        // Oracle: USETL, APSys 2019, section 3.2.1: exits per call.
        IoPath path = path(new Batching.None(), IoPath.Overlap.SERIAL,
                new Hop("call", Hop.Per.CALL, "", 0, "", Map.of(ModeSwitch.PIO_EXIT, 2), Server.CPU, "", true));
        for (long bytes : new long[] {0, 1, 2_000_000, 256_000_000}) {
            assertThat(PathCounts.of(path, bytes).switches(path)).containsExactly(Map.entry(ModeSwitch.PIO_EXIT, 2L));
        }
    }

    @Test void aHopForLargeTransfersIsMetAboveItsSizeOnly() {
        // Oracle: arithmetic by hand. Blocks of 4 KiB, 1 ns each, and 10 ns more each where there are more than two.
        for (IoPath.Overlap overlap : IoPath.Overlap.values()) {
            IoPath path = path(new Batching.None(), overlap, new Hop("receive", Hop.Per.BLOCK, "small", 0, "", Map.of(), Server.DELAY, ""),
                    new Hop("fresh", Hop.Per.BLOCK, "large", 0, "", Map.of(ModeSwitch.SYSCALL, 3), Server.DELAY, "", false, 8192));
            assertThat(PathCounts.of(path, 8192).switches(path)).isEmpty();
            assertThat(PathCounts.of(path, 8193).switches(path)).isEqualTo(Map.of(ModeSwitch.SYSCALL, 9L));
            for (long bytes : new long[] {8192, 8193}) {
                Bench bench = getting(bytes, path).ns("small", 1).ns("large", 10).ns("syscall", 0);
                bench.switchCosts.put(ModeSwitch.SYSCALL, "syscall");
                bench.serve(bench.build().ready());
                long large = overlap == IoPath.Overlap.SERIAL ? 33 : 31;
                assertThat(bench.took("get")).as(overlap + " " + bytes).isEqualTo(bytes == 8192 ? 2 : large);
            }
        }
    }

    @Test void theWalkBooksWhatTheCountsSay() {
        // Oracle: second computation. Ledger of a walk against PathCounts, and time and copies against arithmetic by hand.
        IoPath path = sendTap(new Batching.ByCount(16));
        Bench bench = getting(1_000_000, path).ns("syscall", 100).ns("exit", 2000).constant("copy", Unit.NANOSECONDS_PER_BYTE, 0.1);
        bench.switchCosts.putAll(Map.of(ModeSwitch.SYSCALL, "syscall", ModeSwitch.HOST_SYSCALL, "syscall", ModeSwitch.MMIO_EXIT, "exit"));
        Sandbox sandbox = bench.build().ready();
        bench.serve(sandbox);
        assertThat(bench.runtime.report().ledger()).containsExactly(
                new LedgerEntry(Phase.RUN, ModeSwitch.SYSCALL, 667, 66_700), new LedgerEntry(Phase.RUN, ModeSwitch.MMIO_EXIT, 42, 84_000),
                new LedgerEntry(Phase.RUN, ModeSwitch.HOST_SYSCALL, 667, 66_700));
        assertThat(bench.took("get")).isEqualTo(2 * 100_000 + 66_700 + 84_000 + 66_700);
        assertThat(bench.measured("io.bytes-copied")).isEqualTo(2e6);
        assertThat(bench.measured("cpu.switches")).isEqualTo(217_400);
    }

    @Test void batchingByTimeHoldsTheLastPacketsUntilTheWindowEnds() {
        // Oracle: arithmetic by hand. 4 packets of 30 ns, windows of 50 ns: 120 ns of packets, 3 windows, the last ends at 150; kicks 3 x 7.
        IoPath path = path(new Batching.ByTime(50), IoPath.Overlap.SERIAL, hop("send", Hop.Per.PACKET, "packet", Server.DELAY),
                hop("kick", Hop.Per.BATCH, "kick", Server.DELAY));
        Bench bench = getting(6000, path).ns("packet", 30).ns("kick", 7);
        bench.serve(bench.build().ready());
        assertThat(bench.took("get")).isEqualTo(150 + 21);
    }

    @Test void aPipelineTakesTheFirstUnitThroughAllHopsAndThenThePaceOfTheSlowest() {
        // Oracle: arithmetic by hand. 10 packets over hops of 5, 20 and 8 ns: 33 + 9 x 20; a hop per call of 100 ns comes on top.
        Hop[] hops = {hop("call", Hop.Per.CALL, "call", Server.DELAY), hop("a", Hop.Per.PACKET, "a", Server.DELAY),
            hop("b", Hop.Per.PACKET, "b", Server.CPU), hop("c", Hop.Per.PACKET, "c", Server.LINK)};
        for (int cores : new int[] {2, Host.UNLIMITED}) {
            Bench bench = getting(15_000, path(new Batching.None(), IoPath.Overlap.PIPELINED, hops))
                    .ns("call", 100).ns("a", 5).ns("b", 20).ns("c", 8);
            bench.host = new Host(cores, Long.MAX_VALUE);
            bench.serve(bench.build().ready());
            assertThat(bench.took("get")).isEqualTo(100 + 33 + 9 * 20);
        }
    }

    @Test void pipelinesOfTwoSandboxesQueueAtTheLink() {
        // Oracle: hand schedule. Each needs the link for 80 ns; the second has it from 80 to 160; the last unit's 5 ns before it are the fill.
        IoPath path = path(new Batching.None(), IoPath.Overlap.PIPELINED, hop("a", Hop.Per.PACKET, "a", Server.DELAY),
                hop("wire", Hop.Per.PACKET, "wire", Server.LINK));
        Bench bench = getting(15_000, path).ns("a", 5).ns("wire", 8).build();
        Sandbox one = bench.ready();
        Sandbox two = bench.ready();
        bench.runtime.run(one, bench.invocation(0.5));
        bench.runtime.run(two, bench.invocation(0.5));
        bench.timeline.run();
        assertThat(bench.durations("get")).containsExactly(85L, 165L);
    }

    @Test void aPipelineSharesCoresAmongItsOwnHops() {
        // Oracle: processor sharing by hand. One core, hops of 100 and 40 ns each run by a thread: the second ends at 80, the first at 140;
        // the fill is 140/10 - 100/10 = 4 ns after.
        IoPath path = path(new Batching.None(), IoPath.Overlap.PIPELINED, hop("a", Hop.Per.PACKET, "a", Server.CPU),
                hop("b", Hop.Per.PACKET, "b", Server.CPU));
        Bench bench = getting(15_000, path).ns("a", 10).ns("b", 4);
        bench.host = new Host(1, Long.MAX_VALUE);
        bench.serve(bench.build().ready());
        assertThat(bench.took("get")).isEqualTo(144);
    }

    @Test void pathsAreChargedOnlyWhereTheyAreUsed() {
        Bench bench = getting(1, path(new Batching.None(), IoPath.Overlap.SERIAL, hop("x", Hop.Per.CALL, "x", Server.CPU))).ns("x", 1);
        bench.paths.put("unused", path(new Batching.None(), IoPath.Overlap.SERIAL, hop("y", Hop.Per.CALL, "missing", Server.CPU)));
        bench.build();
        bench.ops.add(new Op.Post(1, "nowhere"));
        bench.ops.add(new Op.Post(1, "unused"));
        assertThatThrownBy(bench::build).isInstanceOf(MissingCostException.class).hasMessageContaining("no path 'nowhere'")
                .hasMessageContaining("[get, unused]").hasMessageContaining("'missing'").hasMessageContaining("hop y of path");
    }

    @Test void randomCostsOfManyPacketsHaveTheRightMean() {
        // Oracle: 66,667 packets of mean 1000 ns: mean 66.667 ms, standard deviation of the sum sqrt(n) 1000 ns.
        Bench bench = getting(100_000_000, path(new Batching.None(), IoPath.Overlap.SERIAL, hop("p", Hop.Per.PACKET, "p", Server.DELAY)))
                .parameter("p", Unit.NANOSECONDS, new Distribution.Exponential(1000));
        Sandbox sandbox = bench.build().ready();
        for (int i = 0; i < 100; i++) {
            bench.serve(sandbox);
        }
        double mean = bench.durations("get").stream().mapToLong(ns -> ns).average().orElseThrow();
        assertThat(Math.abs(mean - 66_667_000)).isLessThan(4 * Math.sqrt(66_667) * 1000 / 10);
    }
}
