package sandglass.kvm.soak;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import sandglass.kvm.measure.JavaHeap;
import sandglass.kvm.measure.Smaps;

/**
 * What this process has of the host's at an instant.
 *
 * @param invocations how many had been made by then
 * @param machines    open descriptors of virtual machines
 * @param vcpus       open descriptors of virtual processors
 * @param descriptors all open descriptors
 * @param mappings    of memory
 * @param threads     of this process
 * @param pssBytes    proportional set size, without Java's heap: pages that garbage has touched stay, and their number wanders
 * @param heapBytes   what lives on Java's heap, after a collection
 */
public record ProcessState(long invocations, long machines, long vcpus, long descriptors, long mappings, long threads, long pssBytes,
        long heapBytes) {

    private static final Path SELF = Path.of("/proc/self");

    /** Collects garbage and looks. */
    static ProcessState now(long invocations) {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        long heapBytes = runtime.totalMemory() - runtime.freeMemory();
        List<String> open = openFiles();
        return new ProcessState(invocations, count(open, "anon_inode:kvm-vm"), count(open, "anon_inode:kvm-vcpu"), open.size(), countMappings(),
                countThreads(), Smaps.ofProcess(ProcessHandle.current().pid()).pssBytes() - JavaHeap.footprint().pssBytes(), heapBytes);
    }

    private static long count(List<String> names, String start) {
        return names.stream().filter(name -> name.startsWith(start)).count();
    }

    private static List<String> openFiles() {
        try (Stream<Path> all = Files.list(SELF.resolve("fd"))) {
            return all.map(ProcessState::target).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list /proc/self/fd", e);
        }
    }

    /** What a descriptor stands for; the one that lists the directory is gone by then. */
    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static long countMappings() {
        try (BufferedReader maps = Files.newBufferedReader(SELF.resolve("maps"))) {
            return maps.lines().count();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read /proc/self/maps", e);
        }
    }

    private static long countThreads() {
        try (Stream<Path> all = Files.list(SELF.resolve("task"))) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list /proc/self/task", e);
        }
    }
}
