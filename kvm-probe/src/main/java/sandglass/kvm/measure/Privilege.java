package sandglass.kvm.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process may do. */
public final class Privilege {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int EFFECTIVE = 2;

    private Privilege() {
    }

    /** Whether it runs as root: namespaces, cgroups, network devices and cache dropping need that. */
    public static boolean isRoot() {
        try {
            return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("Uid:"))
                    .anyMatch(line -> line.split("\\s+")[EFFECTIVE].equals("0"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + STATUS, e);
        }
    }
}
