package sandglass.kvm.usf.file;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sandglass.kvm.sys.Mapping;

/** A read-only tree of files. Safe for use by any number of threads. */
public final class FileImage {

    private static final int MAX_LINKS = 16;

    private final Map<String, Node> nodes;
    private final Map<String, String> links;

    private FileImage(Map<String, Node> nodes, Map<String, String> links) {
        this.nodes = nodes;
        this.links = links;
    }

    /**
     * Follows a path, through {@code .}, {@code ..} and links, from the root.
     *
     * @return what it names, or null for nothing
     */
    public Node find(String path) {
        Node direct = nodes.get(path);
        return direct != null ? direct : nodes.get(canonical(path));
    }

    /** The path without {@code .}, {@code ..}, doubled slashes and links; {@code ..} at the root stays there. */
    public String canonical(String path) {
        Deque<String> todo = new ArrayDeque<>(List.of(path.split("/")));
        Deque<String> done = new ArrayDeque<>();
        int followed = 0;
        while (!todo.isEmpty()) {
            String part = todo.pop();
            if (part.equals("..")) {
                done.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                done.addLast(part);
                String target = links.get(join(done));
                if (target != null && followed++ < MAX_LINKS) {
                    done.clear();
                    List<String> parts = new ArrayList<>(List.of(target.split("/")));
                    Collections.reverse(parts);
                    parts.forEach(todo::push);
                }
            }
        }
        return join(done);
    }

    private static String join(Deque<String> parts) {
        return "/" + String.join("/", parts);
    }

    /** Every file with contents, by its path. */
    public Map<String, Node.DataFile> files() {
        Map<String, Node.DataFile> files = new TreeMap<>();
        nodes.forEach((path, node) -> {
            if (node instanceof Node.DataFile file) {
                files.put(path, file);
            }
        });
        return files;
    }

    /** The paths that stand for others, with those. */
    public Map<String, String> links() {
        return links;
    }

    /** How many bytes all regular files have. */
    public long totalBytes() {
        return nodes.values().stream().filter(Node.DataFile.class::isInstance)
                .mapToLong(node -> ((Node.DataFile) node).sizeBytes()).sum();
    }

    /** How many regular files there are. */
    public long fileCount() {
        return nodes.values().stream().filter(Node.DataFile.class::isInstance).count();
    }

    /** Collects files, then makes the image. The devices are always there. */
    public static final class Builder {

        private final Map<String, Node> nodes = new TreeMap<>();
        private final Map<String, String> links = new HashMap<>();
        private long nextInode;

        private Builder(long firstInode) {
            nextInode = firstInode;
        }

        /** Starts with nothing but the devices. */
        public Builder() {
            this(2);
            for (Node.DeviceKind kind : Node.DeviceKind.values()) {
                nodes.put(kind.path(), new Node.Device(nextInode++, kind));
            }
        }

        /** Adds a file, in place of any that has the path. */
        public Builder file(String path, byte[] contents, long modifiedSeconds, boolean isExecutable) {
            return file(path, ByteBuffer.wrap(contents), modifiedSeconds, isExecutable);
        }

        /** The same, with all of a buffer as contents, which nobody changes any more. */
        Builder file(String path, ByteBuffer contents, long modifiedSeconds, boolean isExecutable) {
            nodes.put(path, new Node.RegularFile(nextInode++, contents.asReadOnlyBuffer(), modifiedSeconds, isExecutable));
            return this;
        }

        /** Starts with nothing at all; for trees that are seen beside another one, whose inodes are lower. */
        static Builder withoutDevices(long firstInode) {
            return new Builder(firstInode);
        }

        /** Adds a file whose contents lie in memory that guests can share, from a page's start on. */
        Builder shared(String path, Mapping memory, long offset, int sizeBytes, long modifiedSeconds) {
            nodes.put(path, new Node.HostFile(nextInode++, memory.bytes().slice((int) offset, sizeBytes)
                    .asReadOnlyBuffer(), modifiedSeconds, new Node.Backing.Held(memory, offset)));
            return this;
        }

        /** Makes one path stand for another; both without links of their own. */
        public Builder link(String path, String target) {
            links.put(path, target);
            return this;
        }

        /** Whether a path has been added. */
        public boolean has(String path) {
            return nodes.containsKey(path);
        }

        /** Adds the directories that the files imply, and ends. */
        public FileImage build() {
            Map<String, List<Node.Entry>> entries = new TreeMap<>();
            entries.put("/", new ArrayList<>());
            Map<String, Long> inodes = new HashMap<>();
            inodes.put("/", 1L);
            for (String path : List.copyOf(nodes.keySet())) {
                addParents(path, entries, inodes);
                entries.get(parent(path)).add(new Node.Entry(name(path), nodes.get(path).inode(), false));
            }
            entries.forEach((path, list) -> nodes.put(path, new Node.Directory(inodes.get(path), List.copyOf(list))));
            return new FileImage(new HashMap<>(nodes), Map.copyOf(links));
        }

        private void addParents(String path, Map<String, List<Node.Entry>> entries, Map<String, Long> inodes) {
            String directory = parent(path);
            if (!entries.containsKey(directory)) {
                entries.put(directory, new ArrayList<>());
                inodes.put(directory, nextInode++);
                addParents(directory, entries, inodes);
                entries.get(parent(directory)).add(new Node.Entry(name(directory), inodes.get(directory), true));
            }
        }

        private static String parent(String path) {
            int slash = path.lastIndexOf('/');
            return slash == 0 ? "/" : path.substring(0, slash);
        }

        private static String name(String path) {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }
}
