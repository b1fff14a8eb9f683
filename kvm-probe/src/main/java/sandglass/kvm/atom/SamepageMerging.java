package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS_PER_PAGE;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.ksm.Ksm;
import sandglass.kvm.ksm.KsmThread;
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

    private SamepageMerging() {
    }

    static Atom scanning() {
        return new Atom("samepage-merging", Set.of(Atom.HOST), List.of(
                new Quantity("ksm.scan-page", NANOSECONDS_PER_PAGE, "looking at a page that is merged already or has no equal"),
                new Quantity("ksm.merge-page", NANOSECONDS_PER_PAGE, "merging a page, beyond looking at it")),
                "8192 pages, eight of each content, merged by ksmd without pause; its processor time by the pages that the kernel counted", Clock.CPU,
                new Seconds(14, 5), SamepageMerging::measure);
    }

    private static List<Reading> measure(Bench bench) throws UnsupportedHereException, InterruptedException {
        if (!bench.root()) {
            throw new UnsupportedHereException("changing KSM's settings needs root", "run calibrate as root");
        }
        KsmThread thread = KsmThread.find();
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

    private static void fill(ByteBuffer bytes) {
        for (int page = 0; page < PAGES; page++) {
            for (int at = 0; at < Linux.PAGE_BYTES; at += Long.BYTES) {
                bytes.putLong(page * Linux.PAGE_BYTES + at, 0x9E3779B97F4A7C15L * (page / EQUAL + 1) + at);
            }
        }
    }

    private static List<Reading> watch(Bench bench, Ksm ksm, KsmThread thread) throws InterruptedException {
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
        Sample merge = new Sample("ksm.merge-page");
        merge.add(Math.max(0, mergeCpu - perPage * mergeScanned) / Math.max(1, merged));
        double missed = 1 - merged / (double) target;
        return List.of(scan.atMost("equal pages not merged, share", missed, 0.02).reading(),
                merge.atMost("equal pages not merged, share", missed, 0.02).reading());
    }
}
