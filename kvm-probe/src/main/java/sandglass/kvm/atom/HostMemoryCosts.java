package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;
import static sandglass.unit.Unit.NANOSECONDS_PER_BYTE;
import static sandglass.unit.Unit.NANOSECONDS_PER_PAGE;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.measure.MinorFaults;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.sys.PrivatePages;
import sandglass.result.Clock;

/** Copying, zeroing and first touches of the host's memory. */
final class HostMemoryCosts {

    private static final int BUFFER_BYTES = 32 << 20;
    private static final int BLOCK_BYTES = 64 << 10;
    private static final int PAGES = 512;
    private static final int ROUNDS = 150;
    private static final double MOST_FAULTS_MISSED = 0.05;

    private HostMemoryCosts() {
    }

    static Atom bandwidth() {
        return new Atom("memory-bandwidth", Set.of(Atom.HOST), List.of(
                new Quantity("copy.byte", NANOSECONDS_PER_BYTE, "copying, in blocks of 64 KiB at changing places"),
                new Quantity("copy.page", NANOSECONDS_PER_PAGE, "copying single pages from and to changing places"),
                new Quantity("memory.zero-byte", NANOSECONDS_PER_BYTE, "zeroing, in blocks of 64 KiB at changing places")),
                "two buffers of 32 MiB, larger than caches, present beforehand; a value is the mean over 2 MiB", Clock.WALL, new Seconds(2, 1),
                HostMemoryCosts::measureBandwidth);
    }

    private static List<Reading> measureBandwidth(Bench bench) {
        Sample copy = new Sample("copy.byte");
        Sample page = new Sample("copy.page");
        Sample zero = new Sample("memory.zero-byte");
        ByteBuffer zeroes = ByteBuffer.allocateDirect(BLOCK_BYTES);
        int blocks = PAGES * Linux.PAGE_BYTES / BLOCK_BYTES;
        int wrong = 0;
        try (Mapping from = Linux.mapAnonymous(BUFFER_BYTES); Mapping to = Linux.mapAnonymous(BUFFER_BYTES)) {
            from.advise(Linux.Advice.POPULATE_WRITE, 0, BUFFER_BYTES);
            to.advise(Linux.Advice.POPULATE_WRITE, 0, BUFFER_BYTES);
            int rounds = bench.rounds(ROUNDS);
            int place = 0;
            for (int i = -rounds / 4; i < rounds; i++) {
                from.bytes().put(place, (byte) (i | 1));
                int first = place;
                long startNs = bench.nowNs();
                for (int b = 0; b < blocks; b++) {
                    to.bytes().put(place, from.bytes(), place, BLOCK_BYTES);
                    place = (place + BLOCK_BYTES) % BUFFER_BYTES;
                }
                long copiedNs = bench.nowNs();
                wrong += to.bytes().get(first) == (byte) (i | 1) ? 0 : 1;
                int at = place;
                long pagesNs = bench.nowNs();
                for (int p = 0; p < PAGES; p++) {
                    to.bytes().put(at, from.bytes(), at, Linux.PAGE_BYTES);
                    at = (at + 7 * Linux.PAGE_BYTES) % BUFFER_BYTES;
                }
                long zeroNs = bench.nowNs();
                for (int b = 0; b < blocks; b++) {
                    to.bytes().put(place, zeroes, 0, BLOCK_BYTES);
                    place = (place + BLOCK_BYTES) % BUFFER_BYTES;
                }
                long endNs = bench.nowNs();
                if (i >= 0) {
                    copy.add((copiedNs - startNs) / (double) (blocks * BLOCK_BYTES));
                    page.add((zeroNs - pagesNs) / (double) PAGES);
                    zero.add((endNs - zeroNs) / (double) (blocks * BLOCK_BYTES));
                }
            }
        }
        return List.of(copy.exactly("copies that differ", wrong, 0).reading(), page.exactly("copies that differ", wrong, 0).reading(),
                zero.reading());
    }

    static Atom faults() {
        return new Atom("page-faults", Set.of(Atom.HOST), List.of(
                new Quantity("linux.page-fault", NANOSECONDS, "first write to a page of fresh anonymous memory"),
                new Quantity("linux.fault-file", NANOSECONDS, "first read of a page of a memory file, with what the kernel maps around it"),
                new Quantity("linux.fault-copy-on-write", NANOSECONDS, "first write to a page of a private view of a memory file"),
                new Quantity("recycle.scan-page", NANOSECONDS_PER_PAGE, "looking for private pages, each page of a view with 512 of them")),
                "512 pages touched in sequence, mapped anew each time; time by the faults that the kernel counted", Clock.WALL, new Seconds(2, 1),
                HostMemoryCosts::measureFaults);
    }

    private static List<Reading> measureFaults(Bench bench) {
        Sample anonymous = new Sample("linux.page-fault");
        Sample read = new Sample("linux.fault-file");
        Sample written = new Sample("linux.fault-copy-on-write");
        Sample scan = new Sample("recycle.scan-page");
        int bytes = PAGES * Linux.PAGE_BYTES;
        long[] missing = new long[2];
        long wrong = 0;
        try (Fd file = Linux.memoryFile("atom", BUFFER_BYTES); PrivatePages scanner = PrivatePages.open()) {
            try (Mapping fill = Linux.map(file, 0, BUFFER_BYTES, Linux.Sharing.SHARED)) {
                fill.advise(Linux.Advice.POPULATE_WRITE, 0, BUFFER_BYTES);
            }
            int rounds = bench.rounds(ROUNDS);
            for (int i = 0; i < rounds; i++) {
                try (Mapping fresh = Linux.mapAnonymous(bytes)) {
                    missing[0] += PAGES - touch(bench, fresh, true, anonymous);
                }
                try (Mapping shared = Linux.map(file, 0, bytes, Linux.Sharing.SHARED)) {
                    touch(bench, shared, false, read);
                }
                try (Mapping view = Linux.map(file, 0, BUFFER_BYTES, Linux.Sharing.PRIVATE)) {
                    missing[1] += PAGES - touch(bench, view, true, written);
                    long startNs = bench.nowNs();
                    long found = scanner.scan(view, (offset, length) -> { });
                    scan.add((bench.nowNs() - startNs) / (double) (BUFFER_BYTES / Linux.PAGE_BYTES));
                    wrong += found == PAGES ? 0 : 1;
                }
            }
            double touched = (double) rounds * PAGES;
            return List.of(anonymous.atMost("pages without a fault, share", missing[0] / touched, MOST_FAULTS_MISSED).reading(), read.reading(),
                    written.atMost("pages without a fault, share", missing[1] / touched, MOST_FAULTS_MISSED).reading(),
                    scan.exactly("scans that did not find the 512 pages", wrong, 0).reading());
        }
    }

    /** Touches the first 512 pages; gives how many faults that took. */
    private static long touch(Bench bench, Mapping memory, boolean write, Sample into) {
        long before = MinorFaults.ofThisThread();
        int sum = 0;
        long startNs = bench.nowNs();
        for (int p = 0; p < PAGES; p++) {
            if (write) {
                memory.bytes().put(p * Linux.PAGE_BYTES, (byte) p);
            } else {
                sum += memory.bytes().get(p * Linux.PAGE_BYTES);
            }
        }
        long ns = bench.nowNs() - startNs;
        long faults = MinorFaults.ofThisThread() - before - (sum == Integer.MIN_VALUE ? 1 : 0);
        into.add((double) ns / Math.max(1, Math.min(PAGES, faults)));
        return Math.min(PAGES, faults);
    }
}
