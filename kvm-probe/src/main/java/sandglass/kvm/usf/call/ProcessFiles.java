package sandglass.kvm.usf.call;

import java.util.ArrayList;
import java.util.List;
import sandglass.kvm.usf.file.Assignment;
import sandglass.kvm.usf.file.FileImage;
import sandglass.kvm.usf.file.Node;

/**
 * All that a process can name: the image that every process has, and beside it what was assigned to this one. Not
 * thread-safe.
 */
final class ProcessFiles {

    private static final String MODULES = "/modules";
    private static final long MODULES_INODE = 1L << 40;

    private final FileImage image;
    private Assignment assignment = Assignment.NONE;

    ProcessFiles(FileImage image) {
        this.image = image;
    }

    void assign(Assignment newAssignment) {
        assignment = newAssignment;
    }

    /** Forgets everything but the image. */
    void clear() {
        assignment = Assignment.NONE;
    }

    /** The path from the root, without {@code .}, {@code ..} and links. */
    String canonical(String path) {
        return image.canonical(path);
    }

    /** What a path names, or null for nothing. */
    Node find(String path) {
        if (!path.startsWith(MODULES)) {
            Node node = image.find(path);
            if (node != null) {
                return node.inode() == image.find("/").inode() ? root((Node.Directory) node) : node;
            }
        }
        String canonical = image.canonical(path);
        if (assignment.modules() != null && isIn(MODULES, canonical)) {
            return assignment.modules().find(inside(MODULES, canonical));
        }
        return image.find(canonical);
    }

    private static boolean isIn(String directory, String path) {
        return path.startsWith(directory) && (path.length() == directory.length()
                || path.charAt(directory.length()) == '/');
    }

    private static String inside(String directory, String path) {
        return path.length() == directory.length() ? "/" : path.substring(directory.length());
    }

    private Node root(Node.Directory directory) {
        List<Node.Entry> entries = new ArrayList<>(directory.entries());
        if (assignment.modules() != null) {
            entries.add(new Node.Entry(MODULES.substring(1), MODULES_INODE, true));
        }
        return new Node.Directory(directory.inode(), entries);
    }
}
