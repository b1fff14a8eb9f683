package sandglass.kvm.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import sandglass.kvm.usf.UsfConfig;
import sandglass.kvm.usf.cpu.GuestLayout;

/**
 * What every real stack grants its functions.
 *
 * @param interpreter      the host's Python
 * @param memoryBytes      most memory of one sandbox
 * @param timeLimit        of one call
 * @param allowedHosts     where functions may GET from and POST to: {@code host} or {@code host:port}
 * @param maxDocumentBytes largest document that GET accepts
 */
public record LiveConfig(Path interpreter, long memoryBytes, Duration timeLimit, Set<String> allowedHosts, long maxDocumentBytes) {

    /** A sandbox has at least this much memory. */
    public static final long MIN_MEMORY_BYTES = GuestLayout.MIN_RAM_BYTES;
    /** A sandbox has at most this much memory. */
    public static final long MAX_MEMORY_BYTES = GuestLayout.MAX_RAM_BYTES;

    public LiveConfig {
        allowedHosts = Set.copyOf(allowedHosts);
    }

    /** 64 MiB, 10 s, no network, 1 GiB documents. */
    public static LiveConfig defaults() {
        UsfConfig usf = UsfConfig.defaults();
        return new LiveConfig(usf.interpreter(), usf.ramBytes(), usf.timeLimit(), Set.of(), usf.maxDocumentBytes());
    }

    /** The same with other limits. */
    public LiveConfig withLimits(long bytes, Duration limit) {
        return new LiveConfig(interpreter, bytes, limit, allowedHosts, maxDocumentBytes);
    }

    /** The next size that a sandbox can have: unikernels have whole large pages. */
    public static long wholeLargePages(long bytes) {
        long page = GuestLayout.LARGE_PAGE_BYTES;
        return (bytes + page - 1) / page * page;
    }

    /** The same with other hosts allowed. */
    public LiveConfig withAllowedHosts(Set<String> hosts) {
        return new LiveConfig(interpreter, memoryBytes, timeLimit, hosts, maxDocumentBytes);
    }
}
