package sandglass.kvm.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What the kernel counts for a control group (cgroups(7)), in version 1, where each controller has a tree of its own, and in version 2,
 * where there is one.
 *
 * @param root where the tree or the trees are mounted
 * @param path of the group in each tree, with a slash before it
 */
public record ControlGroup(Path root, String path) {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final long NS_PER_US = 1000;

    /** One of this host. */
    public ControlGroup(String path) {
        this(ROOT, path);
    }

    /** Whether this host has the one tree of version 2. */
    public static boolean isVersion2() {
        return isVersion2(ROOT);
    }

    /** Whether what is mounted there is the one tree of version 2; one without controllers beside those of version 1 is not meant. */
    public static boolean isVersion2(Path root) {
        return Files.exists(root.resolve("cgroup.controllers"));
    }

    /** The roots of all trees, in no particular order; links to the same tree are left out. */
    public static List<Path> trees() throws IOException {
        if (isVersion2()) {
            return List.of(ROOT);
        }
        try (Stream<Path> trees = Files.list(ROOT)) {
            return trees.filter(tree -> Files.exists(tree.resolve("cgroup.procs")) && !Files.isSymbolicLink(tree)).toList();
        }
    }

    /** Processor time of all its processes since it was made, ns; empty if it is gone or not counted. */
    public OptionalLong cpuNs() {
        OptionalLong micros = field("", "cpu.stat", "usage_usec");
        return isVersion2(root) ? micros.isPresent() ? OptionalLong.of(micros.getAsLong() * NS_PER_US) : micros : number("cpuacct", "cpuacct.usage");
    }

    /** How many of its processes were killed because its memory limit was reached. */
    public long killedForMemory() {
        return (isVersion2(root) ? field("", "memory.events", "oom_kill") : field("memory", "memory.oom_control", "oom_kill")).orElse(0);
    }

    private OptionalLong number(String tree, String file) {
        return lines(tree, file).map(Long::parseLong).map(OptionalLong::of).findFirst().orElse(OptionalLong.empty());
    }

    private OptionalLong field(String tree, String file, String name) {
        return lines(tree, file).filter(line -> line.startsWith(name + " ")).map(line -> Long.parseLong(line.substring(name.length() + 1)))
                .map(OptionalLong::of).findFirst().orElse(OptionalLong.empty());
    }

    /** None if the file is not there: the group may be gone, and older kernels lack some. */
    private Stream<String> lines(String tree, String file) {
        try {
            return Files.readAllLines(root.resolve(tree).resolve(path.substring(1)).resolve(file)).stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }
}
