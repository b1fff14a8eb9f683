package sandglass.kvm.usf.call;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.usf.file.Node;

/** Calls that name a file or ask what it is. All paths are looked up in the process's image and nowhere else. */
final class PathCalls {

    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int O_CREAT = 0x40;
    private static final int O_EXCL = 0x80;
    private static final int O_TRUNC = 0x200;
    private static final int O_DIRECTORY = 0x10000;
    private static final int W_OK = 2;
    private static final int MAX_PATH_BYTES = 4096;
    private static final int STAT_BYTES = 144;
    private static final int S_IFCHR = 0x2000;
    private static final int S_IFDIR = 0x4000;
    private static final int S_IFREG = 0x8000;
    private static final int DT_DIR = 4;
    private static final int DT_REG = 8;

    private PathCalls() {
    }

    static void enter(SystemCallTable table) {
        table.on(2, "open", (p, a) -> open(p, AT_FDCWD, a.get(0), a.getInt(1)));
        table.on(4, "stat", (p, a) -> statPath(p, AT_FDCWD, a.get(0), a.get(1), 0));
        table.on(5, "fstat", (p, a) -> statDescriptor(p, a.getInt(0), a.get(1)));
        table.on(6, "lstat", (p, a) -> statPath(p, AT_FDCWD, a.get(0), a.get(1), 0));
        table.on(21, "access", (p, a) -> access(p, AT_FDCWD, a.get(0), a.getInt(1)));
        table.on(79, "getcwd", (p, a) -> workingDirectory(p, a.get(0), a.get(1)));
        table.on(80, "chdir", (p, a) -> changeDirectory(p, path(p, AT_FDCWD, a.get(0))));
        table.on(81, "fchdir", (p, a) -> p.descriptors().get(a.getInt(0)) == null ? -Errno.EBADF
                : changeDirectory(p, p.descriptors().get(a.getInt(0)).path()));
        table.on(89, "readlink", (p, a) -> readLink(p, AT_FDCWD, a.get(0)));
        table.on(217, "getdents64", (p, a) -> list(p, a.getInt(0), a.get(1), a.getInt(2)));
        table.on(257, "openat", (p, a) -> open(p, a.getInt(0), a.get(1), a.getInt(2)));
        table.on(262, "newfstatat", (p, a) -> statPath(p, a.getInt(0), a.get(1), a.get(2), a.getInt(3)));
        table.on(267, "readlinkat", (p, a) -> readLink(p, a.getInt(0), a.get(1)));
        table.on(269, "faccessat", (p, a) -> access(p, a.getInt(0), a.get(1), a.getInt(2)));
        table.on(439, "faccessat2", (p, a) -> access(p, a.getInt(0), a.get(1), a.getInt(2)));
    }

    /** The absolute path that a guest means, or null if it is too long or relative to no directory. */
    static String path(GuestProcess p, int directory, long address) {
        String path = p.memory().cString(address, MAX_PATH_BYTES);
        if (path == null || path.isEmpty() || path.startsWith("/")) {
            return path;
        }
        OpenFile open = directory == AT_FDCWD ? null : p.descriptors().get(directory);
        if (directory != AT_FDCWD && open == null) {
            return null;
        }
        String base = open == null ? p.workingDirectory() : open.path();
        // Also in all: what is looked up would otherwise become longer with every step down, and the time for it with the square.
        return base.length() + path.length() < MAX_PATH_BYTES ? base + "/" + path : null;
    }

    private static long open(GuestProcess p, int directory, long address, int flags) {
        String path = path(p, directory, address);
        if (path == null || path.isEmpty()) {
            return path == null ? -Errno.ENAMETOOLONG : -Errno.ENOENT;
        }
        Node node = p.files().find(path);
        boolean wantsToWrite = (flags & (OpenFile.O_ACCMODE | O_TRUNC)) != 0;
        boolean mustBeDirectory = (flags & O_DIRECTORY) != 0 || path.endsWith("/");
        if (node == null && (flags & O_CREAT) == 0) {
            return missing(p, path);
        }
        if (mustBeDirectory && !(node instanceof Node.Directory)) {
            return node == null ? -Errno.EISDIR : -Errno.ENOTDIR;
        }
        if (node != null && (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) {
            return -Errno.EEXIST;
        }
        if (node == null || wantsToWrite && !(node instanceof Node.Device)) {
            return openToWrite(p, path, node, flags);
        }
        return p.descriptors().add(new OpenFile(node, path, 0), 0);
    }

    /** Why there is nothing at a path: ENOTDIR if that is because of a file on the way. */
    private static long missing(GuestProcess p, String path) {
        int slash = path.lastIndexOf('/');
        Node parent = slash < 1 ? null : p.files().find(path.substring(0, slash));
        return parent == null || parent instanceof Node.Directory ? -Errno.ENOENT : -Errno.ENOTDIR;
    }

    private static long openToWrite(GuestProcess p, String path, Node node, int flags) {
        long nowSeconds = RegionCalls.nowSeconds(p);
        boolean keepsContents = (flags & O_TRUNC) == 0;
        try {
            Node.GuestFile file = node == null ? p.files().create(path, nowSeconds)
                    : p.files().own(path, node, keepsContents, nowSeconds);
            if (!keepsContents) {
                p.files().region().truncate(file, 0, nowSeconds);
            }
            return p.descriptors().add(new OpenFile(file, path, 0, flags & (OpenFile.O_ACCMODE | OpenFile.O_APPEND)),
                    0);
        } catch (UsfRegion.RefusedException e) {
            return -e.errno();
        }
    }

    private static long statPath(GuestProcess p, int directory, long address, long to, int flags) {
        String path = path(p, directory, address);
        if (path == null) {
            return -Errno.ENAMETOOLONG;
        }
        if (path.isEmpty()) {
            return (flags & AT_EMPTY_PATH) != 0 ? statDescriptor(p, directory, to) : -Errno.ENOENT;
        }
        Node node = p.files().find(path);
        if (node != null && path.endsWith("/") && !(node instanceof Node.Directory)) {
            return -Errno.ENOTDIR;
        }
        return node == null ? missing(p, path) : stat(p, node, to);
    }

    private static long statDescriptor(GuestProcess p, int fd, long to) {
        OpenFile file = p.descriptors().get(fd);
        return file == null ? -Errno.EBADF : stat(p, file.node(), to);
    }

    /** struct stat of x86-64. */
    private static long stat(GuestProcess p, Node node, long to) {
        ByteBuffer stat = ByteBuffer.allocate(STAT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int mode = S_IFCHR | 0666;
        long size = 0;
        long modified = 0;
        if (node instanceof Node.DataFile file) {
            mode = S_IFREG | (file.isExecutable() ? 0555 : 0444);
            size = file.sizeBytes();
            modified = file.modifiedSeconds();
        } else if (node instanceof Node.GuestFile file) {
            mode = S_IFREG | 0644;
            size = file.sizeBytes();
            modified = file.modifiedSeconds();
        } else if (node instanceof Node.Directory) {
            mode = S_IFDIR | 0555;
        } else if (FileCalls.isDevice(new OpenFile(node, "", 0), Node.DeviceKind.WINDOW)) {
            mode = S_IFREG | 0444;
            size = WindowMap.SIZE_BYTES;
        }
        stat.putLong(0, 1).putLong(8, node.inode()).putLong(16, 1).putInt(24, mode).putLong(48, size)
                .putLong(56, 4096).putLong(64, (size + 511) / 512)
                .putLong(72, modified).putLong(88, modified).putLong(104, modified);
        p.memory().put(to, stat.array());
        return 0;
    }

    private static long access(GuestProcess p, int directory, long address, int mode) {
        String path = path(p, directory, address);
        Node node = path == null ? null : p.files().find(path);
        if (node == null) {
            return -Errno.ENOENT;
        }
        return (mode & W_OK) != 0 && !(node instanceof Node.Device) && !p.files().mayWrite(path) ? -Errno.EROFS : 0;
    }

    private static long workingDirectory(GuestProcess p, long to, long sizeBytes) {
        byte[] path = (p.workingDirectory() + '\0').getBytes(StandardCharsets.UTF_8);
        if (sizeBytes >= 0 && sizeBytes < path.length) {
            return -Errno.ERANGE;
        }
        p.memory().put(to, path);
        return path.length;
    }

    private static long changeDirectory(GuestProcess p, String path) {
        Node node = path == null || path.isEmpty() ? null : p.files().find(path);
        if (!(node instanceof Node.Directory)) {
            return path == null ? -Errno.ENAMETOOLONG : node == null ? -Errno.ENOENT : -Errno.ENOTDIR;
        }
        p.changeDirectory(p.files().canonical(path));
        return 0;
    }

    /** Links are resolved when the image is searched, so nothing a guest sees is one. */
    private static long readLink(GuestProcess p, int directory, long address) {
        String path = path(p, directory, address);
        return path == null || p.files().find(path) == null ? -Errno.ENOENT : -Errno.EINVAL;
    }

    /** struct linux_dirent64: inode, offset of the next, length, type, name. The file offset counts entries. */
    private static long list(GuestProcess p, int fd, long to, int sizeBytes) {
        OpenFile file = p.descriptors().get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        if (!(file.node() instanceof Node.Directory directory)) {
            return -Errno.ENOTDIR;
        }
        List<Node.Entry> entries = directory.entries();
        long written = 0;
        int next = (int) Math.min(file.offset(), entries.size());
        for (; next < entries.size(); next++) {
            Node.Entry entry = entries.get(next);
            byte[] name = (entry.name() + '\0').getBytes(StandardCharsets.UTF_8);
            int length = 19 + name.length + 7 & ~7;
            if (written + length > sizeBytes) {
                break;
            }
            ByteBuffer record = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            record.putLong(0, entry.inode()).putLong(8, next + 1).putShort(16, (short) length)
                    .put(18, (byte) (entry.isDirectory() ? DT_DIR : DT_REG)).put(19, name);
            p.memory().put(to + written, record.array());
            written += length;
        }
        boolean tooSmall = written == 0 && next < entries.size();
        file.seek(next);
        return tooSmall ? -Errno.EINVAL : written;
    }
}
