package sandglass.model;

import java.util.ArrayDeque;
import java.util.Deque;

/** A lock that is held while its holder computes: one at a time has part in the host's cores, the others wait in their order without any. */
final class Mutex {

    /** Where the holder computes: on the cores, or once it has another lock as well. */
    @FunctionalInterface
    interface Computing {
        /** Computes for {@code ns}; then {@code whenDone} runs. One at a time. */
        void compute(long ns, Runnable whenDone);
    }

    private final Computing computing;
    private final Runnable released = this::released;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private Runnable done;

    private record Waiting(long ns, Runnable done) {
    }

    Mutex(Computing computing) {
        this.computing = computing;
    }

    /** Takes the lock, computes for {@code ns} and gives it back; then {@code whenDone} runs. */
    void compute(long ns, Runnable whenDone) {
        if (done != null) {
            waiting.add(new Waiting(ns, whenDone));
            return;
        }
        done = whenDone;
        computing.compute(ns, released);
    }

    private void released() {
        Runnable finished = done;
        Waiting next = waiting.poll();
        done = next == null ? null : next.done;
        // Who had the lock goes on on its core; whoever is next must be woken first.
        finished.run();
        if (next != null) {
            computing.compute(next.ns, released);
        }
    }
}
