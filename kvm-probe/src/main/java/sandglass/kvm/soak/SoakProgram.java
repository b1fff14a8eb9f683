package sandglass.kvm.soak;

import java.util.random.RandomGenerator;

/**
 * A kind of invocation in a soak.
 *
 * @param name   for reports
 * @param group  what it is there for; reports count by group
 * @param weight how often it comes, relative to the others; positive
 * @param maker  makes one call
 */
public record SoakProgram(String name, Group group, double weight, Maker maker) {

    /** What a program is there for, and how it is to end. */
    public enum Group {
        /** A few lines that return a value. */
        TRIVIAL,
        /** Fetches, transforms and posts a document. */
        ETL,
        /** Raises an exception. */
        RAISING,
        /** Leaves secrets wherever a function can put them. */
        SECRETIVE,
        /** Looks for what others may have left. */
        SEARCHING,
        /** Means harm; most of them have to be ended. */
        HOSTILE
    }

    /** Makes a call. */
    @FunctionalInterface
    public interface Maker {

        /**
         * The call of an invocation. Called by several threads.
         *
         * @param index  of the invocation, different for each
         * @param random depends on the soak's seed and the index, and on nothing else
         */
        SoakCall call(long index, RandomGenerator random);
    }
}
