package sandglass.kvm.usf.call;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a process printed: the start of it, and how much it was. */
final class Log {

    private static final int KEPT_BYTES = 64 << 10;

    private final long limitBytes;
    private ByteArrayOutputStream kept;
    private long totalBytes;

    /** @param limitBytes {@link #append} refuses to take more than this in all */
    Log(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    boolean append(ByteBuffer text) {
        totalBytes += text.capacity();
        if (kept == null) {
            kept = new ByteArrayOutputStream();
        }
        byte[] part = new byte[Math.min(text.capacity(), KEPT_BYTES - kept.size())];
        text.get(0, part);
        kept.writeBytes(part);
        return totalBytes <= limitBytes;
    }

    void clear() {
        kept = null;
        totalBytes = 0;
    }

    String text() {
        return kept == null ? "" : kept.toString(StandardCharsets.UTF_8);
    }
}
