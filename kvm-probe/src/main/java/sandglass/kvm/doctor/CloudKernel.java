package sandglass.kvm.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sandglass.run.UnsupportedHereException;

/**
 * Debian's kernel for virtual machines, fetched and unpacked but not installed: {@code ~/.cache/sandglass/backend/PACKAGE}, which
 * {@code backend-check} uses too. One that is not {@code complete} was being unpacked when somebody was killed, and is made anew.
 */
public final class CloudKernel {

    private static final String FLAVOUR = "linux-image-cloud-amd64";
    private static final String COMPLETE = "complete";
    private static final Pattern PACKAGE = Pattern.compile("Depends: (linux-image-[0-9]\\S*)");
    private static final int LOOK_LIMIT_S = 30;
    private static final int FETCH_LIMIT_S = 600;

    private final Path cache;
    private final Commands commands;

    CloudKernel(Path cache, Commands commands) {
        this.cache = cache;
        this.commands = commands;
    }

    /** This user's. */
    public static CloudKernel ofThisUser() {
        return new CloudKernel(cacheOfThisUser().resolve("backend"), Commands.ofThisHost());
    }

    static Path cacheOfThisUser() {
        return Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).filter(text -> text.startsWith("/")).map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache")).resolve("sandglass");
    }

    /**
     * The newest that is unpacked: the directory with {@code boot/vmlinuz-RELEASE} and {@code lib/modules/RELEASE}.
     *
     * @return empty if none is
     */
    public Optional<Path> find() {
        if (!Files.isDirectory(cache)) {
            return Optional.empty();
        }
        try (Stream<Path> packages = Files.list(cache)) {
            return packages.filter(path -> path.getFileName().toString().matches("linux-image-.*cloud.*")
                    && Files.exists(path.resolve(COMPLETE)) && image(path).isPresent())
                    .max(Comparator.comparing(path -> path.getFileName().toString()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The kernel itself in an unpacked package. */
    public static Optional<Path> image(Path unpacked) {
        try (Stream<Path> files = Files.list(unpacked.resolve("boot"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("vmlinuz-")).findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The package that Debian's archive has now, as far as this host knows; empty where there is no such archive. */
    Optional<String> available() {
        Matcher match = PACKAGE.matcher(commands.run(LOOK_LIMIT_S, "apt-cache", "depends", FLAVOUR).said());
        return match.find() ? Optional.of(match.group(1)) : Optional.empty();
    }

    /**
     * Fetches and unpacks the package, if need be.
     *
     * @throws UnsupportedHereException if that is not possible here
     */
    public Path fetch() throws UnsupportedHereException {
        String name = available().orElseThrow(() -> new UnsupportedHereException("the package archive of this host knows no " + FLAVOUR,
                "sudo apt-get update, on Debian"));
        Path unpacked = cache.resolve(name);
        if (Files.exists(unpacked.resolve(COMPLETE))) {
            return unpacked;
        }
        try {
            remove(unpacked);
            Files.createDirectories(unpacked);
            must(commands.run(List.of("sh", "-c", "cd \"$1\" && apt-get download -q -o APT::Sandbox::User=root \"$2\"", "sh",
                    unpacked.toString(), name), FETCH_LIMIT_S), name);
            must(commands.run(List.of("sh", "-c", "cd \"$1\" && dpkg -x ./*.deb . && rm ./*.deb", "sh", unpacked.toString()),
                    FETCH_LIMIT_S), name);
            Files.createFile(unpacked.resolve(COMPLETE));
            return unpacked;
        } catch (IOException e) {
            throw new UnsupportedHereException("cannot unpack " + name + " in " + cache + ": " + e, "make room there for 400 MB");
        }
    }

    private static void must(Commands.Outcome outcome, String name) throws UnsupportedHereException {
        if (!outcome.succeeded()) {
            throw new UnsupportedHereException("cannot fetch " + name + ": " + outcome.lastLine(),
                    "sudo apt-get update, and see whether 'apt-get download " + name + "' works");
        }
    }

    private static void remove(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }
}
