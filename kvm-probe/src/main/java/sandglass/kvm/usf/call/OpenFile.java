package sandglass.kvm.usf.call;

import sandglass.kvm.usf.file.Node;

/** An open file: what it is and how far it has been read. Descriptors made by dup(2) share one. */
final class OpenFile {

    static final int O_ACCMODE = 3;
    static final int O_WRONLY = 1;
    static final int O_APPEND = 0x400;

    private final Node node;
    private final String path;
    private final int flags;
    private long offset;

    OpenFile(Node node, String path, long offset) {
        this(node, path, offset, 0);
    }

    OpenFile(Node node, String path, long offset, int flags) {
        this.node = node;
        this.path = path;
        this.offset = offset;
        this.flags = flags;
    }

    /** The flags of open(2) that stay with the file. */
    int flags() {
        return flags;
    }

    boolean isReadable() {
        return (flags & O_ACCMODE) != O_WRONLY;
    }

    boolean isWritable() {
        return (flags & O_ACCMODE) != 0;
    }

    boolean isAppending() {
        return (flags & O_APPEND) != 0;
    }

    Node node() {
        return node;
    }

    String path() {
        return path;
    }

    long offset() {
        return offset;
    }

    void seek(long newOffset) {
        offset = newOffset;
    }

    OpenFile copy() {
        return new OpenFile(node, path, offset, flags);
    }
}
