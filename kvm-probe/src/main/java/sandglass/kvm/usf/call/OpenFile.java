package sandglass.kvm.usf.call;

import sandglass.kvm.usf.file.Node;

/** An open file: what it is and how far it has been read. Descriptors made by dup(2) share one. */
final class OpenFile {

    private final Node node;
    private final String path;
    private long offset;

    OpenFile(Node node, String path, long offset) {
        this.node = node;
        this.path = path;
        this.offset = offset;
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
        return new OpenFile(node, path, offset);
    }
}
