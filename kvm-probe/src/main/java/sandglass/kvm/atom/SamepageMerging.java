package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS_PER_PAGE;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

/** What the kernel's samepage merging costs its thread for each page. */
final class SamepageMerging {

    private static final Path COUNTER = Path.of("/sys/kernel/mm/ksm/pages_scanned");
    private static final int PAGES_AT_ONCE = 2000;
    private static final int PAGES = 8192;
    /** Pages come in eights of equal content. */
    private static final int EQUAL = 8;
    private static final long LIMIT_NS = 6_000_000_000L;
    private static final int ROUNDS = 12;
    private static final int GUESTS = 8;
    /** With pauses, as one would let it scan: what it compares is no longer in the caches then. */
    private static final Ksm.Pace GUESTS_PACE = new Ksm.Pace(500, 20);
    private static final long LOOK_MS = 300;
    private static final String MERGE = "ksm.merge-page";

    private SamepageMerging() {
    }

    static Atom scanning() {
        return new Atom("samepage-merging", Set.of(Atom.HOST), List.of(
                new Quantity("ksm.scan-page", NANOSECONDS_PER_PAGE, "looking at a page that is merged already or has no equal"),
                new Quantity(MERGE, NANOSECONDS_PER_PAGE, "merging a page, beyond looking at it; of unikernels where there are any")),
                "8192 pages, eight of each content, merged by ksmd without pause, and eight unikernels that share nothing, 500 pages every 20 ms; "
                        + "its processor time by the pages that the kernel counted", Clock.CPU, new Seconds(18, 5), SamepageMerging::measure);
    }

    private static List<Reading> measure(Bench bench) throws UnsupportedHereException, InterruptedException {
        if (!bench.root()) {
            throw new UnsupportedHereException("changing KSM's settings needs root", "run calibrate as root");
        }
        KsmThread thread = KsmThread.find();
        List<Sample> plain = ofPlainMemory(bench, thread);
        Sample scan = plain.get(0);
        Optional<LiveStack> unikernels = unikernels(bench);
        if (unikernels.isEmpty()) {
            return List.of(scan.reading(), plain.get(1).reading());
        }
        try (LiveStack stack = unikernels.get()) {
            return List.of(scan.reading(), ofGuests(bench, stack, thread, scan.median()).reading());
        }
    }

    private static List<Sample> ofPlainMemory(Bench bench, KsmThread thread) throws UnsupportedHereException, InterruptedException {
        // The kernel is let go only after the memory has gone: what it merged there needs no taking apart then.
        try (Ksm ksm = Ksm.start(new Ksm.Pace(PAGES_AT_ONCE, 0)); Mapping memory = Linux.mapAnonymous((long) PAGES * Linux.PAGE_BYTES)) {
            if (!Files.exists(COUNTER)) {
                throw new UnsupportedHereException("this kernel does not count the pages that KSM looks at", "boot Linux 6.6 or later");
            }
            fill(memory.bytes());
            memory.advise(Linux.Advice.MERGEABLE, 0, memory.sizeBytes());
            return watch(bench, ksm, thread);
        }
    }

    private static Optional<LiveStack> unikernels(Bench bench) {
        try {
            return Optional.of(LiveStacks.open("usetl", bench.config().withMemory(LiveConfig.Memory.MERGEABLE), bench.clockNs()));
        } catch (UnsupportedHereException e) {
            return Optional.empty();
        }
    }

    /** Merging a page takes longer if a guest has mapped it, too. */
    private static Sample ofGuests(Bench bench, LiveStack stack, KsmThread thread, double scanPageNs)
            throws UnsupportedHereException, InterruptedException {
        Sample merge = new Sample(MERGE);
        List<LiveSandbox> guests = new ArrayList<>();
        try (Ksm ksm = Ksm.start(GUESTS_PACE)) {
            try {
                while (guests.size() < GUESTS) {
                    LiveSandbox guest = stack.create();
                    guests.add(guest);
                    guest.warm();
                }
                long cpu = thread.cpuNs();
                long scanned = ksm.counts().scanned();
                long before = ksm.counts().sharing();
                long merged = untilNothingMerges(bench, ksm) - before;
                merge.add(Math.max(0, thread.cpuNs() - cpu - scanPageNs * (ksm.counts().scanned() - scanned)) / Math.max(1, merged));
                return merge.atMost("unikernels without a merged page", merged > 0 ? 0 : 1, 0);
            } finally {
                guests.forEach(LiveSandbox::close);
            }
        }
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

    private static void fill(ByteBuffer bytes) {
        for (int page = 0; page < PAGES; page++) {
            for (int at = 0; at < Linux.PAGE_BYTES; at += Long.BYTES) {
                bytes.putLong(page * Linux.PAGE_BYTES + at, 0x9E3779B97F4A7C15L * (page / EQUAL + 1) + at);
            }
        }
    }

    private static List<Sample> watch(Bench bench, Ksm ksm, KsmThread thread) throws InterruptedException {
        long target = PAGES - PAGES / EQUAL;
        long startNs = bench.nowNs();
        long cpu = thread.cpuNs();
        long scanned = ksm.counts().scanned();
        while (ksm.counts().sharing() < target && bench.nowNs() - startNs < LIMIT_NS) {
            Thread.sleep(10);
        }
        long merged = ksm.counts().sharing();
        long mergeCpu = thread.cpuNs() - cpu;
        long mergeScanned = ksm.counts().scanned() - scanned;
        Sample scan = new Sample("ksm.scan-page");
        for (int i = 0; i < bench.rounds(ROUNDS); i++) {
            cpu = thread.cpuNs();
            scanned = ksm.counts().scanned();
            Thread.sleep(500);
            long looked = ksm.counts().scanned() - scanned;
            if (looked > 0) {
                scan.add((thread.cpuNs() - cpu) / (double) looked);
            }
        }
        double perPage = scan.median();
        Sample merge = new Sample(MERGE);
        merge.add(Math.max(0, mergeCpu - perPage * mergeScanned) / Math.max(1, merged));
        double missed = 1 - merged / (double) target;
        return List.of(scan.atMost("equal pages not merged, share", missed, 0.02),
                merge.atMost("equal pages not merged, share", missed, 0.02));
    }
}
