package sandglass.kvm.stack.vm;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Disks for the files that functions fetch ({@code etl.file}): an empty file system, made once, and a sparse copy of it for each machine.
 *
 * @param master nobody's own
 */
record ScratchDisk(Path master) {

    private static final long LIMIT_S = 60;
    /** What the file system keeps for itself, generously. */
    private static final long SPARE_BYTES = 64L << 20;

    /**
     * Makes the master.
     *
     * @param dataBytes how much must fit
     * @return empty without mkfs.ext4
     */
    static Optional<ScratchDisk> make(Path directory, long dataBytes) throws IOException {
        Path master = directory.resolve("disk");
        try (RandomAccessFile file = new RandomAccessFile(master.toFile(), "rw")) {
            file.setLength(dataBytes + SPARE_BYTES);
        }
        try {
            HostCommand.run(LIMIT_S, directory, Files.isExecutable(Path.of("/sbin/mkfs.ext4")) ? "/sbin/mkfs.ext4" : "mkfs.ext4", "-q", "-F",
                    "-m", "0", "-O", "^has_journal", "-E", "lazy_itable_init=1,nodiscard,root_owner=0:0", master.toString());
            return Optional.of(new ScratchDisk(master));
        } catch (HostCommand.FailedException e) {
            Files.delete(master);
            return Optional.empty();
        }
    }

    /** A disk for one machine. */
    Path copy(Path source, Path target) throws IOException {
        try {
            HostCommand.run(LIMIT_S, target.getParent(), "cp", "--sparse=always", "--reflink=auto", source.toString(), target.toString());
            return target;
        } catch (HostCommand.FailedException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
