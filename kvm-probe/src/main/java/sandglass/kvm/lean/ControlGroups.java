package sandglass.kvm.lean;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import sandglass.kvm.leftovers.Entry;
import sandglass.kvm.leftovers.Journal;
import sandglass.kvm.leftovers.Kind;
import sandglass.kvm.measure.ControlGroup;

/**
 * A control group of one sandbox, with limits of memory, processes and processor time (cgroups(7)): in version 1 a directory in each of four
 * hierarchies, in version 2 one, whose parent must hand controllers down. A limit whose controller this host does not offer is not set.
 */
public final class ControlGroups implements AutoCloseable {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final int PERIOD_US = 100_000;
    private static final long PATIENCE_NS = 10_000_000_000L;
    private static final long PAUSE_MS = 1;

    /** The kernel's part: a group's directory is not empty when it is made, nor when it is taken away. */
    interface Directories {

        void make(Path group) throws IOException;

        /** Whether it could be taken away. */
        boolean remove(Path group);

        Directories OF_KERNEL = new Directories() {
            @Override
            public void make(Path group) throws IOException {
                Files.createDirectory(group);
            }

            @Override
            public boolean remove(Path group) {
                return group.toFile().delete();
            }
        };
    }

    private final Path root;
    private final Directories directories;
    private final String name;
    private final List<Path> groups = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();

    /**
     * Makes the group.
     *
     * @param memoryBytes most memory, swap included
     * @param processes   most processes and threads
     * @param cpus        how many cores' time
     */
    public ControlGroups(Journal journal, long memoryBytes, int processes, double cpus) {
        this(ROOT, Directories.OF_KERNEL, journal, memoryBytes, processes, cpus);
    }

    /** @param root where control groups are mounted */
    ControlGroups(Path root, Directories directories, Journal journal, long memoryBytes, int processes, double cpus) {
        this.root = root;
        this.directories = directories;
        name = journal.name("sgc");
        String quota = Long.toString(Math.round(cpus * PERIOD_US));
        try {
            if (ControlGroup.isVersion2(root)) {
                handDown(root);
            }
            for (Path hierarchy : hierarchies(root)) {
                Path group = hierarchy.resolve(name);
                entries.add(journal.add(Kind.CGROUP, group.toString()));
                directories.make(group);
                groups.add(group);
            }
            set("memory.limit_in_bytes", Long.toString(memoryBytes));
            set("memory.memsw.limit_in_bytes", Long.toString(memoryBytes));
            set("cpu.cfs_quota_us", quota);
            set("memory.max", Long.toString(memoryBytes));
            set("memory.swap.max", "0");
            set("cpu.max", quota + " " + PERIOD_US);
            set("pids.max", Integer.toString(processes));
        } catch (IOException e) {
            close();
            throw new UncheckedIOException("cannot make control group " + name, e);
        }
    }

    /**
     * In version 2 a group has the controllers that its parent's cgroup.subtree_control names. Systemd names some of the root's, and runc adds
     * what it needs, as is done here. What the kernel refuses, as in a container, is not offered.
     */
    private static void handDown(Path root) throws IOException {
        Path down = root.resolve("cgroup.subtree_control");
        Set<String> offered = words(root.resolve("cgroup.controllers"));
        Set<String> given = words(down);
        for (String controller : List.of("cpu", "memory", "pids")) {
            if (offered.contains(controller) && !given.contains(controller)) {
                try {
                    Files.write(down, ("+" + controller).getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
                } catch (IOException refused) {
                    return;
                }
            }
        }
    }

    private static Set<String> words(Path file) throws IOException {
        return Files.exists(file) ? Set.of(Files.readString(file).strip().split("\\s+")) : Set.of();
    }

    /** The roots in which a group is made; none on a host without control groups. */
    private static List<Path> hierarchies(Path root) {
        if (ControlGroup.isVersion2(root)) {
            return List.of(root);
        }
        return Stream.of("memory", "cpu", "cpuacct", "pids").map(root::resolve)
                .filter(tree -> Files.isDirectory(tree) && !Files.isSymbolicLink(tree)).toList();
    }

    private void set(String file, String value) throws IOException {
        for (Path group : groups) {
            if (Files.exists(group.resolve(file))) {
                Files.write(group.resolve(file), value.getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    /** Puts a process into it; what it starts later comes along. */
    public void admit(long pid) {
        for (Path group : groups) {
            try {
                Files.write(group.resolve("cgroup.procs"), Long.toString(pid).getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot put process " + pid + " into " + group, e);
            }
        }
    }

    /** The files that a process writes its number to, to be in it. */
    public List<Path> processFiles() {
        return groups.stream().map(group -> group.resolve("cgroup.procs")).toList();
    }

    /** What the kernel counts for it. */
    public ControlGroup counters() {
        return new ControlGroup(root, "/" + name);
    }

    /** Takes it away as soon as its processes have ended. If they do not, the journal keeps it. */
    @Override
    public void close() {
        long begunNs = System.nanoTime();
        List<Path> left = new ArrayList<>(groups);
        while (!left.isEmpty()) {
            left.removeIf(group -> directories.remove(group) || !Files.exists(group));
            if (!left.isEmpty()) {
                if (System.nanoTime() - begunNs > PATIENCE_NS) {
                    throw new IllegalStateException("processes in " + left + " do not end");
                }
                try {
                    Thread.sleep(PAUSE_MS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
        entries.forEach(Entry::done);
    }
}
