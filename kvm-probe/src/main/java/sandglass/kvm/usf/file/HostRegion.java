package sandglass.kvm.usf.file;

import java.nio.ByteBuffer;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;

/**
 * The region of the memory file system that the host produces [USETL, section 3.3]: files in shared memory, read-only
 * for guests, for any number of them at once. One thread places files; guests that already run see each as soon as it
 * is complete.
 */
public final class HostRegion implements AutoCloseable {

    /** Names that need no quoting anywhere, and cannot lead out of a directory. */
    private static final String NAME = "[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}";
    /** Apart from the inodes of images and module stores. */
    private static final long FIRST_INODE = 1L << 41;

    private final Mapping memory;
    private final OffsetTable table;
    private long usedBytes;
    private long nextInode = FIRST_INODE;

    /** Placing a file failed because the region is full. */
    public static final class FullException extends RuntimeException {
        FullException(String reason) {
            super(reason);
        }
    }

    /**
     * An empty region. Memory is taken from the host as it is used.
     *
     * @param capacityBytes how much all files together may take, in whole pages, below 2 GiB
     */
    public HostRegion(long capacityBytes, int maxFiles) {
        this.memory = Linux.mapAnonymous(capacityBytes);
        this.table = new OffsetTable(maxFiles);
    }

    /**
     * Places a file under {@code /etl}; for one thread at a time.
     *
     * @param name            1 to 100 letters, digits, dots, dashes and underscores, not starting with a dot
     * @param modifiedSeconds since 1970
     * @throws IllegalArgumentException if the name is no such name, or taken
     * @throws FullException            if there is no room
     */
    public void place(String name, ByteBuffer contents, long modifiedSeconds) {
        if (!name.matches(NAME) || table.find(name) != null) {
            throw new IllegalArgumentException("file name '" + name + "' is taken or not of the form " + NAME);
        }
        int sizeBytes = contents.remaining();
        long pageBytes = (sizeBytes + Linux.PAGE_BYTES - 1L) / Linux.PAGE_BYTES * Linux.PAGE_BYTES;
        if (pageBytes > memory.sizeBytes() - usedBytes) {
            throw new FullException(name + " has " + sizeBytes + " bytes; " + (memory.sizeBytes() - usedBytes)
                    + " are left");
        }
        memory.bytes().put((int) usedBytes, contents, contents.position(), sizeBytes);
        Node.HostFile file = new Node.HostFile(nextInode, memory.bytes().slice((int) usedBytes, sizeBytes)
                .asReadOnlyBuffer(), modifiedSeconds, new Node.Backing.Held(memory, usedBytes));
        if (!table.add(name, file)) {
            throw new FullException("no room for the name " + name);
        }
        nextInode++;
        usedBytes += pageBytes;
    }

    /** What is in it. */
    public OffsetTable table() {
        return table;
    }

    /** Frees the memory; no guest may use it any more. */
    @Override
    public void close() {
        memory.close();
    }
}
