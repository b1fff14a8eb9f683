package sandglass.kvm.atom;

import static sandglass.unit.Unit.BYTES;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sandglass.kvm.measure.MemInfo;
import sandglass.kvm.stack.Call;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.stack.LiveStacks;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/** What a container that has served takes of the host's memory and disk, whoever made it. */
final class ContainerMemory {

    private static final int CONTAINERS = 16;
    /** What the kernel does not give back when it needs memory; reclaimable slab is other programs' files for the most part. */
    private static final List<String> KERNEL = List.of("SUnreclaim", "VmallocUsed", "PageTables", "SecPageTables", "KernelStack", "Percpu");

    /** Resident bytes by kind of page, proc(5): of files; anonymous that others map as well; anonymous of its own. */
    private static final String PAGES = """
            def handler(event, etl):
                size = {}
                sums = [0, 0, 0]
                def add():
                    anonymous = size.get('Anonymous:', 0)
                    own = min(anonymous, size.get('Private_Dirty:', 0))
                    sums[0] += size.get('Rss:', 0) - anonymous
                    sums[1] += anonymous - own
                    sums[2] += own
                with open('/proc/self/smaps') as smaps:
                    for line in smaps:
                        word = line.split()
                        if not word[0].endswith(':'):
                            add()
                            size.clear()
                        elif word[-1] == 'kB':
                            size[word[0]] = int(word[1]) * 1024
                add()
                return sums
            """;
    /** Bytes of all files of the image that is the root, without what is mounted into it; and of Python's modules among them. */
    private static final String IMAGE = """
            import os
            def handler(event, etl):
                total, modules, device, seen = 0, 0, os.lstat('/').st_dev, set()
                for folder, folders, files in os.walk('/'):
                    folders[:] = [f for f in folders if os.lstat(os.path.join(folder, f)).st_dev == device]
                    for name in files:
                        stat = os.lstat(os.path.join(folder, name))
                        if stat.st_dev == device and stat.st_ino not in seen:
                            seen.add(stat.st_ino)
                            total += stat.st_blocks * 512
                            modules += stat.st_blocks * 512 if '/lib/python3' in folder else 0
                return [total, modules]
            """;

    private ContainerMemory() {
    }

    /** @param stack container, zygote or criu */
    static Atom of(String stack) {
        List<Quantity> quantities = new ArrayList<>(List.of(
                new Quantity(stack + ".text-bytes", BYTES, "resident pages of files: the interpreter and its libraries"),
                new Quantity(stack + ".kernel-bytes", BYTES, "by how much memory of the kernel that it cannot give back grows with one more"),
                new Quantity(stack + ".image-bytes", BYTES, "blocks of all files of the image")));
        if (stack.equals("container")) {
            quantities.add(new Quantity("container.heap-bytes", BYTES, "anonymous pages"));
            quantities.add(new Quantity("container.shim-bytes", BYTES, "processes that supervise it: runc leaves none, which is counted"));
            quantities.add(new Quantity("container.module-bytes", BYTES, "those of Python's modules"));
        } else {
            quantities.add(new Quantity(stack + ".heap-bytes", BYTES, "anonymous pages that others map as well"));
            quantities.add(new Quantity(stack + ".written-bytes", BYTES, "pages of its own, before anything has run in it"));
            quantities.add(new Quantity(stack + ".called-bytes", BYTES, "by how much these grow with the first call"));
        }
        return new Atom(stack + "-memory", Set.of(stack), quantities, "containers made one after the other and kept; smaps of each before and "
                + "after a call, meminfo before and after its making and first call, the middle of which counts", Clock.NONE,
                new Atom.Seconds(stack.equals("zygote") ? 1 : 4, 1), bench -> measure(bench, stack));
    }

    private static List<Reading> measure(Bench bench, String name) throws UnsupportedHereException {
        Sample text = new Sample(name + ".text-bytes");
        Sample kernel = new Sample(name + ".kernel-bytes");
        Sample shared = new Sample(name + ".heap-bytes");
        Sample written = new Sample(name + ".written-bytes");
        Sample called = new Sample(name + ".called-bytes");
        Sample heap = new Sample("container.heap-bytes");
        Sample shim = new Sample("container.shim-bytes");
        Sample image = new Sample(name + ".image-bytes");
        Sample modules = new Sample("container.module-bytes");
        boolean alone = name.equals("container");
        List<LiveSandbox> alive = new ArrayList<>();
        try (LiveStack stack = LiveStacks.open(name, bench.config(), bench.clockNs())) {
            try {
                alive.add(stack.create());
                for (int i = 0; i < bench.rounds(CONTAINERS); i++) {
                    MemInfo before = MemInfo.now();
                    LiveSandbox sandbox = stack.create();
                    alive.add(sandbox);
                    long newBytes = sandbox.footprint().ussBytes();
                    sandbox.call(LiveBench.WORK, LiveBench.NOTHING);
                    Map<String, Long> grown = MemInfo.now().since(before);
                    kernel.add(Math.max(0, KERNEL.stream().mapToLong(kind -> grown.getOrDefault(kind, 0L)).sum()));
                    written.add(newBytes);
                    called.add(Math.max(0, sandbox.footprint().ussBytes() - newBytes));
                    double[] bytes = numbers(sandbox, PAGES);
                    text.add(bytes[0]);
                    shared.add(bytes[1]);
                    heap.add(bytes[1] + bytes[2]);
                    shim.add(0);
                    double[] disk = numbers(sandbox, IMAGE);
                    image.add(disk[0]);
                    modules.add(disk[1]);
                }
                shim.exactly("processes of runc that are left", runtimes(), 0);
            } finally {
                alive.forEach(LiveSandbox::close);
            }
        }
        return alone ? List.of(text.reading(), kernel.middle(), image.reading(), heap.reading(), shim.reading(), modules.reading())
                : List.of(text.reading(), kernel.middle(), image.reading(), shared.reading(), written.reading(), called.reading());
    }

    /** Children of this process that are the runtime: a shim would be one, or an orphan of it. */
    private static long runtimes() {
        return ProcessHandle.current().descendants().filter(process -> process.info().command().filter(path -> path.endsWith("/runc")).isPresent())
                .count();
    }

    private static double[] numbers(LiveSandbox sandbox, String source) {
        Call call = sandbox.call(source, "{}");
        return PythonProcess.numbers(call);
    }
}
