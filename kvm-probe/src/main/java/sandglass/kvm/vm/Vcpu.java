package sandglass.kvm.vm;

import java.nio.ByteBuffer;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.sys.NativeBuffer;
import sandglass.kvm.sys.SystemCallException;
import sandglass.kvm.sys.WakeSignal;

/**
 * A virtual CPU and the page it shares with the kernel ({@code struct kvm_run}). General registers are read and written
 * in that page (KVM_CAP_SYNC_REGS): no ioctl beside KVM_RUN on the hot path. Any thread may use it, one at a time; only
 * {@link #kick} and {@link #isOverdue} may be called while another runs it.
 */
public final class Vcpu implements AutoCloseable {

    /** Size of {@code struct kvm_sregs}. */
    public static final int SREGS_BYTES = KvmAbi.SREGS_BYTES;
    /** Size of {@code struct kvm_xsave}. */
    public static final int XSAVE_BYTES = KvmAbi.XSAVE_BYTES;
    /** Size of {@code struct kvm_xcrs}. */
    public static final int XCRS_BYTES = KvmAbi.XCRS_BYTES;

    private static final long UNARMED = Long.MAX_VALUE;

    private final Fd fd;
    private final Mapping runArea;
    private ByteBuffer run;
    private int lastReason = KvmAbi.EXIT_UNKNOWN;
    private volatile long deadlineNs = UNARMED;
    private volatile long kickedDeadlineNs = UNARMED;
    private volatile int runningThread;
    private boolean ranSinceLook;
    private volatile Watchdog watchdog;

    Vcpu(Fd fd, Mapping runArea) {
        this.fd = fd;
        this.runArea = runArea;
        this.run = runArea.bytes();
        run.putLong(KvmAbi.RUN_VALID_REGS, KvmAbi.SYNC_REGS);
    }

    /** Sets what CPUID answers. Before anything that depends on it: XCRS, SREGS. */
    public void setCpuid(Cpuid cpuid) {
        Linux.ioctl("KVM_SET_CPUID2", fd, KvmAbi.SET_CPUID2, cpuid.table());
    }

    /** Reads segment, control and descriptor-table registers into {@code struct kvm_sregs}. */
    public void readSregs(NativeBuffer sregs) {
        Linux.ioctl("KVM_GET_SREGS", fd, KvmAbi.GET_SREGS, sregs);
    }

    /** Writes segment, control and descriptor-table registers. EINVAL: the combination is not possible. */
    public void writeSregs(NativeBuffer sregs) {
        Linux.ioctl("KVM_SET_SREGS", fd, KvmAbi.SET_SREGS, sregs);
    }

    /** Like {@link #writeSregs}, but carried out by the next {@link #run}: saves an ioctl. */
    public void writeSregsAtNextRun(NativeBuffer sregs) {
        run.put(KvmAbi.RUN_SREGS, sregs.bytes(), 0, SREGS_BYTES);
        markDirty(KvmAbi.SYNC_SREGS);
    }

    /** Reads the extended control registers. */
    public void readXcrs(NativeBuffer xcrs) {
        Linux.ioctl("KVM_GET_XCRS", fd, KvmAbi.GET_XCRS, xcrs);
    }

    /** Writes the extended control registers. EINVAL: a bit that CPUID does not offer. */
    public void writeXcrs(NativeBuffer xcrs) {
        Linux.ioctl("KVM_SET_XCRS", fd, KvmAbi.SET_XCRS, xcrs);
    }

    /** Reads floating-point and vector registers. */
    public void readXsave(NativeBuffer xsave) {
        Linux.ioctl("KVM_GET_XSAVE", fd, KvmAbi.GET_XSAVE, xsave);
    }

    /** Writes floating-point and vector registers. */
    public void writeXsave(NativeBuffer xsave) {
        Linux.ioctl("KVM_SET_XSAVE", fd, KvmAbi.SET_XSAVE, xsave);
    }

    /** Reads the values of model-specific registers. */
    public void readMsrs(Msrs msrs) {
        checkAll("KVM_GET_MSRS", msrs, Linux.ioctl("KVM_GET_MSRS", fd, KvmAbi.GET_MSRS, msrs.table()));
    }

    /** Writes the values of model-specific registers. */
    public void writeMsrs(Msrs msrs) {
        checkAll("KVM_SET_MSRS", msrs, Linux.ioctl("KVM_SET_MSRS", fd, KvmAbi.SET_MSRS, msrs.table()));
    }

    private void checkAll(String call, Msrs msrs, int done) {
        if (done != msrs.count()) {
            // The kernel stops at the first register it does not have, and reports how far it came.
            throw new SystemCallException("ioctl " + call, Errno.EINVAL, fd + ", register " + done);
        }
    }

    /** A general register as the last exit left it, or as set since. */
    public long get(Register register) {
        return run.getLong(register.runOffset);
    }

    /** Sets a general register for the next {@link #run}. */
    public void set(Register register, long value) {
        run.putLong(register.runOffset, value);
        markDirty(KvmAbi.SYNC_REGS);
    }

    /** Copies all general registers out ({@code struct kvm_regs}). */
    public void readRegisters(NativeBuffer registers) {
        registers.bytes().put(0, run, KvmAbi.RUN_REGS, Register.ALL_BYTES);
    }

    /** Sets all general registers for the next {@link #run}. */
    public void writeRegisters(NativeBuffer registers) {
        run.put(KvmAbi.RUN_REGS, registers.bytes(), 0, Register.ALL_BYTES);
        markDirty(KvmAbi.SYNC_REGS);
    }

    private void markDirty(long registerSet) {
        run.putLong(KvmAbi.RUN_DIRTY_REGS, run.getLong(KvmAbi.RUN_DIRTY_REGS) | registerSet);
    }

    /**
     * Allows this thread to run the vCPU until a deadline. A {@link Watchdog} that watches the vCPU ends {@link #run}
     * after it.
     *
     * @param deadlineNs on the watchdog's clock
     */
    public void arm(int thread, long deadlineNs) {
        runningThread = thread;
        run.put(KvmAbi.RUN_IMMEDIATE_EXIT, (byte) 0);
        ranSinceLook = true;
        this.deadlineNs = deadlineNs;
        Watchdog mine = watchdog;
        if (mine != null) {
            mine.armed();
        }
    }

    /** Ends what {@link #arm} allowed. */
    public void disarm() {
        deadlineNs = UNARMED;
    }

    /**
     * Runs the guest until it needs something (KVM_RUN).
     *
     * @return the exit reason's number; {@link VcpuExit} has constants for the frequent ones, {@link #exit()} decodes
     * all
     * @throws IllegalStateException if no deadline is armed: a guest that loops would hold the thread for ever
     */
    public int run() {
        if (deadlineNs == UNARMED) {
            throw new IllegalStateException("run without a deadline");
        }
        for (;;) {
            int result = Linux.tryIoctl(fd, KvmAbi.RUN, 0);
            if (result >= 0) {
                lastReason = run.getInt(KvmAbi.RUN_EXIT_REASON);
                return lastReason;
            }
            if (result != -Errno.EINTR && result != -Errno.EAGAIN) {
                throw new SystemCallException("ioctl KVM_RUN", -result, fd.toString());
            }
            if (kickedDeadlineNs == deadlineNs) {
                lastReason = KvmAbi.EXIT_INTR;
                return lastReason;
            }
            // A signal for somebody else, or a kick that came too late for the run it was meant for: carry on. Should
            // a kick for this run arrive just here, the watchdog repeats it.
            run.put(KvmAbi.RUN_IMMEDIATE_EXIT, (byte) 0);
        }
    }

    /**
     * Lets KVM finish the instruction that caused the last exit, without running the guest any further (api.rst,
     * section 5: "re-enter with immediate_exit set"). Needed before foreign state is loaded after an MMIO exit, whose
     * second half would otherwise be carried out on that state.
     */
    public void settle() {
        run.put(KvmAbi.RUN_IMMEDIATE_EXIT, (byte) 1);
        int result = Linux.tryIoctl(fd, KvmAbi.RUN, 0);
        if (result < 0 && result != -Errno.EINTR) {
            throw new SystemCallException("ioctl KVM_RUN", -result, fd.toString());
        }
        run.put(KvmAbi.RUN_IMMEDIATE_EXIT, (byte) 0);
    }

    /** Who is told when a deadline is armed; null for nobody. */
    void watchedBy(Watchdog by) {
        watchdog = by;
    }

    /** Whether a deadline is armed, or has been since the last time this was asked. */
    boolean ranSinceLook() {
        boolean ran = deadlineNs != UNARMED || ranSinceLook;
        ranSinceLook = false;
        return ran;
    }

    boolean isOverdue(long nowNs) {
        long deadline = deadlineNs;
        return deadline != UNARMED && nowNs - deadline >= 0;
    }

    /** Ends the current {@link #run}: the flag stops an entry that is about to happen, the signal one that has. */
    void kick(WakeSignal signal) {
        kickedDeadlineNs = deadlineNs;
        run.put(KvmAbi.RUN_IMMEDIATE_EXIT, (byte) 1);
        signal.send(runningThread);
    }

    /** The port of the last exit if that was {@link VcpuExit.PortIo}. */
    public int ioPort() {
        return run.getShort(KvmAbi.RUN_IO_PORT) & 0xFFFF;
    }

    /** Whether the last port access was one OUT of {@code sizeBytes} bytes. */
    public boolean isSingleOut(int sizeBytes) {
        return run.get(KvmAbi.RUN_IO_DIRECTION) == 1 && run.get(KvmAbi.RUN_IO_SIZE) == sizeBytes
                && run.getInt(KvmAbi.RUN_IO_COUNT) == 1;
    }

    /** The first byte that the last port or MMIO write carried. */
    public byte writtenByte() {
        return lastReason == KvmAbi.EXIT_IO ? run.get((int) run.getLong(KvmAbi.RUN_IO_DATA_OFFSET))
                : run.get(KvmAbi.RUN_MMIO_DATA);
    }

    /** Why the last {@link #run} ended. */
    public VcpuExit exit() {
        return switch (lastReason) {
            case KvmAbi.EXIT_IO -> new VcpuExit.PortIo(ioPort(), run.get(KvmAbi.RUN_IO_DIRECTION) == 1,
                    run.get(KvmAbi.RUN_IO_SIZE), run.getInt(KvmAbi.RUN_IO_COUNT));
            case KvmAbi.EXIT_MMIO -> new VcpuExit.Mmio(run.getLong(KvmAbi.RUN_MMIO_ADDRESS),
                    run.get(KvmAbi.RUN_MMIO_IS_WRITE) != 0, run.getInt(KvmAbi.RUN_MMIO_LENGTH));
            case KvmAbi.EXIT_HLT -> new VcpuExit.Halt();
            case KvmAbi.EXIT_SHUTDOWN -> new VcpuExit.Shutdown();
            case KvmAbi.EXIT_FAIL_ENTRY -> new VcpuExit.FailEntry(run.getLong(KvmAbi.RUN_FAIL_ENTRY_REASON));
            case KvmAbi.EXIT_INTERNAL_ERROR ->
                new VcpuExit.InternalError(run.getInt(KvmAbi.RUN_INTERNAL_SUBERROR));
            case KvmAbi.EXIT_INTR -> new VcpuExit.Interrupted();
            default -> new VcpuExit.Other(lastReason);
        };
    }

    /** The kernel's counters for this vCPU. Close them after use: they hold a descriptor. */
    public KvmStats stats() {
        return KvmStats.of(fd);
    }

    @Override
    public void close() {
        // Whoever uses the vCPU after this gets an IndexOutOfBoundsException, not somebody else's memory.
        run = ByteBuffer.allocate(0);
        runArea.close();
        fd.close();
    }
}
