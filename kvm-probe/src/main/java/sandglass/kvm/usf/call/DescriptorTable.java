package sandglass.kvm.usf.call;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.usf.file.Node;

/** A process's file descriptors. */
final class DescriptorTable {

    private static final int GROWTH = 256;

    private final int max;
    private OpenFile[] files = new OpenFile[16];

    /** @param max descriptors are below this */
    DescriptorTable(int max) {
        this.max = max;
    }

    /** The open file of a descriptor, or null. */
    OpenFile get(long fd) {
        return fd >= 0 && fd < files.length ? files[(int) fd] : null;
    }

    /** Gives an open file the lowest free number from {@code least} on, or -EMFILE. */
    long add(OpenFile file, long least) {
        if (least < 0 || least >= max) {
            return -Errno.EINVAL;
        }
        for (int fd = (int) least; fd < max; fd++) {
            if (get(fd) == null) {
                put(fd, file);
                return fd;
            }
        }
        return -Errno.EMFILE;
    }

    /** Gives an open file a certain number. */
    long put(long fd, OpenFile file) {
        if (fd < 0 || fd >= max) {
            return -Errno.EBADF;
        }
        if (fd >= files.length) {
            files = Arrays.copyOf(files, (int) fd + GROWTH);
        }
        files[(int) fd] = file;
        return fd;
    }

    /** Whether any descriptor stands for this file. */
    boolean refersTo(Node node) {
        for (OpenFile file : files) {
            if (file != null && file.node() == node) {
                return true;
            }
        }
        return false;
    }

    boolean remove(long fd) {
        boolean open = get(fd) != null;
        if (open) {
            files[(int) fd] = null;
        }
        return open;
    }

    /** An independent table in the same state: files opened once and known by two numbers stay one file. */
    DescriptorTable copy(int newMax) {
        DescriptorTable copy = new DescriptorTable(newMax);
        copy.files = new OpenFile[files.length];
        Map<OpenFile, OpenFile> copies = new IdentityHashMap<>();
        for (int fd = 0; fd < files.length; fd++) {
            copy.files[fd] = files[fd] == null ? null : copies.computeIfAbsent(files[fd], OpenFile::copy);
        }
        return copy;
    }
}
