package sandglass.experiment.read;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import sandglass.scenario.Batching;
import sandglass.scenario.Boundary;
import sandglass.scenario.DiskImage;
import sandglass.scenario.Hop;
import sandglass.scenario.IoPath;
import sandglass.scenario.MemoryImage;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.scenario.Region;
import sandglass.scenario.Server;
import sandglass.scenario.Stack;
import sandglass.scenario.Step;

/** Reads a stack: structure only, costs by the names of calibration parameters. */
public final class StackReader {

    private static final int DEFAULT_MTU_BYTES = 1500;
    private static final int DEFAULT_BLOCK_BYTES = 128 << 10;

    private static final Variants<Batching> BATCHING = new Variants<Batching>()
            .word("none", new Batching.None())
            .key("count", f -> {
                Integer packets = f.required("count", n -> n.count(1));
                return () -> new Batching.ByCount(packets);
            })
            .key("time", f -> {
                Long windowNs = f.required("time", Node::durationNs);
                return () -> new Batching.ByTime(windowNs);
            });

    private StackReader() {}

    /**
     * Reads a file that holds one stack.
     *
     * @param name how messages call the file
     * @throws BadInputException with every problem of the file
     */
    public static Stack read(Path file, String name) {
        return read(YamlTree.parse(file, name));
    }

    /** Reads a parsed document that is one stack. */
    public static Stack read(Tree tree) {
        Reading reading = Reading.plain();
        Stack stack = stack(reading.root(tree));
        reading.finish();
        return stack;
    }

    static Stack stack(Node node) {
        return node.record(f -> {
            String name = f.required("stack", Node::text);
            String title = f.optional("title", Node::text, name);
            Boundary boundary = f.required("boundary", n -> n.choice(Boundary.class));
            Stack.Interchangeable interchangeable = f.optional("interchangeable", n -> n.choice(Stack.Interchangeable.class),
                    Stack.Interchangeable.PER_FUNCTION);
            Stack.Recycle recycle = f.optional("recycle", n -> n.choice(Stack.Recycle.class), Stack.Recycle.KEEP);
            Stack.GuestScheduler scheduler = f.optional("guest-scheduler", n -> n.choice(Stack.GuestScheduler.class),
                    Stack.GuestScheduler.HOST_ONLY);
            String overhead = f.optional("compute-overhead", Node::text, "");
            Map<ModeSwitch, String> switchCosts = f.optional("switch-costs", n -> n.map(ModeSwitch.class, Node::text), Map.of());
            Map<Phase, List<Step>> lifecycle = f.required("lifecycle", StackReader::lifecycle);
            Map<String, IoPath> paths = f.optional("paths", StackReader::paths, Map.of());
            List<Region> memory = f.whole("memory", n -> n.list(StackReader::region), List.of());
            String dirtied = f.optional("dirtied", Node::text, "");
            String firstTouched = f.optional("first-touched", Node::text, "");
            String copiedBack = f.optional("copied-back", Node::text, "");
            String fetchedKept = f.optional("fetched-kept", Node::text, "");
            String sentKept = f.optional("sent-kept", Node::text, "");
            boolean warmed = f.optional("warmed", Node::flag, false);
            int perProcess = f.optional("per-process", n -> n.count(1), 1);
            List<DiskImage.Part> disk = f.whole("disk", n -> n.list(StackReader::part), List.of());
            return () -> new Stack(name, title, boundary, lifecycle, paths,
                    new MemoryImage(memory, dirtied, firstTouched, copiedBack, fetchedKept, sentKept), new DiskImage(disk), switchCosts,
                    overhead, scheduler, interchangeable, recycle, warmed, perProcess);
        });
    }

    private static Map<Phase, List<Step>> lifecycle(Node node) {
        return node.record(f -> {
            Map<Phase, List<Step>> phases = new EnumMap<>(Phase.class);
            for (Phase phase : Phase.values()) {
                phases.put(phase, f.whole(Node.kebab(phase), n -> n.list(StackReader::step), List.of()));
            }
            return () -> phases;
        });
    }

    private static Step step(Node node) {
        return node.record(f -> {
            String name = f.required("step", Node::text);
            double times = f.optional("times", Node::nonNegative, 1.0);
            Step.Per per = f.optional("per", n -> n.choice(Step.Per.class), Step.Per.ONCE);
            String cost = f.optional("cost", Node::text, "");
            Server server = f.optional("server", n -> n.choice(Server.class), Server.CPU);
            int wakeUps = f.optional("wake-ups", n -> n.count(0), 0);
            Map<ModeSwitch, Integer> switches = switches(f);
            String source = f.optional("source", Node::text, "");
            return () -> new Step(name, times, per, cost, server, wakeUps, switches, source);
        });
    }

    private static Map<ModeSwitch, Integer> switches(Fields f) {
        return f.optional("switches", n -> n.map(ModeSwitch.class, count -> count.count(0)), Map.of());
    }

    private static Map<String, IoPath> paths(Node node) {
        Map<String, IoPath> paths = new TreeMap<>();
        node.map(n -> n).forEach((name, n) -> {
            IoPath path = n.record(f -> path(name, f));
            if (path != null) {
                paths.put(name, path);
            }
        });
        return paths;
    }

    private static Supplier<IoPath> path(String name, Fields f) {
        int mtuBytes = f.optional("mtu", StackReader::smallSize, DEFAULT_MTU_BYTES);
        int blockBytes = f.optional("block", StackReader::smallSize, DEFAULT_BLOCK_BYTES);
        Batching batching = f.optional("batching", StackReader::batching, new Batching.None());
        IoPath.Overlap overlap = f.optional("overlap", n -> n.choice(IoPath.Overlap.class), IoPath.Overlap.SERIAL);
        List<Hop> hops = f.requiredWhole("hops", n -> n.list(StackReader::hop));
        return () -> new IoPath(name, mtuBytes, blockBytes, batching, overlap, hops);
    }

    static Batching batching(Node node) {
        return BATCHING.read(node);
    }

    /** A size that fits into an int, in bytes. */
    static int smallSize(Node node) {
        long bytes = node.sizeBytes();
        if (bytes > Integer.MAX_VALUE) {
            node.problem("'" + node.word() + "' is too large; expected less than 2GiB");
            return 0;
        }
        return (int) bytes;
    }

    private static Hop hop(Node node) {
        return node.record(f -> {
            String name = f.required("hop", Node::text);
            Hop.Per per = f.required("per", n -> n.choice(Hop.Per.class));
            String cost = f.optional("cost", Node::text, "");
            double copies = f.optional("copies", Node::nonNegative, 0.0);
            String copyCost = f.optional("copy-cost", Node::text, "");
            Map<ModeSwitch, Integer> switches = switches(f);
            Server server = f.optional("server", n -> n.choice(Server.class), Server.CPU);
            String source = f.optional("source", Node::text, "");
            boolean notification = f.optional("notification", Node::flag, false);
            long aboveBytes = f.optional("above", Node::sizeBytes, 0L);
            return () -> new Hop(name, per, cost, copies, copyCost, switches, server, source, notification, aboveBytes);
        });
    }

    private static Region region(Node node) {
        return node.record(f -> {
            String name = f.required("region", Node::text);
            String size = f.required("size", Node::text);
            Region.Backing backing = f.required("backing", n -> n.choice(Region.Backing.class));
            Region.Sharing sharing = f.required("sharing", n -> n.choice(Region.Sharing.class));
            String group = f.optional("group", Node::text, "");
            double volatileShare = f.optional("volatile", Node::share, 0.0);
            boolean kernel = f.optional("kernel", Node::flag, false);
            int others = f.optional("others", n -> n.count(0), 0);
            Region.MetBy metBy = f.optional("met-by", n -> n.choice(Region.MetBy.class), Region.MetBy.ALL);
            boolean alike = f.optional("alike", Node::flag, false);
            String source = f.optional("source", Node::text, "");
            return () -> new Region(name, size, backing, sharing, group, volatileShare, kernel, others, metBy, alike, source);
        });
    }

    private static DiskImage.Part part(Node node) {
        return node.record(f -> {
            String name = f.required("part", Node::text);
            String size = f.required("size", Node::text);
            boolean shared = f.optional("shared", Node::flag, false);
            return () -> new DiskImage.Part(name, size, shared);
        });
    }
}
