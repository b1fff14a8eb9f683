package sandglass.kvm.measure;

import java.util.function.LongSupplier;
import sandglass.kvm.sys.Linux;

/** The clocks of this host. */
public final class Clocks {

    private Clocks() {
    }

    /** CLOCK_MONOTONIC in nanoseconds: never goes back, and is the same for all threads. */
    public static LongSupplier monotonicNs() {
        return System::nanoTime;
    }

    /** Core time of the calling thread, ns (CLOCK_THREAD_CPUTIME_ID); a vCPU's time in the guest is its thread's. */
    public static long threadCpuNs() {
        return Linux.threadCpuNs();
    }
}
