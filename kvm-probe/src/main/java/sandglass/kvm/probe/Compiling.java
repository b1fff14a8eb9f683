package sandglass.kvm.probe;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How much of the time this program is being compiled, so that something can be repeated until that is over. */
final class Compiling {

    /** The compiler has nothing more to do once it works for less than this share of the time. */
    private static final double QUIET = 0.02;

    private final LongSupplier clockNs;

    Compiling(LongSupplier clockNs) {
        this.clockNs = clockNs;
    }

    /** Does something again and again, until the program was hardly compiled meanwhile, but {@code most} times at most. */
    void repeatUntilQuiet(int most, Runnable something) {
        boolean quiet = false;
        for (int times = 0; times < most && !quiet; times++) {
            long beginNs = clockNs.getAsLong();
            long beforeNs = compiledNs();
            something.run();
            quiet = compiledNs() - beforeNs < QUIET * (clockNs.getAsLong() - beginNs);
        }
    }

    /** For how long this program's code was compiled so far; 0 where it is interpreted for ever. */
    private static long compiledNs() {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        return compiler == null ? 0 : TimeUnit.MILLISECONDS.toNanos(compiler.getTotalCompilationTime());
    }
}
