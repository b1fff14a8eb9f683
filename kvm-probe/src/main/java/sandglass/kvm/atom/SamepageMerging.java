package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;
import static sandglass.unit.Unit.NANOSECONDS_PER_PAGE;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sandglass.calibration.WellKnown;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.ksm.Ksm;
import sandglass.kvm.ksm.KsmThread;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.stack.LiveStacks;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/**
 * What the kernel's samepage merging costs its thread: for each page that it looks at, for each time that it wakes up, for each page that it
 * merges. On unikernels where there are any, since those pages are mapped by a guest, too; else on plain memory.
 */
final class SamepageMerging {

    private static final Path COUNTER = Path.of("/sys/kernel/mm/ksm/pages_scanned");
    private static final int PAGES = 8192;
    /** Pages come in eights of equal content. */
    private static final int EQUAL = 8;
    private static final long LIMIT_NS = 8_000_000_000L;
    private static final int ROUNDS = 8;
    private static final int GUESTS = 8;
    /** With pauses, as one lets it scan: what it looks at is no longer in the caches then. */
    private static final long SLEEP_MS = 20;
    private static final int FEW_PAGES = 100;
    private static final int MANY_PAGES = 1000;
    private static final Ksm.Pace MERGING_PACE = new Ksm.Pace(500, SLEEP_MS);
    private static final long LOOK_MS = 300;
    private static final double NS_PER_MS = 1e6;
    private static final String MISSED = "equal pages not merged, share";
    private static final double MOST_MISSED = 0.02;
    private static final String SCAN = "ksm.scan-page";
    private static final String WAKE_UP = "ksm.wake-up";
    private static final String OVERSLEEP = WellKnown.KSM_OVERSLEEP;
    private static final String MERGE = "ksm.merge-page";

    private SamepageMerging() {
    }

    static Atom scanning() {
        return new Atom("samepage-merging", Set.of(Atom.HOST), List.of(
                new Quantity(SCAN, NANOSECONDS_PER_PAGE, "looking at a page that is merged already or has no equal"),
                new Quantity(WAKE_UP, NANOSECONDS, "waking up, beyond looking at pages"),
                new Quantity(MERGE, NANOSECONDS_PER_PAGE, "merging a page, beyond looking at it"),
                new Quantity(OVERSLEEP, NANOSECONDS, "by how much the time from one wake-up to the next exceeds those 20 ms and its processor time")),
                "eight unikernels that share nothing, else 8192 pages, eight of each content; ksmd's processor time while 500 pages every 20 ms merge"
                        + " them, and then at 100 and at 1000 pages every 20 ms, in turn, by the pages that the kernel counted", Clock.CPU,
                new Seconds(10, 6), SamepageMerging::measure);
    }

    private static List<Reading> measure(Bench bench) throws UnsupportedHereException, InterruptedException {
        if (!bench.root()) {
            throw new UnsupportedHereException("changing KSM's settings needs root", "run calibrate as root");
        }
        if (!Files.exists(COUNTER)) {
            throw new UnsupportedHereException("this kernel does not count the pages that KSM looks at", "boot Linux 6.6 or later");
        }
        Optional<LiveStack> unikernels = unikernels(bench);
        if (unikernels.isEmpty()) {
            return ofPlainMemory(bench);
        }
        try (LiveStack stack = unikernels.get()) {
            return ofGuests(bench, stack);
        }
    }

    private static List<Reading> ofPlainMemory(Bench bench) throws UnsupportedHereException, InterruptedException {
        // The kernel is let go only after the memory has gone: what it merged there needs no taking apart then.
        try (Ksm ksm = Ksm.start(MERGING_PACE); Mapping memory = Linux.mapAnonymous((long) PAGES * Linux.PAGE_BYTES)) {
            fill(memory.bytes());
            memory.advise(Linux.Advice.MERGEABLE, 0, memory.sizeBytes());
            return watch(bench, ksm, PAGES - PAGES / EQUAL);
        }
    }

    private static Optional<LiveStack> unikernels(Bench bench) {
        try {
            return Optional.of(LiveStacks.open("usetl", bench.config().withMemory(LiveConfig.Memory.MERGEABLE), bench.clockNs()));
        } catch (UnsupportedHereException e) {
            return Optional.empty();
        }
    }

    private static List<Reading> ofGuests(Bench bench, LiveStack stack) throws UnsupportedHereException, InterruptedException {
        List<LiveSandbox> guests = new ArrayList<>();
        try (Ksm ksm = Ksm.start(MERGING_PACE)) {
            try {
                while (guests.size() < GUESTS) {
                    LiveSandbox guest = stack.create();
                    guests.add(guest);
                    guest.warm();
                }
                return watch(bench, ksm, 1);
            } finally {
                guests.forEach(LiveSandbox::close);
            }
        }
    }

    private static void fill(ByteBuffer bytes) {
        for (int page = 0; page < PAGES; page++) {
            for (int at = 0; at < Linux.PAGE_BYTES; at += Long.BYTES) {
                bytes.putLong(page * Linux.PAGE_BYTES + at, 0x9E3779B97F4A7C15L * (page / EQUAL + 1) + at);
            }
        }
    }

    /** What the scanner did in a time, and what that took it. */
    private record Spent(double cpuNs, long looks, long wallNs) {

        /** Of one wake-up. */
        double each(int pages) {
            return cpuNs * pages / Math.max(1, looks);
        }

        double wakeUps(int pages) {
            return looks / (double) pages;
        }
    }

    /** @param least how many pages there are that can merge, at least */
    private static List<Reading> watch(Bench bench, Ksm ksm, long least) throws UnsupportedHereException, InterruptedException {
        KsmThread thread = KsmThread.find();
        long cpuNs = thread.cpuNs();
        long looks = ksm.counts().scanned();
        long before = ksm.counts().sharing();
        long merged = untilNothingMerges(bench, ksm) - before;
        Spent merging = new Spent(thread.cpuNs() - cpuNs, ksm.counts().scanned() - looks, 0);
        Sample few = new Sample("wake-ups with few pages");
        Sample many = new Sample("wake-ups with many pages");
        double wallNs = 0;
        double wakeUps = 0;
        for (int i = 0; i < bench.rounds(ROUNDS); i++) {
            Spent each = spent(bench, ksm, thread, FEW_PAGES);
            few.add(each.each(FEW_PAGES));
            wallNs += each.wallNs - each.cpuNs;
            wakeUps += each.wakeUps(FEW_PAGES);
            many.add(spent(bench, ksm, thread, MANY_PAGES).each(MANY_PAGES));
        }
        double perPage = Math.max(0, many.median() - few.median()) / (MANY_PAGES - FEW_PAGES);
        double wakeUp = Math.max(0, few.median() - FEW_PAGES * perPage);
        Sample scan = new Sample(SCAN);
        many.forEach(ns -> scan.add(Math.max(0, ns - wakeUp) / MANY_PAGES));
        Sample wake = new Sample(WAKE_UP);
        few.forEach(ns -> wake.add(Math.max(0, ns - FEW_PAGES * perPage)));
        Sample merge = new Sample(MERGE);
        double lookedNs = merging.looks * (perPage + wakeUp / MERGING_PACE.pagesToScan());
        merge.add(Math.max(0, merging.cpuNs - lookedNs) / Math.max(1, merged));
        Sample oversleep = new Sample(OVERSLEEP);
        oversleep.add(Math.max(0, wallNs / Math.max(1, wakeUps) - SLEEP_MS * NS_PER_MS));
        double missed = Math.max(0, 1 - merged / (double) least);
        return List.of(scan.atMost(MISSED, missed, MOST_MISSED).reading(), wake.atMost(MISSED, missed, MOST_MISSED).reading(),
                merge.atMost(MISSED, missed, MOST_MISSED).reading(), oversleep.atMost(MISSED, missed, MOST_MISSED).reading());
    }

    private static Spent spent(Bench bench, Ksm ksm, KsmThread thread, int pages) throws InterruptedException {
        ksm.pace(new Ksm.Pace(pages, SLEEP_MS));
        // It sleeps through the change of pace.
        Thread.sleep(2 * SLEEP_MS);
        long cpuNs = thread.cpuNs();
        long beginNs = bench.nowNs();
        long looks = ksm.counts().scanned();
        Thread.sleep(LOOK_MS);
        return new Spent(thread.cpuNs() - cpuNs, ksm.counts().scanned() - looks, bench.nowNs() - beginNs);
    }

    private static long untilNothingMerges(Bench bench, Ksm ksm) throws InterruptedException {
        long startNs = bench.nowNs();
        long first = ksm.counts().sharing();
        long merged = first;
        long before;
        do {
            Thread.sleep(LOOK_MS);
            before = merged;
            merged = ksm.counts().sharing();
        } while ((merged == first || merged > before) && bench.nowNs() - startNs < LIMIT_NS);
        return merged;
    }
}
