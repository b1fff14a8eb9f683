package sandglass.kvm.worker;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A message between a pool and a worker: length of the body, number of the request, kind, body; all numbers big-endian. An answer
 * has the number of its request.
 */
record Frame(long id, Kind kind, byte[] body) {

    private static final int MAX_BODY_BYTES = 256 << 20;

    /** The requests, and the two kinds of answer. */
    enum Kind { ADD, INVOKE, INVOKE_ON_OLDEST, STATISTICS, CREATE, CALL, WARM, RECYCLE, FOOTPRINT, DESTROY, DONE, REFUSED }

    /** Writes the fields of a body. */
    interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    static Frame of(long id, Kind kind, Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            writer.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Frame(id, kind, bytes.toByteArray());
    }

    DataInputStream reader() {
        return new DataInputStream(new ByteArrayInputStream(body));
    }

    void writeTo(DataOutputStream out) throws IOException {
        out.writeInt(body.length);
        out.writeLong(id);
        out.writeByte(kind.ordinal());
        out.write(body);
        out.flush();
    }

    /** The next frame, or null at the end of the stream; a stream that breaks off inside a frame is an EOFException. */
    static Frame readFrom(DataInputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
        long id = in.readLong();
        int kind = in.readUnsignedByte();
        if (length < 0 || length > MAX_BODY_BYTES || kind >= Kind.values().length) {
            throw new IOException("not a frame: body of " + length + " bytes, kind " + kind);
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException();
        }
        return new Frame(id, Kind.values()[kind], body);
    }

    /** A text of any length; that of DataOutputStream ends at 64 KiB. */
    static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static String readText(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
