package sandglass.kvm.vm;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import sandglass.kvm.sys.WakeSignal;

/**
 * Ends the run of every vCPU that passes its deadline. One thread looks at all watched vCPUs a few hundred times a
 * second while any of them runs, which costs a run nothing but three field accesses, and kicks an overdue one again until it stops: a
 * single kick can fall between two system calls and be lost.
 */
public final class Watchdog implements AutoCloseable {

    private static final long TICK_NS = 3_000_000;
    /** The thread goes on looking for a second after the last run: waking it makes the next one dearer. */
    private static final int IDLE_TICKS = 300;

    private final Set<Vcpu> watched = ConcurrentHashMap.newKeySet();
    private final LongSupplier clockNs;
    private final WakeSignal signal = WakeSignal.install();
    private final Thread thread = new Thread(this::watchUntilClosed, "vcpu-watchdog");
    private volatile boolean closed;
    private volatile boolean asleep;

    /** Starts the thread. Deadlines are instants of {@code clockNs}. */
    public Watchdog(LongSupplier clockNs) {
        this.clockNs = clockNs;
        thread.setDaemon(true);
        thread.start();
    }

    /** From now on ends runs of this vCPU that are overdue. */
    public void watch(Vcpu vcpu) {
        watched.add(vcpu);
        vcpu.watchedBy(this);
        armed();
    }

    /** Forgets a vCPU; before closing it. When this returns the watchdog does not touch the vCPU any more. */
    public void forget(Vcpu vcpu) {
        synchronized (watched) {
            watched.remove(vcpu);
            vcpu.watchedBy(null);
        }
    }

    /** A watched vCPU has just got a deadline. */
    void armed() {
        if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
    }

    private void watchUntilClosed() {
        int idleTicks = 0;
        while (!closed) {
            idleTicks = anyRan() ? 0 : idleTicks + 1;
            if (idleTicks <= IDLE_TICKS) {
                LockSupport.parkNanos(TICK_NS);
            } else {
                sleep();
                idleTicks = 0;
            }
            long now = clockNs.getAsLong();
            for (Vcpu vcpu : watched) {
                if (vcpu.isOverdue(now)) {
                    kickIfStillWatched(vcpu);
                }
            }
        }
    }

    private boolean anyRan() {
        boolean any = false;
        for (Vcpu vcpu : watched) {
            any |= vcpu.ranSinceLook();
        }
        return any;
    }

    /** Who arms a deadline writes it and then looks whether the thread is asleep; the thread does both the other way round, so one sees the other. */
    private void sleep() {
        asleep = true;
        if (anyRan()) {
            asleep = false;
        }
        while (asleep && !closed) {
            LockSupport.park();
        }
    }

    private void kickIfStillWatched(Vcpu vcpu) {
        synchronized (watched) {
            if (watched.contains(vcpu)) {
                vcpu.kick(signal);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
