package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS_PER_PAGE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.leftovers.Entry;
import sandglass.kvm.leftovers.Journal;
import sandglass.kvm.leftovers.Kind;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/** What the kernel's samepage merging costs its thread for each page. Its settings are put back, by the journal's next reader if need be. */
final class SamepageMerging {

    private static final Path SETTINGS = Path.of("/sys/kernel/mm/ksm");
    private static final int PAGES = 8192;
    /** Pages come in eights of equal content. */
    private static final int EQUAL = 8;
    private static final long LIMIT_NS = 6_000_000_000L;
    private static final int ROUNDS = 12;
    private static final long TICK_NS = 10_000_000;
    private static final int COMM_UTIME = 11;

    private SamepageMerging() {
    }

    static Atom scanning() {
        return new Atom("samepage-merging", Set.of(Atom.HOST), List.of(
                new Quantity("ksm.scan-page", NANOSECONDS_PER_PAGE, "looking at a page that is merged already or has no equal"),
                new Quantity("ksm.merge-page", NANOSECONDS_PER_PAGE, "merging a page, beyond looking at it")),
                "8192 pages, eight of each content, merged by ksmd without pause; its processor time by the pages that the kernel counted", Clock.CPU,
                new Seconds(14, 5), SamepageMerging::measure);
    }

    private static List<Reading> measure(Bench bench) throws UnsupportedHereException, IOException, InterruptedException {
        if (!Files.exists(SETTINGS.resolve("pages_scanned"))) {
            throw new UnsupportedHereException("this kernel has no KSM, or one that does not count pages",
                    "boot Linux 6.6 or later with CONFIG_KSM=y");
        }
        if (!bench.root()) {
            throw new UnsupportedHereException("changing KSM's settings needs root", "run calibrate as root");
        }
        if (number("run") != 0 || number("pages_shared") != 0) {
            throw new UnsupportedHereException("somebody else uses KSM", "echo 2 | sudo tee /sys/kernel/mm/ksm/run, once nobody needs it");
        }
        Path thread = thread();
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("sleep_millisecs", "0");
        wanted.put("pages_to_scan", "2000");
        if (Files.exists(SETTINGS.resolve("smart_scan"))) {
            wanted.put("smart_scan", "0");
        }
        wanted.put("run", "1");
        try (Mapping memory = Linux.mapAnonymous((long) PAGES * Linux.PAGE_BYTES); Journal journal = Journal.open()) {
            fill(memory.bytes());
            memory.advise(Linux.Advice.MERGEABLE, 0, memory.sizeBytes());
            List<Change> changes = new ArrayList<>();
            try {
                for (Map.Entry<String, String> one : wanted.entrySet()) {
                    changes.add(Change.make(journal, one.getKey(), one.getValue()));
                }
                return watch(bench, thread);
            } finally {
                for (int i = changes.size() - 1; i >= 0; i--) {
                    changes.get(i).undo();
                }
            }
        }
    }

    private record Change(Path file, String before, boolean isRun, Entry entry) {

        static Change make(Journal journal, String name, String value) throws IOException {
            Path file = SETTINGS.resolve(name);
            boolean isRun = name.equals("run");
            String before = Files.readString(file).strip();
            Entry entry = isRun ? journal.add(Kind.SETTING, file.toString(), before, value, "2")
                    : journal.add(Kind.SETTING, file.toString(), before, value);
            Files.writeString(file, value);
            return new Change(file, before, isRun, entry);
        }

        void undo() throws IOException {
            if (isRun) {
                Files.writeString(file, "2");
            }
            Files.writeString(file, before);
            entry.done();
        }
    }

    private static void fill(ByteBuffer bytes) {
        for (int page = 0; page < PAGES; page++) {
            for (int at = 0; at < Linux.PAGE_BYTES; at += Long.BYTES) {
                bytes.putLong(page * Linux.PAGE_BYTES + at, 0x9E3779B97F4A7C15L * (page / EQUAL + 1) + at);
            }
        }
    }

    private static List<Reading> watch(Bench bench, Path thread) throws IOException, InterruptedException {
        long target = PAGES - PAGES / EQUAL;
        long startNs = bench.nowNs();
        long cpu = cpuNs(thread);
        long scanned = number("pages_scanned");
        while (number("pages_sharing") < target && bench.nowNs() - startNs < LIMIT_NS) {
            Thread.sleep(10);
        }
        long merged = number("pages_sharing");
        long mergeCpu = cpuNs(thread) - cpu;
        long mergeScanned = number("pages_scanned") - scanned;
        Sample scan = new Sample("ksm.scan-page");
        for (int i = 0; i < bench.rounds(ROUNDS); i++) {
            cpu = cpuNs(thread);
            scanned = number("pages_scanned");
            Thread.sleep(500);
            long looked = number("pages_scanned") - scanned;
            if (looked > 0) {
                scan.add((cpuNs(thread) - cpu) / (double) looked);
            }
        }
        double perPage = scan.median();
        Sample merge = new Sample("ksm.merge-page");
        merge.add(Math.max(0, mergeCpu - perPage * mergeScanned) / Math.max(1, merged));
        double missed = 1 - merged / (double) target;
        return List.of(scan.atMost("equal pages not merged, share", missed, 0.02).reading(),
                merge.atMost("equal pages not merged, share", missed, 0.02).reading());
    }

    private static long number(String name) throws IOException {
        return Long.parseLong(Files.readString(SETTINGS.resolve(name)).strip());
    }

    private static Path thread() throws IOException, UnsupportedHereException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes.filter(path -> path.getFileName().toString().matches("\\d+"))
                    .sorted(Comparator.comparingInt(path -> Integer.parseInt(path.getFileName().toString()))).toList()) {
                Path name = process.resolve("comm");
                if (Files.exists(name) && Files.readString(name).strip().equals("ksmd")) {
                    return process.resolve("schedstat");
                }
            }
        }
        throw new UnsupportedHereException("the thread ksmd is not to be seen, as in a container", "run calibrate outside containers");
    }

    /** Processor time of a thread, ns; by schedstat where the kernel has it, else in ticks of 10 ms. */
    private static long cpuNs(Path schedstat) throws IOException {
        if (Files.exists(schedstat)) {
            return Long.parseLong(Files.readString(schedstat).split(" ")[0]);
        }
        String stat = Files.readString(schedstat.resolveSibling("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[COMM_UTIME]) + Long.parseLong(fields[COMM_UTIME + 1])) * TICK_NS;
    }
}
