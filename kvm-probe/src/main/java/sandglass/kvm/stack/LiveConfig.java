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
 * @param maxFiles         most files of its own that a function may have, where the stack has a file system for it
 * @param maxDescriptors   most open descriptors, with those of the runner
 * @param pollNs           how often the host looks for calls, ns; 0 if they are exits or system calls
 * @param onDemand         whether somebody waits for the first call of each new sandbox, so that it may have memory for that
 * @param memory           who else has the pages of a sandbox
 */
public record LiveConfig(Path interpreter, long memoryBytes, Duration timeLimit, Set<String> allowedHosts, long maxDocumentBytes,
        int maxFiles, int maxDescriptors, long pollNs, boolean onDemand, Memory memory) {

    /** Who has the same physical pages as a sandbox. */
    public enum Memory {
        /** Whoever the stack makes share them. */
        BY_CONSTRUCTION,
        /** Nobody. */
        OWN,
        /** Nobody at first, but the kernel's scanner may merge them with equal ones. */
        MERGEABLE
    }

    /** A function has at least this many descriptors: the runner needs most of them. */
    public static final int MIN_DESCRIPTORS = 16;
    /** A function has at most this many descriptors, or files. */
    public static final int MAX_FILES = 65_536;
    /** A sandbox has at least this much memory. */
    public static final long MIN_MEMORY_BYTES = GuestLayout.MIN_RAM_BYTES;
    /** A sandbox has at most this much memory. */
    public static final long MAX_MEMORY_BYTES = GuestLayout.MAX_RAM_BYTES;

    public LiveConfig {
        allowedHosts = Set.copyOf(allowedHosts);
    }

    /** 64 MiB, 10 s, no network, 1 GiB documents, 1024 files, 256 descriptors. */
    public static LiveConfig defaults() {
        UsfConfig usf = UsfConfig.defaults();
        return new LiveConfig(usf.interpreter(), usf.ramBytes(), usf.timeLimit(), Set.of(), usf.maxDocumentBytes(), usf.maxFiles(),
                usf.maxDescriptors(), 0, false, Memory.BY_CONSTRUCTION);
    }

    /** The same with other limits. */
    public LiveConfig withLimits(long bytes, Duration limit) {
        return new LiveConfig(interpreter, bytes, limit, allowedHosts, maxDocumentBytes, maxFiles, maxDescriptors, pollNs, onDemand, memory);
    }

    /** The next size that a sandbox can have: unikernels have whole large pages. */
    public static long wholeLargePages(long bytes) {
        long page = GuestLayout.LARGE_PAGE_BYTES;
        return (bytes + page - 1) / page * page;
    }

    /** The same with other hosts allowed. */
    public LiveConfig withAllowedHosts(Set<String> hosts) {
        return new LiveConfig(interpreter, memoryBytes, timeLimit, hosts, maxDocumentBytes, maxFiles, maxDescriptors, pollNs, onDemand, memory);
    }

    /** The same with other limits on files. */
    public LiveConfig withFileLimits(int files, int descriptors) {
        return new LiveConfig(interpreter, memoryBytes, timeLimit, allowedHosts, maxDocumentBytes, files, descriptors, pollNs, onDemand, memory);
    }

    /** The same with calls that the host notices by looking every so often. */
    public LiveConfig withPolling(long intervalNs) {
        return new LiveConfig(interpreter, memoryBytes, timeLimit, allowedHosts, maxDocumentBytes, maxFiles, maxDescriptors, intervalNs,
                onDemand, memory);
    }

    /** The same with sandboxes whose first call somebody waits for. */
    public LiveConfig withStartsOnDemand() {
        return new LiveConfig(interpreter, memoryBytes, timeLimit, allowedHosts, maxDocumentBytes, maxFiles, maxDescriptors, pollNs, true, memory);
    }

    /** The same with memory shared otherwise. */
    public LiveConfig withMemory(Memory sharing) {
        return new LiveConfig(interpreter, memoryBytes, timeLimit, allowedHosts, maxDocumentBytes, maxFiles, maxDescriptors, pollNs, onDemand,
                sharing);
    }
}
