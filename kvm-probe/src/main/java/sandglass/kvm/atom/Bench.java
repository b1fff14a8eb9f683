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
 * @param passes  how often the atom is measured, with that part of its rounds each time
 */
public record Bench(LongSupplier clockNs, LiveConfig config, Path scratch, boolean quick, boolean root, int passes) {

    private static final int QUICK_PART = 6;
    private static final int LEAST_ROUNDS = 5;

    /** A bench for atoms that are measured once. */
    public Bench(LongSupplier clockNs, LiveConfig config, Path scratch, boolean quick, boolean root) {
        this(clockNs, config, scratch, quick, root, 1);
    }

    /** How often to do something that is done {@code full} times when nobody is in a hurry. */
    public int rounds(int full) {
        return Math.max(Math.min(full, LEAST_ROUNDS), full / (quick ? QUICK_PART : passes));
    }

    /** The same with fewer rounds. */
    public Bench hurried() {
        return new Bench(clockNs, config, scratch, true, root, 1);
    }

    /** The same for one of so many passes. */
    public Bench inPasses(int number) {
        return new Bench(clockNs, config, scratch, quick, root, number);
    }

    /** Nanoseconds now. */
    public long nowNs() {
        return clockNs.getAsLong();
    }
}
