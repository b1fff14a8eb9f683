package sandglass.kvm.atom;

import static sandglass.unit.Unit.BYTES;
import static sandglass.unit.Unit.NANOSECONDS;
import static sandglass.unit.Unit.PAGES;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.measure.MemInfo;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.stack.LiveStacks;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.usf.Usf;
import sandglass.kvm.usf.UsfFactory;
import sandglass.kvm.vm.KvmUnavailableException;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/** What a sandbox that has served takes of the host's memory, by kind. */
final class LiveMemory {

    private static final int TEMPLATES = 12;
    private static final int CLONES = 60;
    private static final int PROCESSES = 8;
    private static final List<String> KERNEL = List.of("Slab", "VmallocUsed", "PageTables", "SecPageTables", "KernelStack");
    private static final int IMPORTS = 200;
    /** Columns of a line of maps, proc(5). */
    private static final int FIELDS = 6;

    /**
     * Resident bytes by kind of mapping, proc(5): files that only Python maps; those that programs such as this one map as well; private or
     * anonymous; the interpreter's file, which is among the first; then its page tables.
     */
    private static final String MAPPINGS = """
            def handler(event, etl):
                sums, kind, main = [0, 0, 0, 0], 2, False
                rss = anonymous = 0
                with open('/proc/self/smaps') as smaps:
                    for line in smaps:
                        word = line.split()
                        if word[0] == 'Rss:':
                            rss = int(word[1]) * 1024
                        elif word[0] == 'Anonymous:':
                            anonymous = int(word[1]) * 1024
                            sums[2] += anonymous
                            sums[kind] += rss - anonymous
                            sums[3] += rss - anonymous if main else 0
                        elif not word[0].endswith(':'):
                            path = word[5] if len(word) > 5 else ''
                            kind = 2 if not path.startswith('/') else 1 if path in event['others'] else 0
                            main = '/python3' in path and '/bin/' in path
                with open('/proc/self/status') as status:
                    tables = [int(line.split()[1]) * 1024 for line in status if line.startswith('VmPTE:')]
                return sums + tables
            """;
    private static final int KERNEL_STACK_BYTES = 16 << 10;

    /** Modules of one line each, all different, as a package's are. */
    private static final String MODULES = """
            import os, sys, time, importlib
            def handler(event, etl):
                folder, out = event['folder'], []
                for i in range(event['count']):
                    with open('%s/atom_module_%d.py' % (folder, i), 'w') as file:
                        file.write('def double(x):\\n    return 2 * x\\n')
                sys.path.append(folder)
                importlib.invalidate_caches()
                try:
                    for i in range(event['count']):
                        start = time.perf_counter_ns()
                        module = importlib.import_module('atom_module_%d' % i)
                        out.append(time.perf_counter_ns() - start)
                        assert module.double(i) == 2 * i
                finally:
                    sys.path.remove(folder)
                    for i in range(event['count']):
                        os.remove('%s/atom_module_%d.py' % (folder, i))
                return out
            """;

    private LiveMemory() {
    }

    static Atom unikernel() {
        return new Atom("usetl-memory", Set.of("usetl"), List.of(
                new Quantity("usetl.template-bytes", BYTES,
                        "pages of guest memory that a clone has present after a call and shares with the template, but for equal ones"),
                new Quantity("usetl.equal-bytes", BYTES, "pages that a clone meets whose content another of them has too"),
                new Quantity("usetl.clone-only-bytes", BYTES, "those that nobody else maps while it is the only clone, written or not"),
                new Quantity("guest.dirtied-pages", PAGES, "pages that a call without work writes and nothing but it has written"),
                new Quantity("usetl.monitor-text-bytes", BYTES, "program text that the monitor needs for one more clone: it has it already"),
                new Quantity("usetl.monitor-data-bytes", BYTES, "nothing that smaps shows: the few pages of a clone lie in the heap that all share"),
                new Quantity("kvm.kernel-bytes", BYTES, "what slab, vmalloc, page tables and stacks grow by for each clone")),
                "clones called once and recycled; smaps of their memory, meminfo before and after", Clock.NONE, new Seconds(8, 3),
                LiveMemory::measureClones);
    }

    private static List<Reading> measureClones(Bench bench) throws UnsupportedHereException {
        Sample template = new Sample("usetl.template-bytes");
        Sample equal = new Sample("usetl.equal-bytes");
        Sample alone = new Sample("usetl.clone-only-bytes");
        Sample kernel = new Sample("kvm.kernel-bytes");
        Sample dirtied = new Sample("guest.dirtied-pages");
        Sample nothing = new Sample("usetl.monitor-text-bytes");
        int clones = bench.rounds(CLONES);
        List<LiveSandbox> alive = new ArrayList<>();
        double equalBytes = equalBytes(bench);
        equal.add(equalBytes);
        // Where a template's pages lie, and so which the kernel maps together, differs from one to the next.
        for (int t = 0; t < TEMPLATES; t++) {
            try (LiveStack stack = LiveStacks.open("usetl", bench.config(), bench.clockNs()); LiveSandbox clone = stack.create()) {
                dirtied.add(call(clone).dirtyPages());
                Footprint footprint = clone.footprint();
                template.add(Math.max(0, footprint.rssBytes() - footprint.ussBytes() - equalBytes));
                alone.add(footprint.ussBytes());
            }
        }
        try (LiveStack stack = LiveStacks.open("usetl", bench.config(), bench.clockNs())) {
            try {
                for (int i = 0; i < 2; i++) {
                    alive.add(called(stack));
                }
                MemInfo before = MemInfo.now();
                for (int i = 0; i < clones; i++) {
                    alive.add(called(stack));
                }
                Map<String, Long> grown = MemInfo.now().since(before);
                kernel.add(Math.max(0, KERNEL.stream().mapToLong(name -> grown.getOrDefault(name, 0L)).sum()) / (double) clones);
                alive.forEach(any -> nothing.add(0));
            } finally {
                alive.forEach(LiveSandbox::close);
            }
        }
        return List.of(template.reading(), equal.middle(), alone.reading(), dirtied.middle(), nothing.reading(),
                nothing.rename("usetl.monitor-data-bytes").reading(), kernel.reading());
    }

    /** How much of what a clone meets would be needed no more if equal pages were merged, within the one clone. */
    private static double equalBytes(Bench bench) throws UnsupportedHereException {
        try (UsfFactory factory = new UsfFactory(LiveStacks.usfConfig(bench.config().withMemory(LiveConfig.Memory.OWN)), bench.clockNs())) {
            BitSet met = factory.presentAfter(LiveBench.WORK, LiveBench.NOTHING);
            try (Usf clone = factory.createOwning(met, false)) {
                ByteBuffer memory = clone.memory().bytes();
                long different = met.stream().mapToObj(page -> memory.slice(page * Linux.PAGE_BYTES, Linux.PAGE_BYTES)).distinct().count();
                return (met.cardinality() - different) * (double) Linux.PAGE_BYTES;
            }
        } catch (KvmUnavailableException e) {
            throw new UnsupportedHereException(e.getMessage(), "'sandglass doctor' says what is missing and how to get it");
        }
    }

    private static LiveSandbox called(LiveStack stack) {
        LiveSandbox sandbox = stack.create();
        call(sandbox);
        return sandbox;
    }

    private static LiveSandbox.Cleanup call(LiveSandbox sandbox) {
        sandbox.call(LiveBench.WORK, LiveBench.NOTHING);
        return sandbox.recycle();
    }

    static Atom process() {
        return new Atom("process-memory", Set.of("process"), List.of(
                new Quantity("process.text-bytes", BYTES, "resident pages of the interpreter and of libraries that only Python maps"),
                new Quantity("process.library-bytes", BYTES, "resident pages of files that programs such as this one map as well: the C library"),
                new Quantity("process.heap-bytes", BYTES, "anonymous pages, written pages of files among them"),
                new Quantity("process.kernel-bytes", BYTES, "page tables, by VmPTE, and a kernel stack of 16 KiB; slab is not contained"),
                new Quantity("python.text-bytes", BYTES, "resident pages of the interpreter's file"),
                new Quantity("python.heap-bytes", BYTES, "as process.heap-bytes")),
                "processes of the process stack that have served a call read their own smaps and status", Clock.NONE, new Seconds(3, 1),
                LiveMemory::measureProcesses);
    }

    private static List<Reading> measureProcesses(Bench bench) throws UnsupportedHereException {
        Sample[] samples = {new Sample("process.text-bytes"), new Sample("process.library-bytes"), new Sample("process.heap-bytes"),
            new Sample("python.text-bytes"), new Sample("process.kernel-bytes")};
        String others = mappedHere();
        for (int i = 0; i < bench.rounds(PROCESSES); i++) {
            try (PythonProcess python = new PythonProcess(bench)) {
                python.run(LiveBench.WORK, LiveBench.NOTHING);
                double[] bytes = python.numbers(MAPPINGS, others);
                for (int k = 0; k < samples.length; k++) {
                    samples[k].add(bytes[k] + (k == samples.length - 1 ? KERNEL_STACK_BYTES : 0));
                }
            }
        }
        return List.of(samples[0].reading(), samples[1].reading(), samples[2].reading(), samples[4].reading(),
                samples[3].reading(), samples[2].rename("python.heap-bytes").reading());
    }

    /** The event that lists which files this program maps. */
    private static String mappedHere() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.map(line -> line.split("\\s+", FIELDS)).filter(field -> field.length == FIELDS && field[FIELDS - 1].startsWith("/"))
                    .map(field -> '"' + field[FIELDS - 1].replace("\\", "\\\\").replace("\"", "\\\"") + '"').distinct()
                    .collect(Collectors.joining(", ", "{\"others\": [", "]}"));
        } catch (IOException e) {
            throw new UncheckedIOException("/proc/self/maps", e);
        }
    }

    static Atom imports() {
        return new Atom("python-import", Set.of(Atom.HOST), List.of(
                new Quantity("python.import-module", NANOSECONDS, "finding, compiling and executing a module of two lines from the page cache")),
                "200 different modules imported in a process of the process stack, each checked by a call", Clock.WALL, new Seconds(1, 0.5),
                LiveMemory::measureImports);
    }

    private static List<Reading> measureImports(Bench bench) throws UnsupportedHereException {
        int count = bench.rounds(IMPORTS);
        Sample sample = new Sample("python.import-module");
        try (PythonProcess python = new PythonProcess(bench)) {
            for (double ns : python.numbers(MODULES, "{\"folder\": \"" + bench.scratch().toAbsolutePath() + "\", \"count\": " + count + "}")) {
                sample.add(ns);
            }
        }
        return List.of(sample.exactly("modules imported", sample.count(), count).reading());
    }
}
