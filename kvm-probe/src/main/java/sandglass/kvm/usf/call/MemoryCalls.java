package sandglass.kvm.usf.call;

import sandglass.kvm.sys.Errno;
import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.usf.file.Node;

/**
 * Calls on memory. Every page of the guest is readable, writable and executable: what protects the host and other
 * functions is the virtual machine, so mprotect has nothing to do.
 */
final class MemoryCalls {

    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final int MAP_FIXED = 0x10;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MREMAP_MAYMOVE = 1;
    private static final int MREMAP_FIXED = 2;
    private static final int MADV_DONTNEED = 4;

    private MemoryCalls() {
    }

    static void enter(SystemCallTable table) {
        table.on(9, "mmap", MemoryCalls::map);
        table.on(10, "mprotect", (p, a) -> 0);
        table.on(11, "munmap", (p, a) -> a.get(0) >= GuestLayout.WINDOW_START ? 0 : p.pages().give(a.get(0), a.get(1)));
        table.on(12, "brk", (p, a) -> p.pages().moveHeapEnd(a.get(0)));
        table.on(25, "mremap", (p, a) -> (a.get(3) & MREMAP_FIXED) != 0 ? -Errno.ENOMEM
                : p.pages().resize(a.get(0), a.get(1), a.get(2), (a.get(3) & MREMAP_MAYMOVE) != 0));
        table.on(26, "msync", (p, a) -> 0);
        table.on(28, "madvise", (p, a) -> advise(p, a.get(0), a.get(1), a.getInt(2)));
    }

    private static long map(GuestProcess p, CallArguments a) {
        long address = a.get(0);
        long lengthBytes = a.get(1);
        int flags = a.getInt(3);
        if ((flags & MAP_ANONYMOUS) != 0) {
            return reserve(p, address, lengthBytes, flags);
        }
        OpenFile file = p.descriptors().get(a.getInt(4));
        if (file == null) {
            return -Errno.EBADF;
        }
        if (FileCalls.isDevice(file, Node.DeviceKind.WINDOW)) {
            boolean fits = lengthBytes > 0 && lengthBytes <= WindowMap.SIZE_BYTES && a.get(5) == 0;
            return fits && (flags & MAP_FIXED) == 0 ? GuestLayout.WINDOW_START : -Errno.EINVAL;
        }
        if (FileCalls.isDevice(file, Node.DeviceKind.MAILBOX)) {
            return mapMailbox(p, lengthBytes, flags, a.get(5));
        }
        if (file.node() instanceof Node.GuestFile own) {
            return mapOwn(p, file, own, a);
        }
        boolean readOnly = (a.getInt(2) & PROT_WRITE) == 0 && (flags & MAP_FIXED) == 0;
        if (readOnly && file.node() instanceof Node.HostFile shared) {
            return mapShared(p, shared, lengthBytes, a.get(5));
        }
        return file.node() instanceof Node.DataFile regular
                ? mapFile(p, regular, address, lengthBytes, flags, a.get(5)) : -Errno.ENODEV;
    }

    private static long reserve(GuestProcess p, long address, long lengthBytes, int flags) {
        return (flags & MAP_FIXED) != 0 ? p.pages().takeAt(address, lengthBytes) : p.pages().take(lengthBytes);
    }

    /** A file of the host's is mapped where it lies: no copy, whatever its size. */
    private static long mapShared(GuestProcess p, Node.HostFile file, long lengthBytes, long offset) {
        if (offset < 0 || offset % 4096 != 0 || lengthBytes <= 0 || offset >= file.sizeBytes()) {
            return -Errno.EINVAL;
        }
        if (file.backing() instanceof Node.Backing.Shown shown) {
            return shown.guestAddress() + offset;
        }
        Node.Backing.Held held = (Node.Backing.Held) file.backing();
        try {
            return p.host().share(held.memory(), held.offset() + offset,
                    Math.min(lengthBytes, file.sizeBytes() - offset));
        } catch (HostServices.EtlException e) {
            return -e.errno();
        }
    }

    /** A file mapping is a copy: shared by all clones through the snapshot, and private once written. */
    private static long mapFile(GuestProcess p, Node.DataFile file, long address, long lengthBytes, int flags,
            long offset) {
        if (offset < 0 || offset % 4096 != 0) {
            return -Errno.EINVAL;
        }
        long start = (flags & MAP_FIXED) == 0 && offset == 0 ? p.placeLibrary(file.contents(), lengthBytes) : -1;
        start = start > 0 ? start : reserve(p, address, lengthBytes, flags);
        if (start > 0 && offset < file.sizeBytes()) {
            int count = (int) Math.min(lengthBytes, file.sizeBytes() - offset);
            p.memory().put(start, file.contents(), (int) offset, count);
        }
        return start;
    }

    /** A copy too, so a shared mapping that could be written is refused: the file would not change. */
    private static long mapOwn(GuestProcess p, OpenFile file, Node.GuestFile own, CallArguments a) {
        boolean writesBack = (a.getInt(3) & MAP_SHARED) != 0 && (a.getInt(2) & PROT_WRITE) != 0;
        long offset = a.get(5);
        if (writesBack || !file.isReadable()) {
            return writesBack ? -Errno.ENODEV : -Errno.EACCES;
        }
        if (offset < 0 || offset % 4096 != 0) {
            return -Errno.EINVAL;
        }
        long start = reserve(p, a.get(0), a.get(1), a.getInt(3));
        if (start > 0) {
            p.files().region().read(own, offset, start, a.get(1));
        }
        return start;
    }

    private static long mapMailbox(GuestProcess p, long lengthBytes, int flags, long offset) {
        if (lengthBytes <= 0 || lengthBytes > 4096 || offset != 0 || (flags & MAP_FIXED) != 0) {
            return -Errno.EINVAL;
        }
        try {
            return p.host().mailbox();
        } catch (HostServices.EtlException e) {
            return -e.errno();
        }
    }

    private static long advise(GuestProcess p, long address, long lengthBytes, int advice) {
        if (advice == MADV_DONTNEED) {
            p.memory().zero(address, lengthBytes);
        }
        return 0;
    }
}
