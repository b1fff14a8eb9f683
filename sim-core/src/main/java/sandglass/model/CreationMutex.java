package sandglass.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ObjLongConsumer;
import sandglass.des.Job;

/** A lock that is held while its holder computes: one at a time has part in the host's cores, the others wait in their order without any. */
final class CreationMutex {

    private final ObjLongConsumer<Job> cores;
    private final Job holder = new Job(this::released);
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private Runnable done;

    private record Waiting(long ns, Runnable done) {
    }

    /** @param cores computes a job for so many ns */
    CreationMutex(ObjLongConsumer<Job> cores) {
        this.cores = cores;
    }

    /** Takes the lock, computes for {@code ns} and gives it back; then {@code whenDone} runs. */
    void compute(long ns, Runnable whenDone) {
        if (done != null) {
            waiting.add(new Waiting(ns, whenDone));
            return;
        }
        done = whenDone;
        cores.accept(holder, ns);
    }

    private void released() {
        Runnable finished = done;
        Waiting next = waiting.poll();
        done = next == null ? null : next.done;
        // Who had the lock goes on on its core; whoever is next must be woken first.
        finished.run();
        if (next != null) {
            cores.accept(holder, next.ns);
        }
    }
}
