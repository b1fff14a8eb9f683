package sandglass.kvm.measure;

import java.util.function.LongSupplier;

/** The clocks of this host. */
public final class Clocks {

    private Clocks() {
    }

    /** CLOCK_MONOTONIC in nanoseconds: never goes back, and is the same for all threads. */
    public static LongSupplier monotonicNs() {
        return System::nanoTime;
    }
}
