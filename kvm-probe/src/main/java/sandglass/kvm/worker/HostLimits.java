package sandglass.kvm.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sandglass.kvm.sys.Linux;

/** What the host grants a process, compared with what a worker needs. */
record HostLimits(long descriptors, long mappings) {

    /** A unikernel is two descriptors, machine and vCPU, and two mappings, its memory and the page shared with KVM. */
    private static final int DESCRIPTORS_PER_USF = 2;
    private static final int MAPPINGS_PER_USF = 2;
    /** What a Java process has besides, rounded up generously. */
    private static final int OTHER_DESCRIPTORS = 256;
    private static final int OTHER_MAPPINGS = 2000;
    private static final Path MAX_MAP_COUNT = Path.of("/proc/sys/vm/max_map_count");

    /** Those of a process that this one starts; Java raises its own number of descriptors to the hard limit. */
    static HostLimits ofThisHost() {
        long hard = Linux.limit(Linux.Resource.OPEN_FILES).hard();
        // Not readString: it asks for one byte first, and the kernel gives a number in one read or not at all.
        try (BufferedReader reader = Files.newBufferedReader(MAX_MAP_COUNT)) {
            return new HostLimits(hard < 0 ? Long.MAX_VALUE : hard, Long.parseLong(reader.readLine().strip()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + MAX_MAP_COUNT, e);
        }
    }

    /** @throws HostLimitException if a worker of so many unikernels does not fit */
    void check(int usfsPerWorker) {
        long descriptorsNeeded = (long) DESCRIPTORS_PER_USF * usfsPerWorker + OTHER_DESCRIPTORS;
        if (descriptorsNeeded > descriptors) {
            throw new HostLimitException("RLIMIT_NOFILE", descriptorsNeeded, descriptors,
                    "use more workers of fewer unikernels, or raise it: ulimit -Hn " + descriptorsNeeded);
        }
        long mappingsNeeded = (long) MAPPINGS_PER_USF * usfsPerWorker + OTHER_MAPPINGS;
        if (mappingsNeeded > mappings) {
            throw new HostLimitException("vm.max_map_count", mappingsNeeded, mappings,
                    "use more workers of fewer unikernels, or raise it: sysctl -w vm.max_map_count=" + mappingsNeeded);
        }
    }
}
