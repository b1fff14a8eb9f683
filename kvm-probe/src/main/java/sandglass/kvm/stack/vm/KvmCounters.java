package sandglass.kvm.stack.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import sandglass.kvm.measure.KernelCounters;

/**
 * What KVM counts for another process's machine, in debugfs (one directory a machine, named after process and descriptor).
 *
 * @param directory of one machine
 */
record KvmCounters(Path directory) {

    private static final Path ALL = Path.of("/sys/kernel/debug/kvm");

    /** Those of a process; empty without KVM, without debugfs or without the right to read it. */
    static Optional<KvmCounters> of(long pid) {
        return of(ALL, pid);
    }

    static Optional<KvmCounters> of(Path all, long pid) {
        if (!Files.isReadable(all)) {
            return Optional.empty();
        }
        try (Stream<Path> machines = Files.list(all)) {
            return machines.filter(path -> path.getFileName().toString().startsWith(pid + "-")).findFirst().map(KvmCounters::new);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The counters now. A machine that ends meanwhile has counted nothing. */
    KernelCounters now() {
        Map<String, Long> values = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file).strip();
                if (text.matches("\\d{1,18}")) {
                    values.put(file.getFileName().toString(), Long.parseLong(text));
                }
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            return KernelCounters.NONE;
        }
        return KernelCounters.of(values);
    }
}
