package sandglass.kvm.usf.call;

import sandglass.kvm.sys.Errno;
import sandglass.kvm.usf.file.Node;
import sandglass.kvm.vm.GuestMemory;

/** Calls on open files. */
final class FileCalls {

    private static final int SEEK_SET = 0;
    private static final int SEEK_CUR = 1;
    private static final int SEEK_END = 2;
    private static final int F_DUPFD = 0;
    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_GETLK = 5;
    private static final int F_SETLK = 6;
    private static final int F_SETLKW = 7;
    /** Nobody else can hold a lock. */
    private static final byte[] UNLOCKED = {2, 0};
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int FD_CLOEXEC = 1;
    private static final int O_RDWR = 2;
    private static final int MAX_VECTORS = 1024;
    private static final int RANDOM_CHUNK_BYTES = 4096;

    private FileCalls() {
    }

    static void enter(SystemCallTable table) {
        table.on(0, "read", (p, a) -> read(p, a.getInt(0), a.get(1), a.get(2)));
        table.on(1, "write", (p, a) -> write(p, a.getInt(0), a.get(1), a.get(2)));
        table.on(3, "close", (p, a) -> close(p, a.getInt(0)));
        table.on(8, "lseek", (p, a) -> seek(p, a.getInt(0), a.get(1), a.getInt(2)));
        table.on(17, "pread64", (p, a) -> readAt(p, a.getInt(0), a.get(1), a.get(2), a.get(3)));
        table.on(19, "readv", (p, a) -> vectors(p, a, FileCalls::read));
        table.on(20, "writev", (p, a) -> isEtl(p, a.getInt(0)) ? EtlCalls.post(p, a.get(1), a.getInt(2))
                : vectors(p, a, FileCalls::write));
        table.on(32, "dup", (p, a) -> duplicate(p, a.getInt(0), 0));
        table.on(33, "dup2", (p, a) -> duplicateTo(p, a.getInt(0), a.getInt(1)));
        table.on(72, "fcntl", (p, a) -> control(p, a.getInt(0), a.getInt(1), a.get(2)));
        table.on(292, "dup3", (p, a) -> duplicateTo(p, a.getInt(0), a.getInt(1)));
    }

    static boolean isEtl(GuestProcess p, int fd) {
        return isDevice(p.descriptors().get(fd), Node.DeviceKind.ETL);
    }

    static boolean isDevice(OpenFile file, Node.DeviceKind kind) {
        return file != null && file.node() instanceof Node.Device device && device.kind() == kind;
    }

    @FunctionalInterface
    private interface Transfer {
        long of(GuestProcess p, int fd, long address, long lengthBytes);
    }

    private static long vectors(GuestProcess p, CallArguments a, Transfer transfer) {
        int count = a.getInt(2);
        if (count < 0 || count > MAX_VECTORS) {
            return -Errno.EINVAL;
        }
        long total = 0;
        for (int i = 0; i < count; i++) {
            long vector = a.get(1) + i * 16L;
            long length = p.memory().getLong(vector + 8);
            long done = length == 0 ? 0 : transfer.of(p, a.getInt(0), p.memory().getLong(vector), length);
            if (done < 0) {
                return total > 0 ? total : done;
            }
            total += done;
            if (done < length || p.pause() != Pause.NONE) {
                break;
            }
        }
        return total;
    }

    private static long close(GuestProcess p, int fd) {
        OpenFile file = p.descriptors().get(fd);
        if (!p.descriptors().remove(fd)) {
            return -Errno.EBADF;
        }
        RegionCalls.freeIfUnused(p, file.node());
        return 0;
    }

    private static long read(GuestProcess p, int fd, long address, long lengthBytes) {
        OpenFile file = p.descriptors().get(fd);
        if (file == null || !file.isReadable() && file.node() instanceof Node.GuestFile) {
            return -Errno.EBADF;
        }
        if (!p.memory().isWritable(address, lengthBytes)) {
            return -Errno.EFAULT;
        }
        Node node = file.node();
        if (node instanceof Node.DataFile regular) {
            long count = copy(p.memory(), regular, file.offset(), address, lengthBytes);
            file.seek(file.offset() + count);
            return count;
        }
        if (node instanceof Node.GuestFile own) {
            long count = p.files().region().read(own, file.offset(), address, lengthBytes);
            file.seek(file.offset() + count);
            return count;
        }
        return node instanceof Node.Device device ? readDevice(p, device.kind(), address, lengthBytes) : -Errno.EISDIR;
    }

    private static long readDevice(GuestProcess p, Node.DeviceKind kind, long address, long lengthBytes) {
        return switch (kind) {
            case NULL -> 0;
            case RANDOM -> random(p, address, lengthBytes);
            case REQUEST -> p.readRequest(address, lengthBytes);
            case LOG, ANSWER, ETL, WINDOW, MAILBOX -> -Errno.EINVAL;
        };
    }

    /** Fills guest memory with random bytes; as the kernel does it, in pieces. */
    static long random(GuestProcess p, long address, long lengthBytes) {
        int count = (int) Math.min(lengthBytes, RANDOM_CHUNK_BYTES);
        byte[] bytes = new byte[Math.max(0, count)];
        p.host().random(bytes);
        p.memory().put(address, bytes);
        return bytes.length;
    }

    private static long copy(GuestMemory memory, Node.DataFile file, long offset, long address, long lengthBytes) {
        if (offset >= file.sizeBytes()) {
            return 0;
        }
        int count = (int) Math.min(lengthBytes, file.sizeBytes() - offset);
        memory.put(address, file.contents(), (int) offset, count);
        return count;
    }

    private static long readAt(GuestProcess p, int fd, long address, long lengthBytes, long offset) {
        OpenFile file = p.descriptors().get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        if (offset < 0) {
            return -Errno.EINVAL;
        }
        if (file.node() instanceof Node.GuestFile own && p.memory().isWritable(address, lengthBytes)) {
            return file.isReadable() ? p.files().region().read(own, offset, address, lengthBytes) : -Errno.EBADF;
        }
        if (!(file.node() instanceof Node.DataFile regular)) {
            return file.node() instanceof Node.GuestFile ? -Errno.EFAULT : -Errno.ESPIPE;
        }
        return p.memory().isWritable(address, lengthBytes)
                ? copy(p.memory(), regular, offset, address, lengthBytes) : -Errno.EFAULT;
    }

    private static long write(GuestProcess p, int fd, long address, long lengthBytes) {
        OpenFile file = p.descriptors().get(fd);
        if (file != null && file.node() instanceof Node.GuestFile) {
            return RegionCalls.write(p, file, address, lengthBytes);
        }
        if (file == null || !(file.node() instanceof Node.Device device)) {
            return -Errno.EBADF;
        }
        return switch (device.kind()) {
            case NULL -> lengthBytes;
            case LOG -> p.writeLog(address, lengthBytes);
            case ANSWER -> p.writeAnswer(address, lengthBytes);
            case RANDOM, REQUEST, ETL, WINDOW, MAILBOX -> -Errno.EINVAL;
        };
    }

    private static long seek(GuestProcess p, int fd, long offset, int whence) {
        OpenFile file = p.descriptors().get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        if (file.node() instanceof Node.Device) {
            return -Errno.ESPIPE;
        }
        long size = size(file.node());
        long from = switch (whence) {
            case SEEK_SET -> 0;
            case SEEK_CUR -> file.offset();
            case SEEK_END -> size;
            default -> -1;
        };
        // Every start is below 2^31 or an offset accepted before, so a sum that overflows is negative.
        if (from < 0 || from + offset < 0) {
            return -Errno.EINVAL;
        }
        file.seek(from + offset);
        return file.offset();
    }

    static long size(Node node) {
        if (node instanceof Node.GuestFile own) {
            return own.sizeBytes();
        }
        return node instanceof Node.DataFile regular ? regular.sizeBytes() : 0;
    }

    private static long duplicate(GuestProcess p, int fd, long least) {
        OpenFile file = p.descriptors().get(fd);
        return file == null ? -Errno.EBADF : p.descriptors().add(file, least);
    }

    private static long duplicateTo(GuestProcess p, int from, int to) {
        OpenFile file = p.descriptors().get(from);
        if (file == null) {
            return -Errno.EBADF;
        }
        OpenFile replaced = p.descriptors().get(to);
        long result = p.descriptors().put(to, file);
        if (replaced != null) {
            RegionCalls.freeIfUnused(p, replaced.node());
        }
        return result;
    }

    private static long control(GuestProcess p, int fd, int command, long argument) {
        if (p.descriptors().get(fd) == null) {
            return -Errno.EBADF;
        }
        return switch (command) {
            case F_DUPFD, F_DUPFD_CLOEXEC -> duplicate(p, fd, argument);
            case F_GETFD -> FD_CLOEXEC;
            case F_SETFD, F_SETFL, F_SETLK, F_SETLKW -> 0;
            case F_GETLK -> {
                p.memory().put(argument, UNLOCKED);
                yield 0;
            }
            case F_GETFL -> p.descriptors().get(fd).node() instanceof Node.Device ? O_RDWR
                    : p.descriptors().get(fd).flags();
            default -> -Errno.EINVAL;
        };
    }
}
