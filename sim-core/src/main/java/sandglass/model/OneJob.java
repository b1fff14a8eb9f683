package sandglass.model;

import java.util.function.ObjLongConsumer;
import sandglass.des.Job;

/** Computes on the cores what comes one at a time. */
final class OneJob implements Mutex.Computing {

    private final ObjLongConsumer<Job> cores;
    private final Job job = new Job(this::ended);
    private Runnable whenDone;

    /** @param cores computes a job for so many ns */
    OneJob(ObjLongConsumer<Job> cores) {
        this.cores = cores;
    }

    @Override public void compute(long ns, Runnable done) {
        whenDone = done;
        job.forget();
        cores.accept(job, ns);
    }

    private void ended() {
        whenDone.run();
    }
}
