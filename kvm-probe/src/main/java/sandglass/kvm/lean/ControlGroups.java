package sandglass.kvm.lean;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import sandglass.kvm.leftovers.Entry;
import sandglass.kvm.leftovers.Journal;
import sandglass.kvm.leftovers.Kind;
import sandglass.kvm.measure.ControlGroup;

/**
 * A control group of one sandbox, with limits of memory, processes and processor time (cgroups(7)): in version 1 a directory in each of four
 * hierarchies, in version 2 one. A limit whose controller this host does not offer is not set.
 */
public final class ControlGroups implements AutoCloseable {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final int PERIOD_US = 100_000;
    private static final long PATIENCE_NS = 10_000_000_000L;
    private static final long PAUSE_MS = 1;

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
        name = journal.name("sgc");
        String quota = Long.toString(Math.round(cpus * PERIOD_US));
        try {
            for (Path hierarchy : hierarchies()) {
                Path group = hierarchy.resolve(name);
                entries.add(journal.add(Kind.CGROUP, group.toString()));
                Files.createDirectory(group);
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

    /** The roots in which a group is made; none on a host without control groups. */
    static List<Path> hierarchies() {
        if (Files.exists(ROOT.resolve("cgroup.controllers"))) {
            return List.of(ROOT);
        }
        return Stream.of("memory", "cpu", "cpuacct", "pids").map(ROOT::resolve)
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
        return new ControlGroup("/" + name);
    }

    /** Takes it away as soon as its processes have ended. If they do not, the journal keeps it. */
    @Override
    public void close() {
        long begunNs = System.nanoTime();
        List<Path> left = new ArrayList<>(groups);
        while (!left.isEmpty()) {
            left.removeIf(group -> group.toFile().delete() || !Files.exists(group));
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
