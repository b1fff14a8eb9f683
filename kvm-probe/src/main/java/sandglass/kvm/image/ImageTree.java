package sandglass.kvm.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import sandglass.kvm.usf.file.PythonImage;

/**
 * Files, directories and links by their absolute path, parents first. A path is canonical: no {@code .}, {@code ..} or slash at its end,
 * and no link on the way to it.
 *
 * @param entries in the order of their paths
 */
public record ImageTree(Map<String, Entry> entries) {

    /** Permissions of what everybody may read. */
    public static final int READABLE = 0444;
    /** Permissions of programs and libraries. */
    public static final int EXECUTABLE = 0555;
    /** Permissions of directories. */
    public static final int DIRECTORY = 0755;
    /** Permissions of directories in which everybody may write, but remove only what is his. */
    public static final int SHARED_DIRECTORY = 01777;

    private static final int DIGEST_CHARACTERS = 24;

    public ImageTree {
        entries = Collections.unmodifiableMap(new TreeMap<>(entries));
    }

    /** What a path stands for. */
    public sealed interface Entry {

        /** Permission bits. */
        int mode();
    }

    /** A directory. */
    public record Directory(int mode) implements Entry {
    }

    /**
     * A regular file.
     *
     * @param contents        read-only; use absolute accesses
     * @param modifiedSeconds since 1970
     */
    public record RegularFile(ByteBuffer contents, long modifiedSeconds, int mode) implements Entry {
    }

    /** A symbolic link. */
    public record Link(String target) implements Entry {

        @Override
        public int mode() {
            return 0777;
        }
    }

    /** The host's Python, and the empty directories that a kernel or a container runtime mounts something on. */
    public static Builder of(PythonImage python) {
        Builder builder = new Builder();
        python.files().files().forEach((path, file) -> builder.file(path, file.contents(), file.modifiedSeconds(),
                file.isExecutable() || path.contains(".so") ? EXECUTABLE : READABLE));
        // All at the top: without the slash, they lead to the same place wherever the tree is laid down.
        python.files().links().forEach((path, target) -> builder.link(path, target.substring(1)));
        for (String path : new String[] {"/dev", "/etc", "/proc", "/run", "/sys"}) {
            builder.directory(path, DIRECTORY);
        }
        for (String path : new String[] {"/etl", "/tmp"}) {
            builder.directory(path, SHARED_DIRECTORY);
        }
        return builder;
    }

    /** Of everything in it, so that equal digests mean equal trees. */
    public String digest() {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        entries.forEach((path, entry) -> {
            update(sha256, path.getBytes(StandardCharsets.UTF_8));
            sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, entry.mode()));
            if (entry instanceof RegularFile file) {
                sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(0, file.modifiedSeconds));
                sha256.update(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.BIG_ENDIAN).putLong(0, file.contents.capacity()));
                sha256.update(file.contents.duplicate().clear());
            } else if (entry instanceof Link link) {
                update(sha256, link.target.getBytes(StandardCharsets.UTF_8));
            }
        });
        return HexFormat.of().formatHex(sha256.digest()).substring(0, DIGEST_CHARACTERS);
    }

    private static void update(MessageDigest digest, byte[] text) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, text.length));
        digest.update(text);
    }

    /** Total length of all files. */
    public long totalBytes() {
        return entries.values().stream().filter(RegularFile.class::isInstance)
                .mapToLong(entry -> ((RegularFile) entry).contents.capacity()).sum();
    }

    /** Collects entries; what is added later replaces what has the same path. */
    public static final class Builder {

        private final TreeMap<String, Entry> entries = new TreeMap<>();

        /** Adds a file, and the directories that lead to it. */
        public Builder file(String path, ByteBuffer contents, long modifiedSeconds, int mode) {
            return put(path, new RegularFile(contents.duplicate().clear().asReadOnlyBuffer(), modifiedSeconds, mode));
        }

        /** Adds a file of the program's own: readable, of 1970. */
        public Builder file(String path, byte[] contents) {
            return file(path, ByteBuffer.wrap(contents), 0, READABLE);
        }

        /** Adds a directory, and those that lead to it. */
        public Builder directory(String path, int mode) {
            return put(path, new Directory(mode));
        }

        /** Adds a symbolic link, and the directories that lead to it. */
        public Builder link(String path, String target) {
            return put(path, new Link(target));
        }

        private Builder put(String path, Entry entry) {
            if (!path.startsWith("/") || path.endsWith("/") || path.contains("//") || (path + "/").contains("/../")
                    || (path + "/").contains("/./")) {
                throw new IllegalArgumentException("no canonical absolute path: " + path);
            }
            for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
                Entry parent = entries.putIfAbsent(path.substring(0, slash), new Directory(DIRECTORY));
                if (parent != null && !(parent instanceof Directory)) {
                    throw new IllegalArgumentException(path.substring(0, slash) + " is not a directory, so there is no " + path);
                }
            }
            entries.put(path, entry);
            return this;
        }

        /** Ends. */
        public ImageTree build() {
            return new ImageTree(entries);
        }
    }
}
