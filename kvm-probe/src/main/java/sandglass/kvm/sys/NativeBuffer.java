package sandglass.kvm.sys;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A structure shared with the kernel: a direct buffer together with its address. Freed with the object, so keep the
 * object, not the address.
 *
 * @param bytes   contents, little-endian, starting at zero
 * @param address where the kernel finds them
 */
public record NativeBuffer(ByteBuffer bytes, long address) {

    /** A zeroed structure of {@code sizeBytes} bytes. */
    public static NativeBuffer ofSize(int sizeBytes) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
        return new NativeBuffer(bytes, MemoryIO.getInstance().getDirectBufferAddress(bytes));
    }

    /** The number of bytes. */
    public int sizeBytes() {
        return bytes.capacity();
    }

    /** An independent structure with the same contents. */
    public NativeBuffer copy() {
        NativeBuffer copy = ofSize(sizeBytes());
        copy.set(this);
        return copy;
    }

    /** Overwrites the contents by those of another structure of the same size. */
    public void set(NativeBuffer other) {
        bytes.put(0, other.bytes, 0, bytes.capacity());
    }
}
