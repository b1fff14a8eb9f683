package sandglass.kvm.usf.call;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.usf.call.UsfRegion.RefusedException;
import sandglass.kvm.usf.file.Assignment;
import sandglass.kvm.usf.file.FileImage;
import sandglass.kvm.usf.file.Node;
import sandglass.kvm.usf.file.OffsetTable;

/**
 * All that a process can name: the image that every process has; {@code /modules} and {@code /etl}, where the host puts
 * files; and the guest's own files in {@code /tmp} and {@code /etl}, which hide those of the host's. Not thread-safe.
 */
final class ProcessFiles {

    private static final String MODULES = "/modules";
    private static final String ETL = "/etl";
    private static final String TMP = "/tmp";
    /** The inodes of MODULES, ETL and TMP start here. */
    private static final long MOUNT_INODE = 1L << 40;
    private static final int MAX_DOCUMENTS = 1000;
    /** What stands for bytes of a path that are no UTF-8. */
    private static final char NO_TEXT = '\ufffd';
    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_DOCUMENT_NAME = 80;

    private final FileImage image;
    private final UsfRegion region;
    private Assignment assignment = Assignment.NONE;
    /** Documents fetched by GET; produced by the host while the guest waits for it. Null before the first. */
    private OffsetTable documents;
    private long nextDocument;

    ProcessFiles(FileImage image, UsfRegion region) {
        this.image = image;
        this.region = region;
    }

    void assign(Assignment newAssignment) {
        assignment = newAssignment;
    }

    UsfRegion region() {
        return region;
    }

    /** Forgets everything but the image. */
    void clear() {
        assignment = Assignment.NONE;
        documents = null;
        nextDocument = 0;
        region.clear();
    }

    /** What a path names, or null for nothing. */
    Node find(String path) {
        if (!path.startsWith(MODULES) && !path.startsWith(ETL) && !path.startsWith(TMP)) {
            Node node = image.find(path);
            if (node != null) {
                return node.inode() == image.find("/").inode() ? root((Node.Directory) node) : node;
            }
        }
        return mounted(image.canonical(path));
    }

    /** An absolute path as it is without {@code .}, {@code ..} and links. */
    String canonical(String path) {
        return image.canonical(path);
    }

    private Node mounted(String path) {
        if (assignment.modules() != null && isIn(MODULES, path)) {
            return assignment.modules().find(path.equals(MODULES) ? "/" : path.substring(MODULES.length()));
        }
        if (!isWritable(path)) {
            return image.find(path);
        }
        Node own = region.get(path);
        if (path.equals(TMP) || path.equals(ETL)) {
            return new Node.Directory(path.equals(TMP) ? MOUNT_INODE : MOUNT_INODE + 1, entries(path));
        }
        if (own instanceof Node.Directory directory) {
            return new Node.Directory(directory.inode(), entries(path));
        }
        return own != null || region.isRemoved(path) ? own : hostFile(path);
    }

    private static boolean isIn(String directory, String path) {
        return path.startsWith(directory) && (path.length() == directory.length()
                || path.charAt(directory.length()) == '/');
    }

    /** Whether a canonical path is in a directory that takes files of the guest. */
    private static boolean isWritable(String path) {
        return isIn(TMP, path) || isIn(ETL, path);
    }

    private Node.HostFile hostFile(String path) {
        if (!path.startsWith(ETL + "/")) {
            return null;
        }
        String name = path.substring(ETL.length() + 1);
        Node.HostFile document = documents == null ? null : documents.find(name);
        return document != null || assignment.files() == null ? document : assignment.files().table().find(name);
    }

    private List<Node.Entry> entries(String directory) {
        List<Node.Entry> entries = region.entries(directory);
        if (directory.equals(ETL)) {
            List<Node.Entry> ofHost = new ArrayList<>();
            if (documents != null) {
                ofHost.addAll(documents.entries());
            }
            if (assignment.files() != null) {
                ofHost.addAll(assignment.files().table().entries());
            }
            ofHost.removeIf(entry -> region.get(ETL + "/" + entry.name()) != null
                    || region.isRemoved(ETL + "/" + entry.name()));
            entries.addAll(ofHost);
        }
        return entries;
    }

    private Node root(Node.Directory directory) {
        List<Node.Entry> entries = new ArrayList<>(directory.entries());
        entries.add(new Node.Entry(TMP.substring(1), MOUNT_INODE, true));
        entries.add(new Node.Entry(ETL.substring(1), MOUNT_INODE + 1, true));
        if (assignment.modules() != null) {
            entries.add(new Node.Entry(MODULES.substring(1), MOUNT_INODE + 2, true));
        }
        return new Node.Directory(directory.inode(), entries);
    }

    /**
     * Gives a fetched document a name in {@code /etl}: the last part of its url, with a number if that is taken.
     *
     * @return the name, or an empty string if the table is full
     */
    String addDocument(String url, ByteBuffer contents, long guestAddress, long nowSeconds) {
        if (documents == null) {
            documents = new OffsetTable(MAX_DOCUMENTS);
        }
        String last = url.replaceFirst("[?#].*", "").replaceFirst(".*/", "").replaceAll("[^A-Za-z0-9._-]", "_")
                .replaceFirst("^\\.+", "");
        String base = last.isEmpty() ? "document" : last.substring(0, Math.min(last.length(), MAX_DOCUMENT_NAME));
        String name = base;
        for (int i = 1; isTaken(ETL + "/" + name); i++) {
            name = base + "." + i;
        }
        boolean added = documents.add(name, new Node.HostFile(2 * MOUNT_INODE - 1 - nextDocument++, contents,
                nowSeconds, new Node.Backing.Shown(guestAddress)));
        return added ? name : "";
    }

    private boolean isTaken(String path) {
        return region.get(path) != null || region.isRemoved(path) || hostFile(path) != null;
    }

    /** Where something new may be made; otherwise says why not. */
    private String newPath(String path) throws RefusedException {
        String canonical = image.canonical(path);
        if (!isWritable(canonical)) {
            throw new RefusedException(Errno.EROFS);
        }
        if (canonical.indexOf(NO_TEXT) >= 0) {
            throw new RefusedException(Errno.EILSEQ); // two names that are no UTF-8 could not be told apart
        }
        int slash = canonical.lastIndexOf('/');
        if (canonical.length() - slash > MAX_NAME_BYTES + 1) {
            throw new RefusedException(Errno.ENAMETOOLONG);
        }
        if (slash > 0 && !isDirectory(canonical.substring(0, slash))) {
            boolean isFile = mounted(canonical.substring(0, slash)) != null;
            throw new RefusedException(isFile ? Errno.ENOTDIR : Errno.ENOENT);
        }
        return canonical;
    }

    /** Without listing what is in it: making many files would otherwise take the square of their number. */
    private boolean isDirectory(String path) {
        return path.equals(TMP) || path.equals(ETL) || region.get(path) instanceof Node.Directory;
    }

    Node.GuestFile create(String path, long nowSeconds) throws RefusedException {
        return region.create(newPath(path), nowSeconds);
    }

    void createDirectory(String path) throws RefusedException {
        if (find(path) != null) {
            throw new RefusedException(Errno.EEXIST);
        }
        region.createDirectory(newPath(path));
    }

    /**
     * The guest's own version of a file: a file of the host's is copied.
     *
     * @param keepContents false if they will be cut off anyway
     */
    Node.GuestFile own(String path, Node node, boolean keepContents, long nowSeconds) throws RefusedException {
        if (node instanceof Node.GuestFile file) {
            return file;
        }
        String canonical = image.canonical(path);
        if (node instanceof Node.Directory) {
            throw new RefusedException(Errno.EISDIR);
        }
        if (!isWritable(canonical)) {
            throw new RefusedException(Errno.EROFS);
        }
        Node.GuestFile copy = region.create(canonical, nowSeconds);
        if (keepContents) {
            try {
                region.write(copy, 0, ((Node.HostFile) node).contents(), nowSeconds);
            } catch (RefusedException e) {
                region.remove(canonical);
                throw e;
            }
        }
        return copy;
    }

    /**
     * Takes a file's name away.
     *
     * @return the guest's own file that lost its name, or null if it was the host's
     */
    Node.GuestFile unlink(String path) throws RefusedException {
        String canonical = image.canonical(path);
        Node node = existing(path, canonical);
        if (node instanceof Node.Directory) {
            throw new RefusedException(Errno.EISDIR);
        }
        if (hostFile(canonical) != null) {
            region.hide(canonical);
        }
        return (Node.GuestFile) region.remove(canonical);
    }

    void removeDirectory(String path) throws RefusedException {
        String canonical = image.canonical(path);
        if (!(existing(path, canonical) instanceof Node.Directory directory)) {
            throw new RefusedException(Errno.ENOTDIR);
        }
        if (!directory.entries().isEmpty()) {
            throw new RefusedException(Errno.ENOTEMPTY);
        }
        if (region.remove(canonical) == null) {
            throw new RefusedException(Errno.EBUSY);
        }
    }

    private Node existing(String path, String canonical) throws RefusedException {
        Node node = find(path);
        if (node == null || !isWritable(canonical)) {
            throw new RefusedException(node == null ? Errno.ENOENT : Errno.EROFS);
        }
        return node;
    }

    /**
     * rename(2).
     *
     * @return the file that was replaced, or null
     */
    Node.GuestFile rename(String fromPath, String toPath, long nowSeconds) throws RefusedException {
        String from = image.canonical(fromPath);
        Node source = existing(fromPath, from);
        String to = newPath(toPath);
        Node target = find(to);
        if (from.equals(to)) {
            return null;
        }
        boolean isDirectory = source instanceof Node.Directory;
        if (isDirectory && (region.get(from) == null || isIn(from, to))) {
            throw new RefusedException(Errno.EINVAL);
        }
        if (target instanceof Node.Directory || isDirectory && target != null) {
            throw new RefusedException(target instanceof Node.Directory ? Errno.EEXIST : Errno.ENOTDIR);
        }
        if (!isDirectory) {
            own(from, source, true, nowSeconds);
        }
        Node.GuestFile replaced = target == null ? null : unlink(to);
        region.move(from, to);
        if (hostFile(from) != null) {
            region.hide(from);
        }
        return replaced;
    }

    /** Whether a file or directory at this path may be written. */
    boolean mayWrite(String path) {
        return isWritable(image.canonical(path));
    }
}
