package sandglass.kvm.stack.vm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sandglass.run.UnsupportedHereException;

/**
 * A stock Linux kernel for guests: a Debian package, fetched by apt-get and unpacked into the user's cache, never installed.
 *
 * @param release   as of {@code uname -r}
 * @param image     what QEMU boots
 * @param directory where its modules lie
 */
public record GuestKernel(String release, Path image, Path directory) {

    private static final List<String> FLAVOURS = List.of("cloud-amd64", "amd64");
    private static final Pattern DEPENDS = Pattern.compile("(?m)^\\s*Depends: (linux-image-[0-9]\\S*)$");
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final String PREFIX = "linux-image-";
    private static final String COMPLETE = "complete";
    private static final long FETCH_LIMIT_S = 600;
    private static final long UNPACK_LIMIT_S = 120;

    /**
     * The newest kernel in a cache; if there is none, the newest that apt-get knows is fetched into it.
     *
     * @param cache need not exist
     * @throws UnsupportedHereException if there is none and none can be fetched
     */
    static GuestKernel of(Path cache) throws UnsupportedHereException {
        Optional<GuestKernel> known = newest(cache);
        return known.isPresent() ? known.get() : fetch(cache);
    }

    private static Optional<GuestKernel> newest(Path cache) {
        if (!Files.isDirectory(cache)) {
            return Optional.empty();
        }
        try (Stream<Path> found = Files.list(cache)) {
            return found.filter(path -> path.getFileName().toString().startsWith(PREFIX) && Files.exists(path.resolve(COMPLETE)))
                    .flatMap(path -> at(path).stream()).max(Comparator.comparing(GuestKernel::release, GuestKernel::compareVersions));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + cache, e);
        }
    }

    /** By their numbers, one after the other. */
    static int compareVersions(String one, String other) {
        List<Integer> left = numbers(one);
        List<Integer> right = numbers(other);
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            int order = left.get(i).compareTo(right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    private static List<Integer> numbers(String version) {
        List<Integer> numbers = new ArrayList<>();
        Matcher number = NUMBER.matcher(version);
        while (number.find()) {
            numbers.add(Integer.parseInt(number.group().substring(0, Math.min(9, number.group().length()))));
        }
        return numbers;
    }

    private static Optional<GuestKernel> at(Path unpacked) {
        try (Stream<Path> images = Files.list(unpacked.resolve("boot"))) {
            return images.filter(path -> path.getFileName().toString().startsWith("vmlinuz-")).findFirst().map(image -> {
                String release = image.getFileName().toString().substring("vmlinuz-".length());
                // Newer packages have their modules below /usr.
                Path modules = Stream.of("lib/modules", "usr/lib/modules").map(part -> unpacked.resolve(part).resolve(release))
                        .filter(Files::isDirectory).findFirst().orElse(unpacked);
                return new GuestKernel(release, image, modules);
            });
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static GuestKernel fetch(Path cache) throws UnsupportedHereException {
        List<String> problems = new ArrayList<>();
        for (String flavour : FLAVOURS) {
            try {
                String name = newestPackage(PREFIX + flavour);
                Path target = cache.resolve(name);
                download(name, target);
                Optional<GuestKernel> kernel = at(target);
                if (kernel.isPresent()) {
                    return kernel.get();
                }
                problems.add("no kernel in package " + name);
            } catch (HostCommand.FailedException | IOException e) {
                problems.add(e.getMessage());
            }
        }
        throw new UnsupportedHereException("no Linux kernel to boot in " + cache + ": " + String.join("; ", problems),
                "sudo apt-get update, then again; or unpack a package linux-image-VERSION-cloud-amd64 there (dpkg -x PACKAGE.deb DIR) and"
                + " create an empty file 'complete' beside its boot directory");
    }

    /** The package that a meta package stands for, the highest version if there are several. */
    private static String newestPackage(String metaPackage) throws HostCommand.FailedException {
        Matcher depends = DEPENDS.matcher(HostCommand.run(UNPACK_LIMIT_S, Path.of("/"), "apt-cache", "depends", metaPackage));
        return depends.results().map(match -> match.group(1)).max(GuestKernel::compareVersions)
                .orElseThrow(() -> new HostCommand.FailedException("apt-cache knows no package " + metaPackage));
    }

    /** Under a name of its own until it is whole. */
    private static void download(String name, Path target) throws HostCommand.FailedException, IOException {
        Path unfinished = target.resolveSibling(".unfinished-" + ProcessHandle.current().pid() + "-" + name);
        Files.createDirectories(unfinished);
        try {
            HostCommand.run(FETCH_LIMIT_S, unfinished, "apt-get", "download", "-q", name);
            try (Stream<Path> files = Files.list(unfinished)) {
                Path archive = files.filter(path -> path.toString().endsWith(".deb")).findFirst()
                        .orElseThrow(() -> new HostCommand.FailedException("apt-get download " + name + " left no package"));
                HostCommand.run(UNPACK_LIMIT_S, unfinished, "dpkg", "-x", archive.toString(), unfinished.toString());
                Files.delete(archive);
            }
            Files.createFile(unfinished.resolve(COMPLETE));
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                HostCommand.deleteTree(target);
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            if (Files.exists(unfinished)) {
                HostCommand.deleteTree(unfinished);
            }
        }
    }

    /**
     * Modules and what they depend on, in an order in which they can be loaded, as the kernel wants them: uncompressed. What is built
     * into the kernel is left out.
     *
     * @param names without endings
     * @throws UnsupportedHereException if the kernel has neither module nor built-in driver of a name
     */
    Map<String, byte[]> modules(List<String> names, Path interpreter) throws UnsupportedHereException {
        Map<String, Path> files = new LinkedHashMap<>();
        String builtIn;
        try (Stream<Path> found = Files.walk(directory)) {
            found.filter(path -> path.getFileName().toString().contains(".ko")).forEach(path -> files.put(moduleName(path), path));
            Path list = directory.resolve("modules.builtin");
            builtIn = Files.exists(list) ? Files.readString(list).replace('-', '_') : "";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
        Map<String, byte[]> ordered = new LinkedHashMap<>();
        for (String name : names) {
            add(name, files, builtIn, interpreter, ordered);
        }
        return ordered;
    }

    private static String moduleName(Path path) {
        String file = path.getFileName().toString();
        return file.substring(0, file.indexOf(".ko")).replace('-', '_');
    }

    private void add(String name, Map<String, Path> files, String builtIn, Path interpreter, Map<String, byte[]> ordered)
            throws UnsupportedHereException {
        if (ordered.containsKey(name)) {
            return;
        }
        Path file = files.get(name);
        if (file == null) {
            if (builtIn.contains("/" + name + ".ko")) {
                return;
            }
            throw new UnsupportedHereException("the kernel " + release + " has no driver " + name,
                    "rm -r " + image.getParent().getParent() + ", so that another kernel is fetched");
        }
        byte[] module = uncompressed(file, interpreter);
        for (String dependency : depends(module)) {
            add(dependency, files, builtIn, interpreter, ordered);
        }
        ordered.put(name, module);
    }

    private byte[] uncompressed(Path file, Path interpreter) throws UnsupportedHereException {
        try {
            String name = file.getFileName().toString();
            if (name.endsWith(".ko")) {
                return Files.readAllBytes(file);
            }
            if (name.endsWith(".xz")) {
                return HostCommand.output(UNPACK_LIMIT_S, Path.of("/"), interpreter.toString(), "-I", "-S", "-c",
                        "import lzma, sys; sys.stdout.buffer.write(lzma.open(sys.argv[1]).read())", file.toString());
            }
            return HostCommand.output(UNPACK_LIMIT_S, Path.of("/"), "zstd", "-qdc", file.toString());
        } catch (IOException | HostCommand.FailedException e) {
            throw new UnsupportedHereException("cannot read the kernel's module " + file + ": " + e.getMessage(),
                    "sudo apt-get install -y zstd, if it ends in .zst");
        }
    }

    /** The section .modinfo says {@code depends=a,b}; names there may have dashes. */
    private static List<String> depends(byte[] module) {
        String text = new String(module, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\0depends=");
        if (at < 0) {
            return List.of();
        }
        int begin = at + "\0depends=".length();
        return Stream.of(text.substring(begin, text.indexOf('\0', begin)).split(",")).filter(part -> !part.isEmpty())
                .map(part -> part.replace('-', '_')).toList();
    }
}
