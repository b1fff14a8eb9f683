package sandglass.kvm.usf.etl;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import sandglass.kvm.sys.Linux;

/**
 * The host's side of polled notification [USETL, section 3.2.1]: one thread that looks at the pages of all unikernels every so often, and others that
 * carry out what it finds, one a unikernel, so that no function waits for another's server.
 *
 * <p>They are there before anything is called. Making a thread means waiting until it has run; among spinning guests that takes as long as a turn of
 * all of them, and whoever makes one after the other sees no request meanwhile.
 */
public final class Poller implements AutoCloseable {

    private static final long SHORTEST_SLEEP_NS = 1000;

    private final long intervalNs;
    private final CopyOnWriteArrayList<PolledCalls> pages = new CopyOnWriteArrayList<>();
    private final LongAdder servingNs = new LongAdder();
    private final ThreadPoolExecutor servers = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
            task -> daemon(task, "polled-call"));
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

    synchronized void add(PolledCalls page) {
        servers.setCorePoolSize(pages.size() + 1);
        servers.prestartAllCoreThreads();
        pages.add(page);
    }

    synchronized void remove(PolledCalls page) {
        pages.remove(page);
        servers.setCorePoolSize(pages.size());
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
