package sandglass.kvm.atom;

import java.nio.file.Path;
import java.util.function.LongSupplier;
import sandglass.kvm.stack.LiveConfig;

/**
 * What an atom measures with.
 *
 * @param clockNs never goes back, the same for all threads; atoms read no other
 * @param config  the interpreter and limits that functions get
 * @param scratch an existing directory on a real disk for the atom's files, which it removes
 * @param quick   whether fewer rounds are wanted
 * @param root    whether this process may do what needs root
 */
public record Bench(LongSupplier clockNs, LiveConfig config, Path scratch, boolean quick, boolean root) {

    private static final int QUICK_PART = 6;
    private static final int LEAST_ROUNDS = 5;

    /** How often to do something that is done {@code full} times when nobody is in a hurry. */
    public int rounds(int full) {
        return quick ? Math.max(Math.min(full, LEAST_ROUNDS), full / QUICK_PART) : full;
    }

    /** The same with fewer rounds. */
    public Bench hurried() {
        return new Bench(clockNs, config, scratch, true, root);
    }

    /** Nanoseconds now. */
    public long nowNs() {
        return clockNs.getAsLong();
    }
}
