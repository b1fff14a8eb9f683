package sandglass.kvm.measure;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Asks the kernel to let idle cores poll instead of halting, for as long as this is open. In a virtual machine a halted core is given
 * away, and how long it takes to come back depends on the machine's neighbours, not on what is measured. The request is a file
 * descriptor (Documentation/power/pm_qos_interface.rst), so it ends with this process, however that ends.
 */
public final class WakefulCores implements AutoCloseable {

    private static final Path REQUEST = Path.of("/dev/cpu_dma_latency");
    private static final byte[] NO_LATENCY = new byte[Integer.BYTES];

    private final FileOutputStream request;

    private WakefulCores(FileOutputStream request) {
        this.request = request;
    }

    /** Asks; where the kernel or this user's rights do not allow it, cores go on halting. */
    public static WakefulCores request() {
        if (!Files.isWritable(REQUEST)) {
            return new WakefulCores(null);
        }
        try {
            FileOutputStream file = new FileOutputStream(REQUEST.toFile());
            file.write(NO_LATENCY);
            return new WakefulCores(file);
        } catch (IOException e) {
            return new WakefulCores(null);
        }
    }

    /** Whether the kernel took the request. */
    public boolean granted() {
        return request != null;
    }

    @Override
    public void close() {
        try {
            if (request != null) {
                request.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot take back the request to " + REQUEST, e);
        }
    }
}
