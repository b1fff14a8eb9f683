package sandglass.experiment.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sandglass.experiment.store.ResultStore;
import sandglass.experiment.write.CanonicalJson;
import sandglass.sim.SimExecutor;
import sandglass.workload.arrival.Arrivals;

/**
 * Which build of the simulator wrote a directory's results. A scenario's digest does not cover the program, so results of an older
 * build are taken for this one's unless somebody says so.
 */
final class Build {

    private static final String FILE = ".build";
    private static final List<Class<?>> SIMULATOR = List.of(SimExecutor.class, Arrivals.class);

    private Build() {}

    /** Notes this build in a directory that has results or will have; gives a warning if another build's results are there. */
    static Optional<String> note(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            String mine = fingerprint();
            boolean results = Files.exists(directory.resolve(ResultStore.FILE));
            if (!results || !Files.exists(file)) {
                Files.writeString(file, mine + "\n");
                return Optional.empty();
            }
            return Files.readString(file).strip().equals(mine) ? Optional.empty() : Optional.of(directory.resolve(ResultStore.FILE)
                    + " holds results of another build of Sandglass; they are used as they are (--fresh runs everything again)");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note the build in " + file, e);
        }
    }

    /** Sets a directory's results aside under a name that is free, so that everything is run again. */
    static void setAside(Path directory) {
        Path file = directory.resolve(ResultStore.FILE);
        try {
            int number = 1;
            while (Files.exists(directory.resolve(ResultStore.FILE + "." + number))) {
                number++;
            }
            if (Files.exists(file)) {
                Files.move(file, directory.resolve(ResultStore.FILE + "." + number));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot set " + file + " aside", e);
        }
    }

    /** A digest of the simulator's and the workloads' program files. */
    private static String fingerprint() throws IOException {
        MessageDigest digest = CanonicalJson.sha256();
        for (Class<?> part : SIMULATOR) {
            Path root = location(part);
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    digest.update(root.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                    digest.update(Files.readAllBytes(file));
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static Path location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the program lies at no place that has a name", e);
        }
    }
}
