package sandglass.workload;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Finds data that is not part of the project: {@code ../shared/data} beside the repository. */
public final class SharedData {

    private SharedData() {}

    /** The file or directory, or an aborted test with the reason printed. */
    public static Path require(String name) {
        Optional<Path> found = find(name);
        if (found.isEmpty()) {
            System.err.println("skipped: no ../shared/data/" + name + " beside the repository");
        }
        Assumptions.assumeTrue(found.isPresent(), "no ../shared/data/" + name + " beside the repository");
        return found.get();
    }

    private static Optional<Path> find(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isExecutable(at.resolve("sandglass")) || Files.isDirectory(at.resolve("sim-core"))) {
                Path data = at.resolve("../shared/data").resolve(name).normalize();
                return Files.exists(data) ? Optional.of(data) : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
