package sandglass.model;

import java.util.function.LongUnaryOperator;

/** Computes what comes one at a time: part of it once it has another lock as well, the rest on the cores. */
final class PartlyExclusive implements Mutex.Computing {

    private final LongUnaryOperator exclusiveNs;
    private final Mutex.Computing exclusive;
    private final Mutex.Computing rest;
    private final Runnable released = this::released;
    private long restNs;
    private Runnable whenDone;

    /**
     * @param exclusiveNs how long of so many ns needs the other lock
     * @param exclusive   computes with that lock
     * @param rest        computes without
     */
    PartlyExclusive(LongUnaryOperator exclusiveNs, Mutex.Computing exclusive, Mutex.Computing rest) {
        this.exclusiveNs = exclusiveNs;
        this.exclusive = exclusive;
        this.rest = rest;
    }

    @Override public void compute(long ns, Runnable done) {
        long needsNs = exclusiveNs.applyAsLong(ns);
        restNs = ns - needsNs;
        whenDone = done;
        if (needsNs == 0) {
            released();
        } else {
            exclusive.compute(needsNs, released);
        }
    }

    private void released() {
        if (restNs == 0) {
            whenDone.run();
        } else {
            rest.compute(restNs, whenDone);
        }
    }
}
