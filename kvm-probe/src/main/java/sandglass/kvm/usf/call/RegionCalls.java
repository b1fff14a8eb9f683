package sandglass.kvm.usf.call;

import sandglass.kvm.sys.Errno;
import sandglass.kvm.usf.call.UsfRegion.RefusedException;
import sandglass.kvm.usf.file.Node;

/** Calls that change files: POSIX on the memory file system, for code that knows nothing of it. */
final class RegionCalls {

    private static final int AT_FDCWD = -100;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int UMASK = 022;
    private static final long TIMESPEC_BYTES = 16;
    private static final long UTIME_NOW = (1 << 30) - 1;
    private static final long UTIME_OMIT = (1 << 30) - 2;
    private static final long SECOND_NS = 1_000_000_000;

    /** Files have no extended attributes, which is not the same as not knowing the calls: who copies a file asks. */
    private static final String[] ATTRIBUTE_CALLS = {"setxattr", "lsetxattr", "fsetxattr", "getxattr", "lgetxattr", "fgetxattr", "listxattr",
        "llistxattr", "flistxattr", "removexattr", "lremovexattr", "fremovexattr"};
    private static final int FIRST_ATTRIBUTE_CALL = 188;

    private RegionCalls() {
    }

    static void enter(SystemCallTable table) {
        table.on(18, "pwrite64", (p, a) -> writeAt(p, a.getInt(0), a.get(1), a.get(2), a.get(3)));
        for (int number = FIRST_ATTRIBUTE_CALL; number < FIRST_ATTRIBUTE_CALL + ATTRIBUTE_CALLS.length; number++) {
            table.on(number, ATTRIBUTE_CALLS[number - FIRST_ATTRIBUTE_CALL], (p, a) -> -Errno.EOPNOTSUPP);
        }
        table.on(73, "flock", (p, a) -> ifOpen(p, a.getInt(0)));
        table.on(74, "fsync", (p, a) -> ifOpen(p, a.getInt(0)));
        table.on(75, "fdatasync", (p, a) -> ifOpen(p, a.getInt(0)));
        table.on(76, "truncate", (p, a) -> truncatePath(p, a.get(0), a.get(1)));
        table.on(77, "ftruncate", (p, a) -> truncate(p, a.getInt(0), a.get(1)));
        table.on(82, "rename", (p, a) -> rename(p, AT_FDCWD, a.get(0), AT_FDCWD, a.get(1)));
        table.on(83, "mkdir", (p, a) -> makeDirectory(p, AT_FDCWD, a.get(0)));
        table.on(84, "rmdir", (p, a) -> remove(p, AT_FDCWD, a.get(0), AT_REMOVEDIR));
        table.on(87, "unlink", (p, a) -> remove(p, AT_FDCWD, a.get(0), 0));
        table.on(90, "chmod", (p, a) -> ifWritable(p, AT_FDCWD, a.get(0)));
        table.on(91, "fchmod", (p, a) -> ifOpen(p, a.getInt(0)));
        table.on(92, "chown", (p, a) -> ifWritable(p, AT_FDCWD, a.get(0)));
        table.on(93, "fchown", (p, a) -> ifOpen(p, a.getInt(0)));
        table.on(94, "lchown", (p, a) -> ifWritable(p, AT_FDCWD, a.get(0)));
        table.on(95, "umask", (p, a) -> UMASK);
        table.on(258, "mkdirat", (p, a) -> makeDirectory(p, a.getInt(0), a.get(1)));
        table.on(260, "fchownat", (p, a) -> ifWritable(p, a.getInt(0), a.get(1)));
        table.on(263, "unlinkat", (p, a) -> remove(p, a.getInt(0), a.get(1), a.getInt(2)));
        table.on(264, "renameat", (p, a) -> rename(p, a.getInt(0), a.get(1), a.getInt(2), a.get(3)));
        table.on(268, "fchmodat", (p, a) -> ifWritable(p, a.getInt(0), a.get(1)));
        table.on(280, "utimensat", RegionCalls::changeTime);
        table.on(316, "renameat2", (p, a) -> a.getInt(4) != 0 ? -Errno.EINVAL
                : rename(p, a.getInt(0), a.get(1), a.getInt(2), a.get(3)));
    }

    static long nowSeconds(GuestProcess p) {
        return p.host().wallClockNs() / SECOND_NS;
    }

    @FunctionalInterface
    private interface Change {
        void apply() throws RefusedException;
    }

    private static long done(Change change) {
        try {
            change.apply();
            return 0;
        } catch (RefusedException e) {
            return -e.errno();
        }
    }

    private static long ifOpen(GuestProcess p, int fd) {
        return p.descriptors().get(fd) == null ? -Errno.EBADF : 0;
    }

    /** There is one user, so permissions are not kept. */
    private static long ifWritable(GuestProcess p, int directory, long address) {
        String path = PathCalls.path(p, directory, address);
        if (path == null || p.files().find(path) == null) {
            return path == null ? -Errno.ENAMETOOLONG : -Errno.ENOENT;
        }
        return p.files().mayWrite(path) ? 0 : -Errno.EROFS;
    }

    /** Of the two times that are asked for, the one of the last change is kept, in seconds, and only for files of the guest's own. */
    private static long changeTime(GuestProcess p, CallArguments a) {
        OpenFile open = p.descriptors().get(a.getInt(0));
        long refused = a.get(1) == 0 ? ifOpen(p, a.getInt(0)) : ifWritable(p, a.getInt(0), a.get(1));
        if (refused != 0) {
            return refused;
        }
        Node node = a.get(1) == 0 ? open.node() : p.files().find(PathCalls.path(p, a.getInt(0), a.get(1)));
        long change = a.get(2) + TIMESPEC_BYTES;
        long nanos = a.get(2) == 0 ? UTIME_NOW : p.memory().getLong(change + Long.BYTES);
        if (node instanceof Node.GuestFile own && nanos != UTIME_OMIT) {
            own.change(own.sizeBytes(), nanos == UTIME_NOW ? nowSeconds(p) : p.memory().getLong(change));
        }
        return 0;
    }

    static long write(GuestProcess p, OpenFile file, long address, long lengthBytes) {
        Node.GuestFile own = (Node.GuestFile) file.node();
        long written = write(p, file, file.isAppending() ? own.sizeBytes() : file.offset(), address, lengthBytes);
        if (written > 0) {
            file.seek(file.isAppending() ? own.sizeBytes() : file.offset() + written);
        }
        return written;
    }

    private static long write(GuestProcess p, OpenFile file, long offset, long address, long lengthBytes) {
        if (!file.isWritable()) {
            return -Errno.EBADF;
        }
        try {
            return p.files().region().write((Node.GuestFile) file.node(), offset,
                    p.memory().view(address, lengthBytes), nowSeconds(p));
        } catch (RefusedException e) {
            return -e.errno();
        }
    }

    private static long writeAt(GuestProcess p, int fd, long address, long lengthBytes, long offset) {
        OpenFile file = p.descriptors().get(fd);
        if (file == null || !(file.node() instanceof Node.GuestFile)) {
            return file == null || file.node() instanceof Node.DataFile ? -Errno.EBADF : -Errno.ESPIPE;
        }
        return offset < 0 ? -Errno.EINVAL : write(p, file, offset, address, lengthBytes);
    }

    private static long truncate(GuestProcess p, int fd, long sizeBytes) {
        OpenFile file = p.descriptors().get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        if (!file.isWritable() || !(file.node() instanceof Node.GuestFile own)) {
            return -Errno.EINVAL;
        }
        return done(() -> p.files().region().truncate(own, sizeBytes, nowSeconds(p)));
    }

    private static long truncatePath(GuestProcess p, long address, long sizeBytes) {
        String path = PathCalls.path(p, AT_FDCWD, address);
        Node node = path == null ? null : p.files().find(path);
        if (node == null || node instanceof Node.Device) {
            return node == null ? -Errno.ENOENT : -Errno.EINVAL;
        }
        return done(() -> p.files().region().truncate(p.files().own(path, node, sizeBytes > 0, nowSeconds(p)),
                sizeBytes, nowSeconds(p)));
    }

    private static long makeDirectory(GuestProcess p, int directory, long address) {
        String path = PathCalls.path(p, directory, address);
        return path == null ? -Errno.ENAMETOOLONG : done(() -> p.files().createDirectory(path));
    }

    private static long remove(GuestProcess p, int directory, long address, int flags) {
        String path = PathCalls.path(p, directory, address);
        if (path == null) {
            return -Errno.ENAMETOOLONG;
        }
        return done(() -> {
            if ((flags & AT_REMOVEDIR) != 0) {
                p.files().removeDirectory(path);
            } else {
                freeIfUnused(p, p.files().unlink(path));
            }
        });
    }

    private static long rename(GuestProcess p, int fromDirectory, long from, int toDirectory, long to) {
        String fromPath = PathCalls.path(p, fromDirectory, from);
        String toPath = PathCalls.path(p, toDirectory, to);
        if (fromPath == null || toPath == null) {
            return -Errno.ENAMETOOLONG;
        }
        return done(() -> freeIfUnused(p, p.files().rename(fromPath, toPath, nowSeconds(p))));
    }

    /** A file lives as long as it has a name or a descriptor. */
    static void freeIfUnused(GuestProcess p, Node node) {
        if (node instanceof Node.GuestFile file && !file.isLinked() && !p.descriptors().refersTo(file)) {
            p.files().region().free(file);
        }
    }
}
