package sandglass.kvm.usf.call;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.usf.cpu.GuestLayout;

/**
 * GET and POST on the device {@code /usf/etl}: one exit a call, whatever the size. GET is an ioctl whose argument
 * carries the url in and the place of the document out; POST is a writev whose first part is the url and whose others
 * are the body, read straight from guest memory.
 */
final class EtlCalls {

    /**
     * ioctl: in, u32 length of the url at offset 4, the url at offset 24; out, u64 offset at 8, u64 size at 16, and
     * in place of the url the document's name in {@code /etl}.
     */
    private static final int GET = 1;
    /** ioctl: out, u32 length at offset 4 and from offset 24 the text, at most 1000 bytes in all. */
    private static final int LAST_ERROR = 2;
    private static final int TEXT_AT = 24;
    private static final int MAX_URL_BYTES = 1000;
    private static final int MAX_ERROR_BYTES = 1000 - TEXT_AT;
    private static final int MAX_PARTS = 1024;

    private EtlCalls() {
    }

    static long control(GuestProcess p, int request, long argument) {
        return switch (request) {
            case GET -> get(p, argument);
            case LAST_ERROR -> lastError(p, argument);
            default -> -Errno.EINVAL;
        };
    }

    private static long get(GuestProcess p, long argument) {
        int urlBytes = p.memory().getInt(argument + 4);
        if (urlBytes < 0 || urlBytes > MAX_URL_BYTES) {
            return failed(p, Errno.ENAMETOOLONG, "url of " + urlBytes + " bytes, at most " + MAX_URL_BYTES);
        }
        String url = new String(p.memory().bytes(argument + TEXT_AT, urlBytes), StandardCharsets.UTF_8);
        try {
            HostServices.Document document = p.host().get(url);
            p.memory().putLong(argument + 8, document.windowOffset());
            p.memory().putLong(argument + 16, document.sizeBytes());
            long guestAddress = GuestLayout.WINDOW_START + document.windowOffset();
            ByteBuffer contents = document.sizeBytes() == 0 ? ByteBuffer.allocate(0)
                    : p.memory().view(guestAddress, document.sizeBytes()).asReadOnlyBuffer();
            byte[] name = p.files().addDocument(url, contents, guestAddress, RegionCalls.nowSeconds(p))
                    .getBytes(StandardCharsets.US_ASCII);
            p.memory().putInt(argument + 4, name.length);
            p.memory().put(argument + TEXT_AT, name);
            return 0;
        } catch (HostServices.EtlException e) {
            return failed(p, e.errno(), e.getMessage());
        }
    }

    static long post(GuestProcess p, long vectors, int count) {
        if (count < 1 || count > MAX_PARTS) {
            return -Errno.EINVAL;
        }
        ByteBuffer[] parts = new ByteBuffer[count];
        long totalBytes = 0;
        for (int i = 0; i < count; i++) {
            long vector = vectors + i * 16L;
            parts[i] = p.memory().view(p.memory().getLong(vector), p.memory().getLong(vector + 8));
            totalBytes += parts[i].capacity();
        }
        if (parts[0].capacity() > MAX_URL_BYTES) {
            return failed(p, Errno.ENAMETOOLONG, "url of " + parts[0].capacity() + " bytes");
        }
        try {
            p.host().post(StandardCharsets.UTF_8.decode(parts[0]).toString(), Arrays.copyOfRange(parts, 1, count));
            return totalBytes;
        } catch (HostServices.EtlException e) {
            return failed(p, e.errno(), e.getMessage());
        }
    }

    private static long failed(GuestProcess p, int errno, String reason) {
        p.etlFailed(reason);
        return -errno;
    }

    private static long lastError(GuestProcess p, long argument) {
        byte[] text = p.lastEtlError().getBytes(StandardCharsets.UTF_8);
        int count = Math.min(text.length, MAX_ERROR_BYTES);
        p.memory().put(argument + TEXT_AT, ByteBuffer.wrap(text), 0, count);
        p.memory().putInt(argument + 4, count);
        return 0;
    }
}
