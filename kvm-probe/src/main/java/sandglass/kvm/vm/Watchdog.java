package sandglass.kvm.vm;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import sandglass.kvm.sys.WakeSignal;

/**
 * Ends the run of every vCPU that passes its deadline. One thread looks at all watched vCPUs a few hundred times a
 * second, which costs a run nothing but two field writes, and kicks an overdue one again until it stops: a single kick
 * can fall between two system calls and be lost.
 */
public final class Watchdog implements AutoCloseable {

    private static final long TICK_NS = 3_000_000;
    /** The thread goes on looking for a second after the last vCPU has gone: waking it would make the next one dearer. */
    private static final int IDLE_TICKS = 300;

    private final Set<Vcpu> watched = ConcurrentHashMap.newKeySet();
    private final LongSupplier clockNs;
    private final WakeSignal signal = WakeSignal.install();
    private final Thread thread = new Thread(this::watchUntilClosed, "vcpu-watchdog");
    private volatile boolean closed;
    private boolean asleep;

    /** Starts the thread. Deadlines are instants of {@code clockNs}. */
    public Watchdog(LongSupplier clockNs) {
        this.clockNs = clockNs;
        thread.setDaemon(true);
        thread.start();
    }

    /** From now on ends runs of this vCPU that are overdue. */
    public void watch(Vcpu vcpu) {
        synchronized (watched) {
            watched.add(vcpu);
            if (asleep) {
                asleep = false;
                LockSupport.unpark(thread);
            }
        }
    }

    /** Forgets a vCPU; before closing it. When this returns the watchdog does not touch the vCPU any more. */
    public void forget(Vcpu vcpu) {
        synchronized (watched) {
            watched.remove(vcpu);
        }
    }

    private void watchUntilClosed() {
        int idleTicks = 0;
        while (!closed) {
            idleTicks = watched.isEmpty() ? idleTicks + 1 : 0;
            if (idleTicks <= IDLE_TICKS) {
                LockSupport.parkNanos(TICK_NS);
            } else if (fallAsleep()) {
                LockSupport.park();
            }
            long now = clockNs.getAsLong();
            for (Vcpu vcpu : watched) {
                if (vcpu.isOverdue(now)) {
                    kickIfStillWatched(vcpu);
                }
            }
        }
    }

    private boolean fallAsleep() {
        synchronized (watched) {
            asleep = watched.isEmpty();
            return asleep;
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
