package sandglass.kvm.usf.file;

import java.nio.ByteBuffer;
import java.util.List;

/** What a path can name. */
public sealed interface Node {

    /** Unique in its image. */
    long inode();

    /**
     * A file with fixed contents.
     *
     * @param contents        read-only; use absolute accesses
     * @param modifiedSeconds since 1970; Python compares it with what its compiled files say
     */
    record RegularFile(long inode, ByteBuffer contents, long modifiedSeconds, boolean isExecutable) implements Node {

        /** Length in bytes. */
        public int sizeBytes() {
            return contents.capacity();
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
        WINDOW("/usf/window");

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
