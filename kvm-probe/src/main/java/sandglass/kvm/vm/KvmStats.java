package sandglass.kvm.vm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.NativeBuffer;

/**
 * KVM's own counters of a machine or a vCPU: exits, emulated instructions, page faults and more (KVM_GET_STATS_FD,
 * api.rst section 4.133). They count what the kernel did, independently of what a monitor believes it did.
 */
public final class KvmStats implements AutoCloseable {

    private static final int HEADER_BYTES = 24;
    private static final int DESCRIPTOR_BYTES = 16;

    private final Fd fd;
    /** Where each counter stands, from the beginning of the file. */
    private final Map<String, Long> offsets;
    private final long firstOffset;
    private final int spanBytes;
    private final NativeBuffer values;

    private KvmStats(Fd fd, Map<String, Long> offsets) {
        this.fd = fd;
        this.offsets = offsets;
        firstOffset = offsets.values().stream().mapToLong(Long::longValue).min().orElse(0);
        spanBytes = offsets.isEmpty() ? 0
                : (int) (offsets.values().stream().mapToLong(Long::longValue).max().orElse(0) + Long.BYTES - firstOffset);
        values = NativeBuffer.ofSize(spanBytes);
    }

    static KvmStats of(Fd owner) {
        Fd fd = new Fd(Linux.ioctl("KVM_GET_STATS_FD", owner, KvmAbi.GET_STATS_FD, 0), "statistics of " + owner);
        try {
            return new KvmStats(fd, readDescriptors(fd));
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    private static Map<String, Long> readDescriptors(Fd fd) {
        ByteBuffer header = read(fd, 0, HEADER_BYTES);
        int nameBytes = header.getInt(4);
        int count = header.getInt(8);
        int descriptorsAt = header.getInt(16);
        int dataAt = header.getInt(20);
        int stride = DESCRIPTOR_BYTES + nameBytes;
        ByteBuffer descriptors = read(fd, descriptorsAt, count * stride);
        Map<String, Long> offsets = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            int at = i * stride;
            boolean isHistogram = descriptors.getShort(at + 6) != 1;
            if (!isHistogram) {
                byte[] name = new byte[nameBytes];
                descriptors.get(at + DESCRIPTOR_BYTES, name);
                String text = new String(name, StandardCharsets.US_ASCII);
                offsets.put(text.substring(0, text.indexOf(0)), dataAt + (long) descriptors.getInt(at + 8));
            }
        }
        return offsets;
    }

    private static ByteBuffer read(Fd fd, long offset, int lengthBytes) {
        return read(fd, offset, lengthBytes, NativeBuffer.ofSize(lengthBytes));
    }

    private static ByteBuffer read(Fd fd, long offset, int lengthBytes, NativeBuffer buffer) {
        int read = Linux.pread(fd, buffer, lengthBytes, offset);
        if (read != lengthBytes) {
            throw new IllegalStateException(fd + ": " + read + " of " + lengthBytes + " bytes at " + offset);
        }
        return buffer.bytes();
    }

    /**
     * The counters now, 0 for one that the kernel does not have. One system call for all, since a reading follows each invocation; for one
     * thread at a time, and true until the next reading.
     *
     * @return a counter's value by the kernel's name for it
     */
    public ToLongFunction<String> now() {
        ByteBuffer all = read(fd, firstOffset, spanBytes, values);
        return name -> offsets.containsKey(name) ? all.getLong((int) (offsets.get(name) - firstOffset)) : 0;
    }

    /** The value of every counter now, by the kernel's name for it. */
    public Map<String, Long> read() {
        ToLongFunction<String> now = now();
        Map<String, Long> all = new LinkedHashMap<>();
        offsets.keySet().forEach(name -> all.put(name, now.applyAsLong(name)));
        return all;
    }

    @Override
    public void close() {
        fd.close();
    }
}
