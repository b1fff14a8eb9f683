package sandglass.kvm.usf.call;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.usf.file.Node;
import sandglass.kvm.vm.GuestMemory;

/**
 * The region of the memory file system that the guest produces [USETL, section 3.3]: contents in guest memory, where
 * recycling erases them with everything else, and a table that only the guest's own system calls change. Not
 * thread-safe.
 */
final class UsfRegion {

    private static final long FIRST_INODE = 1L << 42;
    private static final int PAGE = 4096;

    private final GuestMemory memory;
    private final PageAllocator pages;
    private final long maxBytes;
    private final int maxFiles;
    private final TreeMap<String, Node> table = new TreeMap<>();
    /** Files of the host that the guest deleted: gone for this guest. */
    private final Set<String> removed = new HashSet<>();
    private long usedBytes;
    private long nextInode = FIRST_INODE;

    /** A call that the file system refuses. */
    static final class RefusedException extends Exception {
        private final int errno;

        RefusedException(int errno) {
            super(Errno.name(errno), null, false, false);
            this.errno = errno;
        }

        int errno() {
            return errno;
        }
    }

    UsfRegion(GuestMemory memory, PageAllocator pages, long maxBytes, int maxFiles) {
        this.memory = memory;
        this.pages = pages;
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
    }

    /** Forgets all files; their memory is the allocator's to restore. */
    void clear() {
        table.clear();
        removed.clear();
        usedBytes = 0;
        nextInode = FIRST_INODE;
    }

    boolean isEmpty() {
        return table.isEmpty() && removed.isEmpty();
    }

    /** A file or directory, or null. */
    Node get(String path) {
        return table.get(path);
    }

    boolean isRemoved(String path) {
        return removed.contains(path);
    }

    /** Hides a file of the host's. */
    void hide(String path) {
        removed.add(path);
    }

    /** The names directly in a directory. */
    List<Node.Entry> entries(String directory) {
        List<Node.Entry> entries = new ArrayList<>();
        String prefix = directory + "/";
        for (Map.Entry<String, Node> entry : table.tailMap(prefix).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            String name = entry.getKey().substring(prefix.length());
            if (name.indexOf('/') < 0) {
                entries.add(new Node.Entry(name, entry.getValue().inode(), entry.getValue() instanceof Node.Directory));
            }
        }
        return entries;
    }

    /** Adds an empty file. */
    Node.GuestFile create(String path, long nowSeconds) throws RefusedException {
        checkRoom();
        Node.GuestFile file = new Node.GuestFile(nextInode++, nowSeconds);
        table.put(path, file);
        return file;
    }

    void createDirectory(String path) throws RefusedException {
        checkRoom();
        table.put(path, new Node.Directory(nextInode++, List.of()));
    }

    private void checkRoom() throws RefusedException {
        if (table.size() >= maxFiles) {
            throw new RefusedException(Errno.ENOSPC);
        }
    }

    /** Takes a name away. A file's memory stays until {@link #free}: it may still be open. */
    Node remove(String path) {
        Node node = table.remove(path);
        if (node instanceof Node.GuestFile file) {
            file.unlink();
        }
        return node;
    }

    /** Gives a name, and all names below it, another path. */
    void move(String from, String to) {
        List<String> below = List.copyOf(table.subMap(from + "/", from + "0").keySet());
        table.put(to, table.remove(from));
        below.forEach(path -> table.put(to + path.substring(from.length()), table.remove(path)));
    }

    /** Frees the memory of a file without a name that is not open any more. */
    void free(Node.GuestFile file) {
        if (file.capacityBytes() > 0) {
            pages.give(file.address(), file.capacityBytes());
            usedBytes -= file.capacityBytes();
            file.place(0, 0);
        }
    }

    /**
     * Writes; a gap behind the old end reads as zeroes.
     *
     * @return how many bytes were written, all of them
     */
    long write(Node.GuestFile file, long offset, ByteBuffer data, long nowSeconds) throws RefusedException {
        long end = offset + data.capacity();
        if (offset < 0 || end < 0 || end > maxBytes) {
            throw new RefusedException(Errno.ENOSPC);
        }
        ensureCapacity(file, end);
        if (data.capacity() > 0) {
            memory.put(file.address() + offset, data, 0, data.capacity());
            file.change(Math.max(file.sizeBytes(), end), nowSeconds);
        }
        return data.capacity();
    }

    void truncate(Node.GuestFile file, long sizeBytes, long nowSeconds) throws RefusedException {
        if (sizeBytes < 0) {
            throw new RefusedException(Errno.EINVAL);
        }
        if (sizeBytes > maxBytes) {
            throw new RefusedException(Errno.ENOSPC);
        }
        ensureCapacity(file, sizeBytes);
        if (sizeBytes < file.sizeBytes()) {
            memory.zero(file.address() + sizeBytes, file.sizeBytes() - sizeBytes);
        }
        file.change(sizeBytes, nowSeconds);
    }

    /** Doubles where possible, so that a file written in small pieces is moved a few times only. */
    private void ensureCapacity(Node.GuestFile file, long neededBytes) throws RefusedException {
        long old = file.capacityBytes();
        if (neededBytes <= old) {
            return;
        }
        long needed = (neededBytes + PAGE - 1) / PAGE * PAGE;
        long room = maxBytes - usedBytes + old;
        if (needed > room) {
            throw new RefusedException(Errno.ENOSPC);
        }
        long wanted = Math.max(needed, Math.min(2 * old, room / PAGE * PAGE));
        long address = reserve(file, wanted);
        if (address < 0 && wanted > needed) {
            wanted = needed;
            address = reserve(file, wanted);
        }
        if (address < 0) {
            throw new RefusedException(Errno.ENOSPC);
        }
        usedBytes += wanted - old;
        file.place(address, wanted);
    }

    private long reserve(Node.GuestFile file, long bytes) {
        return file.capacityBytes() == 0 ? pages.take(bytes)
                : pages.resize(file.address(), file.capacityBytes(), bytes, true);
    }

    /** Copies from a file into guest memory. */
    long read(Node.GuestFile file, long offset, long address, long lengthBytes) {
        if (offset < 0 || offset >= file.sizeBytes()) {
            return 0;
        }
        int count = (int) Math.min(lengthBytes, file.sizeBytes() - offset);
        memory.put(address, memory.ram(), (int) (file.address() + offset), count);
        return count;
    }
}
