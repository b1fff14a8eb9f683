package sandglass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sandglass.calibration.WellKnown;
import sandglass.des.SsjTimeline;
import sandglass.platform.Invocation;
import sandglass.platform.Sandbox;
import sandglass.scenario.Batching;
import sandglass.scenario.DiskImage;
import sandglass.scenario.Host;
import sandglass.scenario.IoPath;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Op;
import sandglass.scenario.Phase;
import sandglass.scenario.Policies.Sharing.ByConstruction;
import sandglass.scenario.Policies.Sharing.Ksm;
import sandglass.scenario.Policies.Sharing.None;
import sandglass.scenario.Region;
import sandglass.scenario.Server;
import sandglass.scenario.Stack;
import sandglass.scenario.Step;
import sandglass.unit.Unit;

class MemoryTest {

    private static final long PAGE = 4096;

    /** 10 pages shared, 20 copied on writing, 5 mergeable, 3 and a half private, 2 of the kernel. */
    private static Bench image() {
        return new Bench().region("text", Region.Sharing.SHARED, 0, false, 10 * PAGE)
                .region("heap", Region.Sharing.COPY_ON_WRITE, 0, false, 20 * PAGE)
                .region("cache", Region.Sharing.MERGEABLE, 0, false, 5 * PAGE)
                .region("own", Region.Sharing.PRIVATE, 0, false, 3 * PAGE + 2048)
                .region("tables", Region.Sharing.PRIVATE, 0, true, 2 * PAGE);
    }

    private static HostMemory memory(Bench bench) {
        CostBook costs = new CostBook(bench.calibration());
        ImageLayout layout = new ImageLayout(bench.stack().memory(), costs);
        Sharing sharing = bench.sharing instanceof None ? Unshared.of(layout)
                : bench.sharing instanceof ByConstruction ? new SharedByConstruction(layout) : new SharedByScanning(layout);
        return new HostMemory(new SsjTimeline(), bench.host.memoryBytes(), layout, sharing, null);
    }

    @Test void unsharedSandboxesAddUp() {
        // Oracle: arithmetic by hand. 38.5 pages mapped and 2 of the kernel each, and 1000 B of the function.
        Bench bench = image();
        bench.memoryBytes = 1000;
        bench.build();
        for (int i = 0; i < 3; i++) {
            bench.serve(bench.ready());
        }
        assertThat(bench.measured("memory.max")).isEqualTo(3 * (40.5 * PAGE + 1000));
        assertThat(bench.measured("memory.per-sandbox")).isEqualTo(40.5 * PAGE + 1000);
        for (String metric : List.of("memory.rss", "memory.pss", "memory.uss")) {
            assertThat(bench.measured(metric)).isEqualTo(38.5 * PAGE + 1000);
        }
    }

    @Test void sharingByConstructionKeepsOneCopy() {
        // Oracle: arithmetic by hand. 30 pages once; 8.5 of each its own, 2 of the kernel; the second dirties 4 of the 20.
        Bench bench = image();
        bench.sharing = new ByConstruction();
        HostMemory memory = memory(bench);
        Footprint one = new Footprint();
        Footprint two = new Footprint();
        memory.add(one, 0);
        assertThat(memory.uniqueBytes(one)).isEqualTo(memory.residentBytes(one)).isEqualTo((long) (38.5 * PAGE));
        memory.add(two, 0);
        memory.write(two, 4);
        assertThat(memory.bytes()).isEqualTo((30 + 4 + 2 * 8 + 1 + 4) * PAGE);
        assertThat(memory.uniqueBytes(two)).isEqualTo((long) ((4 + 8.5) * PAGE));
        assertThat(memory.proportionalBytes(two)).isEqualTo((4 + 8.5 + 26 / 2.0) * PAGE);
        assertThat(memory.uniqueBytes(one)).isEqualTo((long) ((4 + 8.5) * PAGE));
        assertThat(memory.residentBytes(two)).isEqualTo((long) (38.5 * PAGE));
        memory.restore(two, 0);
        assertThat(memory.bytes()).isEqualTo((30 + 2 * 8 + 1 + 4) * PAGE);
    }

    @Test void whatOnlySomeMeetCountsForThem() {
        // Oracle: arithmetic by hand. 40.5 pages each; the second transfers, which brings 6 pages that a template maps too and 3 of its own.
        Bench bench = image().met("code", Region.Sharing.COPY_ON_WRITE, 1, Region.MetBy.TRANSFERS, 6 * PAGE)
                .met("buffers", Region.Sharing.PRIVATE, 0, Region.MetBy.TRANSFERS, 3 * PAGE)
                .met("clock", Region.Sharing.PRIVATE, 0, Region.MetBy.WAITS, 50 * PAGE);
        bench.sharing = new ByConstruction();
        HostMemory memory = memory(bench);
        Footprint one = new Footprint();
        Footprint two = new Footprint();
        memory.add(one, 0);
        memory.add(two, 0);
        long before = memory.bytes();
        double bare = memory.proportionalBytes(two);
        Occupies transfers = new Occupies(ImageLayout.bits(Region.MetBy.TRANSFERS), 0);
        assertThat(memory.admit(two, 0, transfers, 0, 0)).isTrue();
        assertThat(memory.bytes()).isEqualTo(before + 9 * PAGE);
        assertThat(memory.proportionalBytes(two)).isCloseTo(bare + (6 / 2.0 + 3) * PAGE, within(1e-6));
        assertThat(memory.residentBytes(two)).isEqualTo(memory.residentBytes(one) + 9 * PAGE);
        assertThat(memory.admit(one, 0, transfers, 0, 0)).isTrue();
        assertThat(memory.bytes()).isEqualTo(before + (6 + 2 * 3) * PAGE);
        assertThat(memory.proportionalBytes(two)).isCloseTo(bare + (6 / 3.0 + 3) * PAGE, within(1e-6));
        memory.remove(one);
        memory.remove(two);
        assertThat(memory.bytes()).isZero();
    }

    @Test void whatOnlySandboxesMapIsGivenBackWithWrittenPages() {
        // Oracle: arithmetic by hand. Of 9 pages met a template maps 6, which stay, shared by two; 3 go where recycling keeps fewer pages than were
        // written, and come back with the next transfer.
        Bench bench = image().met("code", Region.Sharing.COPY_ON_WRITE, 1, Region.MetBy.TRANSFERS, 6 * PAGE)
                .met("buffers", Region.Sharing.COPY_ON_WRITE, 0, Region.MetBy.TRANSFERS, 3 * PAGE);
        bench.sharing = new ByConstruction();
        HostMemory memory = memory(bench);
        Footprint one = new Footprint();
        memory.add(one, 0);
        long before = memory.bytes();
        long bare = memory.residentBytes(one);
        Occupies transfers = new Occupies(ImageLayout.bits(Region.MetBy.TRANSFERS), 0);
        memory.admit(one, 0, transfers, 4, 0);
        memory.write(one, 4);
        memory.restore(one, 4);
        assertThat(memory.residentBytes(one)).isEqualTo(bare + 9 * PAGE);
        memory.restore(one, 1);
        assertThat(memory.residentBytes(one)).isEqualTo(bare + 6 * PAGE);
        assertThat(memory.bytes()).isEqualTo(before + 7 * PAGE);
        memory.admit(one, 0, transfers, 1, 0);
        assertThat(memory.residentBytes(one)).isEqualTo(bare + 9 * PAGE);
        memory.remove(one);
        assertThat(memory.bytes()).isZero();
    }

    @Test void whatTheFirstCallMeetsIsThereFromThenOn() {
        // Oracle: arithmetic by hand. 38.5 pages mapped before the call, 4 more after it, however often it is called.
        Bench bench = image().met("called", Region.Sharing.PRIVATE, 0, Region.MetBy.CALLS, 4 * PAGE).build();
        Sandbox sandbox = bench.ready();
        assertThat(bench.measured("memory.rss")).isEqualTo(38.5 * PAGE);
        bench.serve(sandbox).serve(sandbox);
        assertThat(bench.measured("memory.rss")).isEqualTo(42.5 * PAGE);
    }

    @Test void whatComesWithUseIsThereFromTheSecondCallOn() {
        // Oracle: arithmetic by hand. 38.5 pages mapped before and after the first call, 3 more with the second and no more with the third.
        Bench bench = image().met("used", Region.Sharing.PRIVATE, 0, Region.MetBy.REPEATS, 3 * PAGE).build();
        Sandbox sandbox = bench.ready();
        bench.serve(sandbox);
        assertThat(bench.measured("memory.rss")).isEqualTo(38.5 * PAGE);
        bench.serve(sandbox);
        assertThat(bench.measured("memory.rss")).isEqualTo(41.5 * PAGE);
        bench.serve(sandbox);
        assertThat(bench.measured("memory.rss")).isEqualTo(41.5 * PAGE);
    }

    @Test void aFunctionThatAsksForMemoryWritesToNewPages() {
        // Oracle: arithmetic by hand. Of 38.5 mapped pages 2 are dirtied; 7 more are asked for; all are kept, so they stay after the call.
        Bench bench = image();
        bench.dirtied = "dirtied";
        bench.constant("dirtied", Unit.PAGES, 2).step(Phase.RUN, Server.CPU, "", 1, Step.Per.TOUCH, Map.of());
        bench.ops.add(new Op.Touch(7));
        bench.recycle = Stack.Recycle.KEEP;
        bench.build().serve(bench.ready());
        assertThat(bench.measured("memory.rss")).isEqualTo((38.5 + 7) * PAGE);
        assertThat(bench.measured("memory.max")).isEqualTo((40.5 + 7) * PAGE);
    }

    @Test void documentsUpToASizeAndWhatWasSentStay() {
        // Oracle: arithmetic by hand. Documents of up to 5 pages stay, of which the largest counts; half of what is sent beyond what was fetched.
        Bench bench = image();
        bench.fetchedKept = "fetched";
        bench.sentKept = "sent";
        bench.constant("fetched", Unit.BYTES, 5 * PAGE).constant("sent", Unit.RATIO, 0.5);
        bench.paths.put("net", new IoPath("net", 1500, 1500, new Batching.None(), IoPath.Overlap.SERIAL, List.of()));
        bench.ops.addAll(List.of(new Op.Get(3 * PAGE, "net"), new Op.Get(5 * PAGE, "net"), new Op.Post(4 * PAGE, "net"),
                new Op.Get(6 * PAGE, "net"), new Op.Post(8 * PAGE, "net")));
        bench.build().serve(bench.ready());
        assertThat(bench.measured("memory.rss")).isEqualTo((38.5 + 5 + 4) * PAGE);
    }

    @Test void recyclingLooksAtWhatWasAskedForToSendFrom() {
        // Oracle: arithmetic by hand. Half of 8 pages stay, at 100 ns each.
        Bench bench = image();
        bench.sentKept = "sent";
        bench.constant("sent", Unit.RATIO, 0.5).constant("look", Unit.NANOSECONDS_PER_PAGE, 100);
        bench.paths.put("net", new IoPath("net", 1500, 1500, new Batching.None(), IoPath.Overlap.SERIAL, List.of()));
        bench.step(Phase.RECYCLE, Server.CPU, "look", 1, Step.Per.SENT_PAGE, Map.of());
        bench.ops.add(new Op.Post(8 * PAGE, "net"));
        Sandbox sandbox = bench.build().ready();
        bench.serve(sandbox);
        bench.runtime.recycle(sandbox);
        bench.timeline.run();
        assertThat(bench.took("RECYCLE")).isEqualTo(400);
    }

    @Test void proportionalSizesAddUpToTheHostsMemory() {
        // Oracle: conservation. Random comings, goings, writes and scans: the sum of PSS, what the kernel holds and what nobody maps.
        for (var sharing : List.of(new None(), new ByConstruction(), new Ksm(100, 1))) {
            Bench bench = image();
            bench.sharing = sharing;
            HostMemory memory = memory(bench);
            List<Footprint> alive = new ArrayList<>();
            Random random = new Random(11);
            for (int i = 0; i < 3000; i++) {
                switch (alive.size() < 2 ? 0 : random.nextInt(5)) {
                    case 0 -> {
                        alive.add(new Footprint());
                        memory.add(alive.get(alive.size() - 1), random.nextInt(10_000));
                    }
                    case 1 -> memory.remove(alive.remove(random.nextInt(alive.size())));
                    case 2 -> memory.write(alive.get(random.nextInt(alive.size())), random.nextInt(40));
                    case 3 -> memory.restore(alive.get(random.nextInt(alive.size())), 0);
                    default -> memory.look(random.nextInt(100));
                }
                double mapped = alive.stream().mapToDouble(memory::proportionalBytes).sum();
                assertThat(mapped + alive.size() * 2.0 * PAGE + memory.unmappedBytes()).as("step " + i + ", " + sharing)
                        .isCloseTo(memory.bytes(), within(1.0));
                assertThat(alive.stream().mapToLong(memory::uniqueBytes).sum()).isLessThanOrEqualTo(memory.bytes());
            }
            alive.forEach(memory::remove);
            assertThat(memory.bytes()).isZero();
        }
    }

    @Test void theHostRefusesWhatDoesNotFit() {
        // Oracle: arithmetic by hand. 40.5 pages each: two fit into 100 pages, not three; after one has gone, one more fits.
        Bench bench = image();
        bench.host = new Host(Host.UNLIMITED, 100 * PAGE);
        Sandbox first = bench.build().ready();
        bench.ready();
        bench.ready();
        assertThat(bench.count("refused")).isEqualTo(1);
        assertThat(bench.count("started")).isEqualTo(2);
        bench.runtime.evict(first);
        bench.timeline.run();
        bench.ready();
        assertThat(bench.count("refused")).isEqualTo(1);
        assertThat(bench.measured("memory.max")).isEqualTo(81 * PAGE);
    }

    @Test void copiesThatMayNotFitAreRefusedBeforeAnythingRuns() {
        // Oracle: arithmetic by hand. 40.5 pages fit into 45; 4 copies of shared pages do, 3 and 3 do not.
        Bench bench = image();
        bench.sharing = new ByConstruction();
        bench.host = new Host(Host.UNLIMITED, 45 * PAGE);
        bench.ops.add(new Op.Touch(3));
        bench.ops.add(new Op.Touch(3));
        Sandbox sandbox = bench.build().ready();
        assertThat(bench.runtime.admit(sandbox, bench.invocation(0.5))).isFalse();
        assertThat(bench.count("running")).isZero();
        bench.runtime.evict(sandbox);
        bench.timeline.run();
        bench.ready();
        assertThat(bench.count("started")).isEqualTo(2);
        assertThat(bench.measured("memory.max")).isEqualTo(40.5 * PAGE);
    }

    @Test void whatIsAdmittedIsReservedUntilItIsWritten() {
        // Oracle: arithmetic by hand. Of 63 pages two sandboxes take 51; one that may write 8 leaves 4, which is too few for the other
        // until the first is recycled.
        Bench bench = image();
        bench.sharing = new ByConstruction();
        bench.host = new Host(Host.UNLIMITED, 63 * PAGE);
        bench.ops.add(new Op.Touch(8));
        Sandbox one = bench.build().ready();
        Sandbox two = bench.ready();
        Invocation first = bench.invocation(0.5);
        assertThat(bench.runtime.admit(one, first)).isTrue();
        assertThat(bench.measured("memory.max")).as("reserved, not occupied").isEqualTo(51 * PAGE);
        assertThat(bench.runtime.admit(two, bench.invocation(0.5))).isFalse();
        bench.runtime.run(one, first);
        bench.timeline.run();
        assertThat(bench.measured("memory.max")).isEqualTo(59 * PAGE);
        assertThat(bench.runtime.admit(two, bench.invocation(0.5))).isFalse();
        bench.runtime.recycle(one);
        bench.timeline.run();
        assertThat(bench.runtime.admit(two, bench.invocation(0.5))).isTrue();
    }

    @Test void anAssignedFunctionNeedsRoomToo() {
        // Oracle: arithmetic by hand. A pooled sandbox fits; its function's 100 pages do not fit beside it.
        Bench bench = image();
        bench.interchangeable = Stack.Interchangeable.PER_RUNTIME;
        bench.memoryBytes = 100 * PAGE;
        bench.host = new Host(Host.UNLIMITED, 100 * PAGE);
        Sandbox sandbox = bench.build().ready();
        assertThat(bench.runtime.admit(sandbox, bench.invocation(0.5))).isFalse();
        assertThat(bench.measured("memory.max")).isEqualTo(40.5 * PAGE);
    }

    @Test void dirtyPagesCostAFaultEachOnceAndAreCopiedBack() {
        // Oracle: arithmetic by hand. The stack dirties 3, the function 4: 7 faults of 10 + 5 ns; the next time none; recycling 7 x 2 + 38 x 1.
        Bench bench = image().ns("fault", 10).ns("exit", 5).ns("copy", 2).ns("scan", 1).constant("dirtied", Unit.PAGES, 3);
        bench.dirtied = "dirtied";
        bench.switchCosts.put(ModeSwitch.STAGE2_FAULT, "exit");
        bench.sharing = new ByConstruction();
        bench.step(Phase.RUN, Server.CPU, "fault", 1, Step.Per.DIRTY_PAGE, Map.of(ModeSwitch.STAGE2_FAULT, 1))
                .step(Phase.RECYCLE, Server.CPU, "copy", 1, Step.Per.DIRTY_PAGE, Map.of())
                .step(Phase.RECYCLE, Server.CPU, "scan", 1, Step.Per.IMAGE_PAGE, Map.of());
        bench.ops.add(new Op.Touch(4));
        Sandbox sandbox = bench.build().ready();
        bench.serve(sandbox).serve(sandbox);
        assertThat(bench.durations("RUN")).containsExactly(7 * 15L, 0L);
        assertThat(bench.measured("memory.max")).isEqualTo(47.5 * PAGE);
        bench.runtime.recycle(sandbox);
        bench.timeline.run();
        assertThat(bench.took("RECYCLE")).isEqualTo(7 * 2 + 39);
        bench.serve(sandbox);
        assertThat(bench.took("RUN")).isEqualTo(7 * 15);
    }

    @Test void pagesBeyondTheImageAreNew() {
        // Oracle: arithmetic by hand. 20 + 5 + 4 pages can be written; 31 are: two more than the image has.
        Bench bench = image();
        bench.ops.add(new Op.Touch(31));
        bench.serve(bench.build().ready());
        assertThat(bench.measured("memory.max")).isEqualTo(42.5 * PAGE);
    }

    @Test void scanningMergesAtTheRateOfTheScanner() {
        // Oracle: closed form. N sandboxes of P pages in scan order, R pages per period: nothing merges in the first pass; in the second,
        // the first sandbox's pages save nothing and every later page saves one.
        int sandboxes = 4;
        int pages = 100;
        Bench bench = new Bench().region("heap", Region.Sharing.MERGEABLE, 0, false, pages * PAGE)
                .constant(WellKnown.KSM_SCAN_PAGE, Unit.NANOSECONDS_PER_PAGE, 1000);
        bench.sharing = new Ksm(20, 80_000);
        bench.build();
        for (int i = 0; i < sandboxes; i++) {
            bench.start();
        }
        long period = 80_000 + 20 * 1000;
        for (int scans = 1; scans <= 2 * sandboxes * pages / 20; scans++) {
            bench.timeline.runUntil(scans * period);
            long merged = Math.max(0, scans * 20L - sandboxes * pages - pages);
            assertThat(bench.runtime.report().facts().get("ksm.pages-saved")).isEqualTo(Long.toString(merged));
            assertThat(bench.measured("cpu.scanning")).isEqualTo(scans * 20_000.0);
        }
        long settled = bench.timeline.nowNs();
        assertThat(bench.timeline.armedTimers()).as("nothing can merge any more, so nothing is played").isZero();
        // Oracle: conservation. The scanner goes on: a fifth of a core, whoever plays its wake-ups.
        bench.timeline.runUntil(settled + 100 * period);
        assertThat(bench.measured("cpu.scanning")).isCloseTo(2.0 * sandboxes * pages * 1000 + 100 * 20_000, within(1.0));
    }

    @Test void mergingAPageAndWakingUpTakeTheScannerTimeBeyondLooking() {
        // Oracle: closed form. Two sandboxes of 100 pages, each looked at twice: the first's pages save nothing when they are settled; the
        // second's 100 merge, 5 us each beside the 400 looks of 1 us and 8 wake-ups of 3 us.
        Bench bench = new Bench().region("heap", Region.Sharing.MERGEABLE, 0, false, 100 * PAGE)
                .constant(WellKnown.KSM_SCAN_PAGE, Unit.NANOSECONDS_PER_PAGE, 1000)
                .constant(WellKnown.KSM_MERGE_PAGE, Unit.NANOSECONDS_PER_PAGE, 5000).ns(WellKnown.KSM_WAKE_UP, 3000);
        bench.sharing = new Ksm(50, 80_000);
        bench.build();
        bench.start();
        bench.start();
        bench.timeline.run();
        assertThat(bench.runtime.report().facts().get("ksm.pages-saved")).isEqualTo("100");
        assertThat(bench.measured("cpu.scanning")).isEqualTo(400 * 1000.0 + 100 * 5000 + 8 * 3000);
    }

    @Test void aScannerThatOversleepsMergesLater() {
        // Oracle: by hand. Two sandboxes of 10 pages, a pass a wake-up: the second pass merges, after 2 x (1000 + 200 + 20) ns.
        Bench bench = new Bench().region("heap", Region.Sharing.MERGEABLE, 0, false, 10 * PAGE)
                .constant(WellKnown.KSM_SCAN_PAGE, Unit.NANOSECONDS_PER_PAGE, 1).ns(WellKnown.KSM_OVERSLEEP, 200);
        bench.sharing = new Ksm(1000, 1000);
        bench.build();
        bench.start();
        bench.start();
        bench.timeline.runUntil(2 * 1220 - 1);
        assertThat(bench.measured("memory.merged")).isZero();
        bench.timeline.runUntil(2 * 1220);
        assertThat(bench.measured("memory.merged")).isEqualTo(10.0 * PAGE);
    }

    @Test void aFirstTouchCopiesOnlyWhatIsShared() {
        // Oracle: arithmetic by hand. 10 first touches of 5 ns each; where everything is shared, 7 ns more each.
        for (boolean shared : new boolean[] {true, false}) {
            Bench bench = new Bench().ns("touch", 5).ns("copy", 7).constant("first", Unit.PAGES, 10)
                    .step(Phase.RUN, Server.CPU, "touch", 1, Step.Per.FIRST_TOUCH, Map.of())
                    .step(Phase.RUN, Server.CPU, "copy", 1, Step.Per.SHARED_FIRST_TOUCH, Map.of());
            bench.firstTouched = "first";
            bench.sharing = shared ? new ByConstruction() : new None();
            Sandbox sandbox = bench.build().ready();
            bench.runtime.run(sandbox, bench.invocation(0.5));
            bench.timeline.run();
            assertThat(bench.took("RUN")).isEqualTo(shared ? 120 : 50);
        }
    }

    @Test void aPageWhoseEqualIsMergedAlreadyJoinsItAtTheFirstLook() {
        // Oracle: mm/ksm.c, cmp_and_merge_page searches the stable tree before it compares checksums. A wake-up is one pass here.
        Bench bench = new Bench().region("heap", Region.Sharing.MERGEABLE, 0, false, 100 * PAGE)
                .constant(WellKnown.KSM_SCAN_PAGE, Unit.NANOSECONDS_PER_PAGE, 1);
        bench.sharing = new Ksm(1000, 1_000_000);
        bench.build().ready();
        bench.ready();
        assertThat(bench.runtime.report().facts().get("ksm.pages-saved")).isEqualTo("100");
        long began = bench.timeline.nowNs();
        bench.start();
        bench.timeline.runUntil(began + 1_500_000);
        assertThat(bench.runtime.report().facts().get("ksm.pages-saved")).isEqualTo("200");
        assertThat(bench.measured("memory.merged")).isEqualTo(200 * PAGE);
    }

    @Test void equalPagesOfOneSandboxMergeToo() {
        // Oracle: by hand. Two sandboxes of 5 equal pages and 3 different ones: of 16 pages 1 + 3 stay, and half of each of these is each one's.
        Bench bench = new Bench().region("heap", Region.Sharing.COPY_ON_WRITE, 0, false, 3 * PAGE).alike("zeros", 5 * PAGE)
                .constant(WellKnown.KSM_SCAN_PAGE, Unit.NANOSECONDS_PER_PAGE, 1);
        bench.sharing = new Ksm(1000, 1000);
        bench.build().ready();
        assertThat(bench.runtime.report().facts().get("ksm.pages-saved")).isEqualTo("4");
        Sandbox second = bench.ready();
        assertThat(bench.runtime.report().facts().get("ksm.pages-saved")).isEqualTo("12");
        assertThat(bench.measured("memory.pss")).isEqualTo(2.0 * PAGE);
        bench.runtime.evict(second);
        bench.timeline.run();
        assertThat(bench.runtime.report().facts().get("ksm.pages-saved")).isEqualTo("4");
    }

    @Test void theCurveOfWhatIsMergedHasItsIntegral() {
        // Oracle: by hand. Two sandboxes of 10 pages, a pass a wake-up: the second pass, at 2 x 1020 ns, saves 10 pages at once.
        Bench bench = new Bench().region("heap", Region.Sharing.MERGEABLE, 0, false, 10 * PAGE)
                .constant(WellKnown.KSM_SCAN_PAGE, Unit.NANOSECONDS_PER_PAGE, 1);
        bench.sharing = new Ksm(1000, 1000);
        bench.build();
        bench.start();
        bench.start();
        bench.timeline.runUntil(4 * 1020);
        assertThat(bench.measured("memory.merged-mean")).isCloseTo(5.0 * PAGE, within(1.0));
    }

    @Test void pagesOfFilesAreNotLookedAt() {
        // Oracle: Linux, admin-guide/mm/ksm: "KSM only merges anonymous (private) pages, never pagecache (file) pages".
        Bench bench = new Bench().file("text", 50 * PAGE).region("heap", Region.Sharing.MERGEABLE, 0, false, 100 * PAGE)
                .constant(WellKnown.KSM_SCAN_PAGE, Unit.NANOSECONDS_PER_PAGE, 1);
        bench.sharing = new Ksm(1000, 1000);
        bench.build().ready();
        bench.ready();
        assertThat(bench.runtime.report().facts().get("ksm.pages-saved")).isEqualTo("100");
    }

    @Test void volatileAndWrittenPagesDoNotMergeAndRestoredOnesDoAgain() {
        // Oracle: arithmetic by hand. 100 pages, 30 % volatile: 70 merge. 10 are written by one and kept apart; restored, they merge again.
        Bench bench = new Bench().region("heap", Region.Sharing.COPY_ON_WRITE, 0.3, false, 100 * PAGE)
                .constant(WellKnown.KSM_SCAN_PAGE, Unit.NANOSECONDS_PER_PAGE, 1);
        bench.sharing = new Ksm(1000, 1000);
        bench.ops.add(new Op.Touch(10));
        bench.build().ready();
        Sandbox second = bench.ready();
        assertThat(bench.runtime.report().facts().get("ksm.pages-saved")).isEqualTo("70");
        bench.serve(second);
        assertThat(bench.runtime.report().facts().get("ksm.pages-saved")).isEqualTo("60");
        bench.runtime.recycle(second);
        bench.timeline.run();
        assertThat(bench.runtime.report().facts().get("ksm.pages-saved")).isEqualTo("70");
        bench.runtime.evict(second);
        bench.timeline.run();
        assertThat(bench.runtime.report().facts().get("ksm.pages-saved")).isEqualTo("0");
    }

    @Test void diskSizesAreShared() {
        // Oracle: arithmetic by hand, one function.
        Bench bench = new Bench().constant("base", Unit.BYTES, 922e6).constant("script", Unit.BYTES, 112);
        bench.disk.add(new DiskImage.Part("base", "base", true));
        bench.disk.add(new DiskImage.Part("script", "script", false));
        bench.build();
        assertThat(bench.measured("disk.image")).isEqualTo(922e6 + 112);
        assertThat(bench.measured("disk.private")).isEqualTo(112);
    }

    @Test void runsAgreeWithAnArray() {
        // Oracle: second computation. Random assignments to stretches, against one number per page.
        Random random = new Random(3);
        int[] plain = new int[60];
        Runs runs = new Runs(60, 0);
        for (int i = 0; i < 5000; i++) {
            int from = random.nextInt(60);
            int to = from + random.nextInt(61 - from);
            int value = random.nextInt(3);
            Arrays.fill(plain, from, to, value);
            runs.set(from, to, value);
            for (int page = 0; page < 60; page++) {
                assertThat(runs.value(page)).isEqualTo(plain[page]);
                int end = page;
                while (end < 60 && plain[end] == plain[page]) {
                    end++;
                }
                assertThat(runs.end(page)).isEqualTo(end);
            }
        }
    }
}
