package sandglass.kvm.usf.file;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;

/**
 * A runtime image in one sealed memory file, for processes that are to share it: length of the index, index, contents. The host holds it
 * once, however many processes open it, and nobody can change it.
 */
public final class PackedImage implements AutoCloseable {

    private static final int ALIGNMENT = 64;

    private final Fd memory;

    private PackedImage(Fd memory) {
        this.memory = memory;
    }

    /** Packs an image. */
    public static PackedImage of(PythonImage image) {
        Map<String, Node.DataFile> files = image.files().files();
        byte[] index = index(image, files);
        long totalBytes = aligned(Integer.BYTES + index.length);
        for (Node.DataFile file : files.values()) {
            totalBytes += aligned(file.sizeBytes());
        }
        Fd memory = Linux.memoryFile("usf-image", totalBytes);
        try {
            try (Mapping writable = Linux.map(memory, 0, totalBytes, Linux.Sharing.SHARED)) {
                ByteBuffer bytes = writable.bytes();
                bytes.putInt(0, index.length).put(Integer.BYTES, index);
                int at = aligned(Integer.BYTES + index.length);
                for (Node.DataFile file : files.values()) {
                    bytes.put(at, file.contents(), 0, file.sizeBytes());
                    at += aligned(file.sizeBytes());
                }
            }
            Linux.seal(memory, EnumSet.allOf(Linux.Seal.class));
            return new PackedImage(memory);
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    private static int aligned(int bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static byte[] index(PythonImage image, Map<String, Node.DataFile> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(image.interpreterPath());
            out.writeInt(image.files().links().size());
            for (Map.Entry<String, String> link : image.files().links().entrySet()) {
                out.writeUTF(link.getKey());
                out.writeUTF(link.getValue());
            }
            out.writeInt(files.size());
            for (Map.Entry<String, Node.DataFile> file : files.entrySet()) {
                out.writeUTF(file.getKey());
                out.writeInt(file.getValue().sizeBytes());
                out.writeLong(file.getValue().modifiedSeconds());
                out.writeBoolean(file.getValue().isExecutable());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Where other processes of the same user can open it, as long as this one holds it. */
    public Path path() {
        return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + memory.number());
    }

    /**
     * The image, as an equal of the one that was packed. Its contents stay mapped until this process ends.
     *
     * @param path of the memory file
     * @throws sandglass.kvm.sys.SystemCallException if there is none any more
     */
    public static PythonImage open(Path path) {
        try (Fd memory = Linux.open(path.toString(), Linux.Access.READ_ONLY)) {
            if (!Linux.isSealed(memory, Linux.Seal.WRITE)) {
                throw new IllegalArgumentException(path + " is not sealed");
            }
            Mapping mapping = Linux.map(memory, 0, Files.size(path), Linux.Sharing.READ_ONLY);
            byte[] index = new byte[mapping.bytes().getInt(0)];
            mapping.bytes().get(Integer.BYTES, index);
            return read(index, mapping.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the runtime image " + path, e);
        }
    }

    private static PythonImage read(byte[] index, ByteBuffer contents) {
        FileImage.Builder builder = new FileImage.Builder();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(index))) {
            String interpreter = in.readUTF();
            for (int left = in.readInt(); left > 0; left--) {
                builder.link(in.readUTF(), in.readUTF());
            }
            int at = aligned(Integer.BYTES + index.length);
            for (int left = in.readInt(); left > 0; left--) {
                String path = in.readUTF();
                int sizeBytes = in.readInt();
                builder.file(path, contents.slice(at, sizeBytes), in.readLong(), in.readBoolean());
                at += aligned(sizeBytes);
            }
            return new PythonImage(builder.build(), interpreter);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets go of the memory file; it remains as long as another process has it open or mapped. */
    @Override
    public void close() {
        memory.close();
    }
}
