package sandglass.kvm.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * Writes trees as archives of the format newc, which Linux unpacks as its first file system (Documentation/driver-api/early-userspace/
 * buffer-format.rst). The kernel takes any number of archives one after the other, each padded to four bytes.
 */
public final class CpioWriter {

    private static final int S_IFDIR = 0040000;
    private static final int S_IFREG = 0100000;
    private static final int S_IFLNK = 0120000;
    private static final int ALIGNMENT = 4;

    private final WritableByteChannel out;
    private long offset;
    private int inode;

    private CpioWriter(WritableByteChannel out) {
        this.out = out;
    }

    /** Writes one whole archive; the channel stays open. */
    public static void write(ImageTree tree, WritableByteChannel out) throws IOException {
        CpioWriter writer = new CpioWriter(out);
        for (var entry : tree.entries().entrySet()) {
            writer.entry(entry.getKey().substring(1), entry.getValue());
        }
        writer.record("TRAILER!!!", 0, 0, ByteBuffer.allocate(0));
    }

    private void entry(String name, ImageTree.Entry entry) throws IOException {
        if (entry instanceof ImageTree.Directory directory) {
            record(name, S_IFDIR | directory.mode(), 0, ByteBuffer.allocate(0));
        } else if (entry instanceof ImageTree.RegularFile file) {
            record(name, S_IFREG | file.mode(), file.modifiedSeconds(), file.contents().duplicate().clear());
        } else {
            ImageTree.Link link = (ImageTree.Link) entry;
            record(name, S_IFLNK | link.mode(), 0, StandardCharsets.UTF_8.encode(link.target()));
        }
    }

    private void record(String name, int mode, long modifiedSeconds, ByteBuffer contents) throws IOException {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        // Magic, then thirteen numbers: inode, mode, uid, gid, links, time, length, four of devices, length of the name, checksum.
        String header = String.format("070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", ++inode, mode, 0, 0, 1,
                modifiedSeconds, contents.remaining(), 0, 0, 0, 0, path.length + 1, 0);
        put(StandardCharsets.US_ASCII.encode(header));
        put(ByteBuffer.wrap(path));
        put(ByteBuffer.allocate(1));
        pad();
        put(contents);
        pad();
    }

    private void pad() throws IOException {
        put(ByteBuffer.allocate((int) (-offset & (ALIGNMENT - 1))));
    }

    private void put(ByteBuffer bytes) throws IOException {
        offset += bytes.remaining();
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
