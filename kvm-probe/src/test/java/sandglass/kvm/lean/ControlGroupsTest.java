package sandglass.kvm.lean;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.kvm.leftovers.Journal;
import sandglass.kvm.measure.ControlGroup;
import sandglass.run.UnsupportedHereException;

/**
 * Oracle: the interface files of cgroups(7), version 1 and 2, and what the kernel's admin guide (cgroup-v2.rst) says of each; laid out in an
 * ordinary directory, since a host has either version.
 */
class ControlGroupsTest {

    private static final long MEMORY_BYTES = 64L << 20;

    @TempDir Path root;
    @TempDir Path state;

    /** Plays the kernel: a new group has the files of the controllers that its tree hands down. */
    private final class Kernel implements ControlGroups.Directories {

        @Override
        public void make(Path group) throws IOException {
            Files.createDirectory(group);
            for (String file : files(group)) {
                Files.writeString(group.resolve(file), "");
            }
        }

        private List<String> files(Path group) throws IOException {
            List<String> files = new ArrayList<>(List.of("cgroup.procs"));
            if (Files.exists(root.resolve("cgroup.controllers"))) {
                String down = Files.readString(root.resolve("cgroup.subtree_control"));
                files.add("cpu.stat");
                Stream.of("memory.max", "memory.swap.max", "memory.current", "memory.events", "cpu.max", "pids.max")
                        .filter(file -> down.contains(file.substring(0, file.indexOf('.')))).forEach(files::add);
            } else {
                files.addAll(switch (group.getParent().getFileName().toString()) {
                    case "memory" -> List.of("memory.limit_in_bytes", "memory.memsw.limit_in_bytes");
                    case "cpu" -> List.of("cpu.cfs_quota_us");
                    case "pids" -> List.of("pids.max");
                    default -> List.of();
                });
            }
            return files;
        }

        @Override
        public boolean remove(Path group) {
            try (Stream<Path> files = Files.list(group)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
                Files.delete(group);
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Journal journal;

    @BeforeEach
    void open() throws UnsupportedHereException {
        journal = Journal.open(state);
    }

    private ControlGroups make() {
        return new ControlGroups(root, new Kernel(), journal, MEMORY_BYTES, 10, 1.5);
    }

    private void file(String path, String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
    }

    private String text(Path file) throws IOException {
        return Files.readString(file);
    }

    @Test
    void version2IsOneDirectoryWithAllLimits() throws IOException {
        file("cgroup.controllers", "cpuset cpu io memory pids\n");
        file("cgroup.subtree_control", "cpu memory pids\n");
        try (ControlGroups groups = make()) {
            Path group = groups.processFiles().get(0).getParent();
            assertThat(groups.processFiles()).containsExactly(root.resolve(group.getFileName()).resolve("cgroup.procs"));
            assertThat(text(group.resolve("memory.max"))).isEqualTo("67108864");
            assertThat(text(group.resolve("memory.swap.max"))).isEqualTo("0");
            assertThat(text(group.resolve("cpu.max"))).isEqualTo("150000 100000");
            assertThat(text(group.resolve("pids.max"))).isEqualTo("10");
            groups.admit(4711);
            assertThat(text(group.resolve("cgroup.procs"))).isEqualTo("4711");
            Files.writeString(group.resolve("cpu.stat"), "usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n");
            Files.writeString(group.resolve("memory.events"), "low 0\nhigh 0\nmax 3\noom 1\noom_kill 2\n");
            ControlGroup counters = groups.counters();
            assertThat(counters.cpuNs()).hasValue(1_500_000);
            assertThat(counters.killedForMemory()).isEqualTo(2);
        }
        try (Stream<Path> left = Files.list(root)) {
            assertThat(left.filter(Files::isDirectory)).isEmpty();
        }
    }

    @Test
    void version2HandsControllersDownThatTheHostOffersAndNobodyHasYet() throws IOException {
        file("cgroup.controllers", "cpu memory\n");
        file("cgroup.subtree_control", "memory\n");
        make().close();
        assertThat(text(root.resolve("cgroup.subtree_control"))).as("the last thing written; memory was there, pids is not offered")
                .startsWith("+cpu").doesNotContain("pids");
    }

    @Test
    void version2WithoutControllersSetsNoLimit() throws IOException {
        file("cgroup.controllers", "\n");
        file("cgroup.subtree_control", "\n");
        try (ControlGroups groups = make()) {
            Path group = groups.processFiles().get(0).getParent();
            assertThat(group.resolve("memory.max")).doesNotExist();
            assertThat(group.resolve("cpu.max")).doesNotExist();
        }
    }

    @Test
    void version1IsADirectoryInEachHierarchy() throws IOException {
        for (String hierarchy : List.of("memory", "cpu", "cpuacct", "pids", "freezer")) {
            file(hierarchy + "/cgroup.procs", "");
        }
        try (ControlGroups groups = make()) {
            String name = groups.processFiles().get(0).getParent().getFileName().toString();
            assertThat(groups.processFiles()).containsExactlyInAnyOrder(root.resolve("memory/" + name + "/cgroup.procs"),
                    root.resolve("cpu/" + name + "/cgroup.procs"), root.resolve("cpuacct/" + name + "/cgroup.procs"),
                    root.resolve("pids/" + name + "/cgroup.procs"));
            assertThat(text(root.resolve("memory/" + name + "/memory.limit_in_bytes"))).isEqualTo("67108864");
            assertThat(text(root.resolve("cpu/" + name + "/cpu.cfs_quota_us"))).isEqualTo("150000");
            assertThat(text(root.resolve("pids/" + name + "/pids.max"))).isEqualTo("10");
            Files.writeString(root.resolve("cpuacct/" + name + "/cpuacct.usage"), "123456\n");
            assertThat(groups.counters().cpuNs()).hasValue(123_456);
        }
    }

    @Test
    void aHostWithoutControlGroupsHasNone() {
        try (ControlGroups groups = make()) {
            assertThat(groups.processFiles()).isEmpty();
            assertThat(groups.counters().cpuNs()).isEmpty();
        }
    }
}
