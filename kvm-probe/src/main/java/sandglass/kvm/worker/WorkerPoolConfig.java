package sandglass.kvm.worker;

import java.util.List;
import sandglass.kvm.usf.UsfConfig;

/**
 * A pool of unikernels in worker processes.
 *
 * @param usf           what the unikernels are
 * @param usfsPerWorker how many a worker holds; more of them in one process make each clone and each fault dearer, fewer
 *                      of them divide the cost of a process, about 100 MB, among fewer
 * @param runsPerWorker how many functions a worker runs at a time
 * @param workersFilledAtATime how many workers make unikernels at the same time while the pool grows
 * @param javaOptions   options of the workers' Java
 */
public record WorkerPoolConfig(UsfConfig usf, int usfsPerWorker, int runsPerWorker, int workersFilledAtATime,
        List<String> javaOptions) {

    /**
     * A small Java: the heap holds what the monitor knows of each unikernel, and results on their way. The
     * simple collector and compiler take no memory for threads and profiles.
     */
    private static final List<String> SMALL_JAVA = List.of("-Xms8m", "-Xmn4m", "-Xmx192m", "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1", "-Xss256k", "-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=20",
            "-XX:-UsePerfData", "-Xshare:auto");

    public WorkerPoolConfig {
        javaOptions = List.copyOf(javaOptions);
        if (usfsPerWorker < 1 || runsPerWorker < 1 || workersFilledAtATime < 1) {
            throw new IllegalArgumentException(usfsPerWorker + " unikernels and " + runsPerWorker
                    + " runs a worker, " + workersFilledAtATime + " workers at a time; expected at least 1 each");
        }
    }

    /** 400 unikernels of 36 MiB, of which a function has 4, a worker; as many runs, and workers filled, at a time as processors. */
    public static WorkerPoolConfig defaults() {
        return new WorkerPoolConfig(UsfConfig.defaults().withRamBytes(36L << 20), 400,
                Runtime.getRuntime().availableProcessors(), Runtime.getRuntime().availableProcessors(), SMALL_JAVA);
    }

    /** The same with other unikernels. */
    public WorkerPoolConfig withUsf(UsfConfig config) {
        return new WorkerPoolConfig(config, usfsPerWorker, runsPerWorker, workersFilledAtATime, javaOptions);
    }

    /** The same with another number of functions that a worker runs at a time. */
    public WorkerPoolConfig withRunsPerWorker(int count) {
        return new WorkerPoolConfig(usf, usfsPerWorker, count, workersFilledAtATime, javaOptions);
    }

    /** The same with another number of workers that are filled at a time. */
    public WorkerPoolConfig withWorkersFilledAtATime(int count) {
        return new WorkerPoolConfig(usf, usfsPerWorker, runsPerWorker, count, javaOptions);
    }

    /** The same with another number of unikernels a worker. */
    public WorkerPoolConfig withUsfsPerWorker(int count) {
        return new WorkerPoolConfig(usf, count, runsPerWorker, workersFilledAtATime, javaOptions);
    }
}
