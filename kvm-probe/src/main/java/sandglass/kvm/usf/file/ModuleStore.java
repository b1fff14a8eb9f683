package sandglass.kvm.usf.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;

/**
 * The central store of modules [USETL, section 3.4]: a directory of unpacked pure-Python packages, read once into one
 * sealed memory file. Every guest that may import a module reads the same pages, so the host holds them once, however
 * many guests there are. Safe for use by any number of threads.
 */
public final class ModuleStore implements AutoCloseable {

    /** Apart from the inodes of the runtime image. */
    private static final long FIRST_INODE = 1L << 32;
    private static final int PAGE = Linux.PAGE_BYTES;
    private static final Set<String> NO_MODULES = Set.of("__pycache__", "bin");

    private final Fd file;
    private final Mapping memory;
    private final FileImage tree;
    private final Map<String, Node.Entry> modules;

    private record Source(Path file, String path, long offset, int sizeBytes, long modifiedSeconds) {
    }

    private ModuleStore(Fd file, Mapping memory, FileImage tree) {
        this.file = file;
        this.memory = memory;
        this.tree = tree;
        this.modules = new TreeMap<>();
        for (Node.Entry entry : ((Node.Directory) tree.find("/")).entries()) {
            String name = entry.isDirectory() ? entry.name() : withoutSuffix(entry.name());
            if (name != null && !NO_MODULES.contains(name)) {
                modules.put(name, entry);
            }
        }
    }

    /**
     * The names of the modules in a directory, without reading them.
     *
     * @throws IllegalArgumentException if there is no such directory
     */
    public static Set<String> namesIn(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            Set<String> names = new TreeSet<>();
            entries.forEach(entry -> {
                String file = entry.getFileName().toString();
                String name = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) ? file : withoutSuffix(file);
                if (name != null && !NO_MODULES.contains(name)) {
                    names.add(name);
                }
            });
            return names;
        } catch (IOException e) {
            throw new IllegalArgumentException("module store " + directory + " is no directory that can be read", e);
        }
    }

    /** The module's name, or null if the file is none. */
    private static String withoutSuffix(String file) {
        return file.endsWith(".py") ? file.substring(0, file.length() - 3) : null;
    }

    /**
     * Reads a directory such as {@code pip install --target} leaves. Links are not followed, and extension modules are
     * left out: they would need libraries that guests do not have.
     *
     * @throws IllegalArgumentException if there is no such directory, or it has 2 GiB or more
     * @throws UncheckedIOException     if a file cannot be read, or changes its size meanwhile
     */
    public static ModuleStore read(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("module store " + directory + " is no directory");
        }
        try {
            List<Source> sources = sources(directory);
            long totalBytes = PAGE;
            if (!sources.isEmpty()) {
                Source last = sources.get(sources.size() - 1);
                totalBytes += last.offset + pages(last.sizeBytes);
            }
            if (totalBytes > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("module store " + directory + " has " + totalBytes
                        + " bytes, at most 2 GiB");
            }
            return load(sources, totalBytes);
        } catch (IOException e) {
            throw new UncheckedIOException("module store " + directory, e);
        }
    }

    private static long pages(long bytes) {
        return (bytes + PAGE - 1) / PAGE * PAGE;
    }

    private static List<Source> sources(Path root) throws IOException {
        List<Source> sources = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            private long nextOffset;

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !file.toString().endsWith(".so")) {
                    int sizeBytes = (int) Math.min(Integer.MAX_VALUE, attributes.size());
                    sources.add(new Source(file, "/" + root.relativize(file), nextOffset, sizeBytes,
                            attributes.lastModifiedTime().toMillis() / 1000));
                    nextOffset += pages(sizeBytes);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return sources;
    }

    private static ModuleStore load(List<Source> sources, long totalBytes) throws IOException {
        Fd file = Linux.memoryFile("usf-modules", pages(totalBytes));
        try {
            try (Mapping writable = Linux.map(file, 0, pages(totalBytes), Linux.Sharing.SHARED)) {
                for (Source source : sources) {
                    byte[] contents = Files.readAllBytes(source.file);
                    if (contents.length != source.sizeBytes) {
                        throw new IOException(source.file + " changed while it was read");
                    }
                    writable.bytes().put((int) source.offset, contents);
                }
            }
            Linux.seal(file, EnumSet.allOf(Linux.Seal.class));
            Mapping memory = Linux.map(file, 0, pages(totalBytes), Linux.Sharing.READ_ONLY);
            FileImage.Builder tree = FileImage.Builder.withoutDevices(FIRST_INODE);
            sources.forEach(source -> tree.shared(source.path, memory, source.offset, source.sizeBytes,
                    source.modifiedSeconds));
            return new ModuleStore(file, memory, tree.build());
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The names of all modules. */
    public Set<String> modules() {
        return Set.copyOf(modules.keySet());
    }

    /** How much memory of the host the store takes, in bytes: whole pages for each file. */
    public long sizeBytes() {
        return memory.sizeBytes();
    }

    /**
     * One user's directory: links to some of the modules.
     *
     * @throws IllegalArgumentException naming all modules that the store lacks
     */
    public ModuleDirectory directory(Collection<String> names) {
        Set<String> missing = new TreeSet<>(names);
        missing.removeAll(modules.keySet());
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("the module store has no " + String.join(", ", missing) + "; it has "
                    + String.join(", ", modules.keySet()));
        }
        List<Node.Entry> links = new TreeSet<>(names).stream().map(modules::get).toList();
        return new ModuleDirectory(tree, links);
    }

    /** Frees the memory; no guest may use it any more. */
    @Override
    public void close() {
        memory.close();
        file.close();
    }
}
