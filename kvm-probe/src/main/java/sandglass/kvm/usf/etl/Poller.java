package sandglass.kvm.usf.etl;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import sandglass.kvm.sys.Linux;

/**
 * The host's side of polled notification [USETL, section 3.2.1]: one thread that looks at the pages of all unikernels every so often, and others that
 * carry out what it finds, so that no function waits for another's server.
 */
public final class Poller implements AutoCloseable {

    private static final long SHORTEST_SLEEP_NS = 1000;

    private final long intervalNs;
    private final CopyOnWriteArrayList<PolledCalls> pages = new CopyOnWriteArrayList<>();
    private final LongAdder servingNs = new LongAdder();
    private final ExecutorService servers = Executors.newCachedThreadPool(task -> daemon(task, "polled-call"));
    private final Thread thread;
    private volatile boolean open = true;
    private volatile long cpuNs;

    /**
     * Starts polling.
     *
     * @param intervalNs between two looks; below a microsecond the thread does not sleep
     */
    public Poller(long intervalNs) {
        this.intervalNs = intervalNs;
        this.thread = daemon(this::run, "poller");
        thread.start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private void run() {
        Linux.wakeThisThreadOnTime();
        while (open) {
            boolean found = false;
            for (PolledCalls page : pages) {
                found |= page.look();
            }
            if (!found && intervalNs >= SHORTEST_SLEEP_NS) {
                LockSupport.parkNanos(intervalNs);
            } else {
                Thread.onSpinWait();
            }
            cpuNs = Linux.threadCpuNs();
        }
    }

    void add(PolledCalls page) {
        pages.add(page);
    }

    void remove(PolledCalls page) {
        pages.remove(page);
    }

    void serve(Runnable call) {
        servers.execute(() -> {
            long beforeNs = Linux.threadCpuNs();
            call.run();
            servingNs.add(Linux.threadCpuNs() - beforeNs);
        });
    }

    /** Core time that looking has taken so far, ns. */
    public long lookingNs() {
        return cpuNs;
    }

    /** Core time that carrying calls out has taken so far, ns. */
    public long servingNs() {
        return servingNs.sum();
    }

    @Override
    public void close() {
        open = false;
        LockSupport.unpark(thread);
        servers.shutdownNow();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
