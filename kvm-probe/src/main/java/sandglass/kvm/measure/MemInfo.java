package sandglass.kvm.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the host's memory is used, in bytes by the names of /proc/meminfo (proc(5)): what is available, and who took the
 * rest. It counts all processes, not only this one.
 */
public record MemInfo(Map<String, Long> bytes) {

    private static final Path FILE = Path.of("/proc/meminfo");
    private static final List<String> NAMES = List.of("MemAvailable", "AnonPages", "Shmem", "Slab", "VmallocUsed", "PageTables",
            "SecPageTables", "KernelStack", "SUnreclaim", "Percpu");
    private static final int KIB = 1024;

    /** As it is now; a name that this kernel does not have is absent. */
    public static MemInfo now() {
        Map<String, Long> bytes = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(FILE)) {
                int colon = line.indexOf(':');
                if (NAMES.contains(line.substring(0, colon))) {
                    String kib = line.substring(colon + 1).replace("kB", "").strip();
                    bytes.put(line.substring(0, colon), Long.parseLong(kib) * KIB);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FILE, e);
        }
        return new MemInfo(bytes);
    }

    /** What processes could still get. */
    public long availableBytes() {
        return bytes.get("MemAvailable");
    }

    /** By how much each number has grown; that of MemAvailable by how much it has fallen. */
    public Map<String, Long> since(MemInfo before) {
        Map<String, Long> grown = new LinkedHashMap<>();
        bytes.forEach((name, now) -> {
            long difference = now - before.bytes.getOrDefault(name, 0L);
            grown.put(name, name.equals("MemAvailable") ? -difference : difference);
        });
        return grown;
    }
}
