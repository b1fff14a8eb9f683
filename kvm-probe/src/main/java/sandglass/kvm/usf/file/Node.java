package sandglass.kvm.usf.file;

import java.nio.ByteBuffer;
import java.util.List;
import sandglass.kvm.sys.Mapping;

/** What a path can name. */
public sealed interface Node {

    /** Unique in its image. */
    long inode();

    /** A file whose contents the host holds and nobody changes. */
    sealed interface DataFile extends Node permits RegularFile, HostFile {

        /** Read-only; use absolute accesses. */
        ByteBuffer contents();

        /** Since 1970; Python compares it with what its compiled files say. */
        long modifiedSeconds();

        /** Whether it is a program or a library. */
        default boolean isExecutable() {
            return false;
        }

        /** Length in bytes. */
        default int sizeBytes() {
            return contents().capacity();
        }
    }

    /** A file of the image: what every guest has from the start. */
    record RegularFile(long inode, ByteBuffer contents, long modifiedSeconds, boolean isExecutable)
            implements DataFile {
    }

    /** A file in memory that can be mapped into guests, read-only: any number of them share it. */
    record HostFile(long inode, ByteBuffer contents, long modifiedSeconds, Backing backing) implements DataFile {
    }

    /** A file that the guest made, in its own memory. Not thread-safe. */
    final class GuestFile implements Node {

        private final long inode;
        private long address;
        private long capacityBytes;
        private long sizeBytes;
        private long modifiedSeconds;
        private boolean linked = true;

        /** An empty file. */
        public GuestFile(long inode, long modifiedSeconds) {
            this.inode = inode;
            this.modifiedSeconds = modifiedSeconds;
        }

        @Override
        public long inode() {
            return inode;
        }

        /** Where its contents start in guest memory; 0 without capacity. */
        public long address() {
            return address;
        }

        /** How long it can become where it is: whole pages. */
        public long capacityBytes() {
            return capacityBytes;
        }

        /** Its length; bytes from there to the capacity are zero. */
        public long sizeBytes() {
            return sizeBytes;
        }

        /** Since 1970. */
        public long modifiedSeconds() {
            return modifiedSeconds;
        }

        /** Whether it has a name. */
        public boolean isLinked() {
            return linked;
        }

        /** Says where its contents have been put. */
        public void place(long newAddress, long newCapacityBytes) {
            address = newAddress;
            capacityBytes = newCapacityBytes;
        }

        /** Says how long it has become. */
        public void change(long newSizeBytes, long nowSeconds) {
            sizeBytes = newSizeBytes;
            modifiedSeconds = nowSeconds;
        }

        /** Takes its name away. */
        public void unlink() {
            linked = false;
        }
    }

    /** Where the contents of a {@link HostFile} are. */
    sealed interface Backing {

        /** In memory of the host, from a page's start on; what follows in the last page are zeroes. */
        record Held(Mapping memory, long offset) implements Backing {
        }

        /** Already visible to the one guest that has the file. */
        record Shown(long guestAddress) implements Backing {
        }
    }

    /** A directory, with the names in it in order. */
    record Directory(long inode, List<Entry> entries) implements Node {
    }

    /** One name in a directory. */
    record Entry(String name, long inode, boolean isDirectory) {
    }

    /** Something the monitor implements. */
    record Device(long inode, DeviceKind kind) implements Node {
    }

    /** The devices there are: none of them is hardware. */
    enum DeviceKind {
        /** Nothing to read; writes vanish. */
        NULL("/dev/null"),
        /** Endless random bytes. */
        RANDOM("/dev/urandom"),
        /** Standard output and error. */
        LOG("/usf/log"),
        /** Reading it waits for a function to run. */
        REQUEST("/usf/request"),
        /** Writing it ends the invocation with a result. */
        ANSWER("/usf/answer"),
        /** GET and POST, carried out by the host. */
        ETL("/usf/etl"),
        /** The memory that GET fills; to be mapped. */
        WINDOW("/usf/window"),
        /** A page shared with a thread of the host that polls it; to be mapped, where the host offers one. */
        MAILBOX("/usf/mailbox");

        private final String path;

        DeviceKind(String path) {
            this.path = path;
        }

        /** Where guests open it. */
        public String path() {
            return path;
        }
    }
}
