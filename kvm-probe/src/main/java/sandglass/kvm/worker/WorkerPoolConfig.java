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
 * @param javaOptions   options of the workers' Java
 */
public record WorkerPoolConfig(UsfConfig usf, int usfsPerWorker, int runsPerWorker, List<String> javaOptions) {

    /**
     * A small Java: the heap holds the Python image, what the monitor knows of each unikernel, and results on their way. The
     * simple collector and compiler take no memory for threads and profiles.
     */
    private static final List<String> SMALL_JAVA = List.of("-Xms8m", "-Xmx192m", "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1", "-Xss256k", "-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=20",
            "-XX:-UsePerfData", "-Xshare:auto");

    public WorkerPoolConfig {
        javaOptions = List.copyOf(javaOptions);
        if (usfsPerWorker < 1 || runsPerWorker < 1) {
            throw new IllegalArgumentException(usfsPerWorker + " unikernels and " + runsPerWorker
                    + " runs a worker; expected at least 1 each");
        }
    }

    /** 1000 unikernels of 32 MiB a worker, and as many runs at a time as there are processors. */
    public static WorkerPoolConfig defaults() {
        return new WorkerPoolConfig(UsfConfig.defaults().withRamBytes(32L << 20), 1000,
                Runtime.getRuntime().availableProcessors(), SMALL_JAVA);
    }

    /** The same with other unikernels. */
    public WorkerPoolConfig withUsf(UsfConfig config) {
        return new WorkerPoolConfig(config, usfsPerWorker, runsPerWorker, javaOptions);
    }

    /** The same with another number of unikernels a worker. */
    public WorkerPoolConfig withUsfsPerWorker(int count) {
        return new WorkerPoolConfig(usf, count, runsPerWorker, javaOptions);
    }
}
