package sandglass.kvm.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sandglass.run.UnsupportedHereException;

/**
 * Images laid down on disk, {@code DIGEST/root} and {@code DIGEST/image.cpio}, each made once and used by any number of programs. They
 * are copies, so that a change of the host's own files changes no image. One is built under a name that nobody looks at and then
 * renamed, so it is there whole or not at all; whoever holds the lock is the only builder, so it may remove what builders before it
 * left when they were killed.
 */
public final class ImageCache {

    private static final String UNFINISHED = ".unfinished-";
    private static final String ROOT = "root";
    private static final String ARCHIVE = "image.cpio";
    private static final int BUFFER_BYTES = 1 << 20;
    /** File locks are those of a process; this one keeps its threads apart. */
    private static final Object BUILDING = new Object();

    private final Path directory;

    /** @param directory need not exist */
    public ImageCache(Path directory) {
        this.directory = directory.toAbsolutePath();
    }

    /** The user's own, {@code ~/.cache/sandglass/image}; {@code XDG_CACHE_HOME} takes the place of {@code ~/.cache}. */
    public static ImageCache ofUser() {
        Path caches = Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).filter(text -> text.startsWith("/")).map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
        return new ImageCache(caches.resolve("sandglass").resolve("image"));
    }

    /**
     * A directory with the tree in it; nobody may write there. Its owner is the user, who can run a container from it.
     *
     * @throws UnsupportedHereException if there is no room for it, or no right to put it there
     */
    public Path root(ImageTree tree) throws UnsupportedHereException {
        return provide(tree, ROOT, ImageCache::layDown);
    }

    /**
     * An archive of the tree, see {@link CpioWriter}.
     *
     * @throws UnsupportedHereException if there is no room for it, or no right to put it there
     */
    public Path archive(ImageTree tree) throws UnsupportedHereException {
        return provide(tree, ARCHIVE, (whole, file) -> {
            try (WritableByteChannel out = Channels.newChannel(new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES))) {
                CpioWriter.write(whole, out);
            }
        });
    }

    private interface Form {

        void write(ImageTree tree, Path target) throws IOException;
    }

    private Path provide(ImageTree tree, String name, Form form) throws UnsupportedHereException {
        Path finished = directory.resolve(tree.digest()).resolve(name);
        if (Files.exists(finished)) {
            return finished;
        }
        try {
            Files.createDirectories(finished.getParent());
            synchronized (BUILDING) {
                build(tree, finished, form);
            }
            return finished;
        } catch (IOException e) {
            throw new UnsupportedHereException("cannot lay the runtime image down in " + directory + ": " + e,
                    "make " + (tree.totalBytes() >> 20) + " MiB of room there that this user may write to, or set XDG_CACHE_HOME");
        }
    }

    private void build(ImageTree tree, Path finished, Form form) throws IOException {
        try (FileChannel file = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = file.lock()) {
            removeUnfinished();
            if (!held.isValid() || Files.exists(finished)) {
                return;
            }
            Path unfinished = finished.resolveSibling(UNFINISHED + finished.getFileName());
            try {
                form.write(tree, unfinished);
                Files.move(unfinished, finished, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                remove(unfinished);
            }
        }
    }

    private void removeUnfinished() throws IOException {
        List<Path> left;
        try (Stream<Path> found = Files.find(directory, 2, (path, attributes) -> path.getFileName().toString().startsWith(UNFINISHED))) {
            left = found.toList();
        }
        for (Path path : left) {
            remove(path);
        }
    }

    private static void layDown(ImageTree tree, Path target) throws IOException {
        Files.createDirectory(target);
        for (Map.Entry<String, ImageTree.Entry> named : tree.entries().entrySet()) {
            Path path = target.resolve(named.getKey().substring(1));
            ImageTree.Entry entry = named.getValue();
            if (entry instanceof ImageTree.Link link) {
                Files.createSymbolicLink(path, Path.of(link.target()));
                continue;
            }
            if (entry instanceof ImageTree.RegularFile file) {
                try (FileChannel out = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    var contents = file.contents().duplicate().clear();
                    while (contents.hasRemaining()) {
                        out.write(contents);
                    }
                }
                Files.setLastModifiedTime(path, FileTime.from(file.modifiedSeconds(), TimeUnit.SECONDS));
                Files.setPosixFilePermissions(path, permissions(entry.mode()));
            } else {
                Files.createDirectory(path);
                Files.setPosixFilePermissions(path, permissions(entry.mode()));
            }
        }
    }

    /** Without the sticky bit, which Java has no name for; what everybody may write to is covered by a mount anyway. */
    private static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] all = PosixFilePermission.values();
        return Stream.of(all).filter(permission -> (mode >> (all.length - 1 - permission.ordinal()) & 1) != 0).collect(Collectors.toSet());
    }

    private static void remove(Path path) throws IOException {
        if (!Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
