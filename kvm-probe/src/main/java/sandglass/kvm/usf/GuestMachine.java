package sandglass.kvm.usf;

import sandglass.kvm.sys.Mapping;
import sandglass.kvm.sys.NativeBuffer;
import sandglass.kvm.usf.call.CallArguments;
import sandglass.kvm.usf.call.GuestProcess;
import sandglass.kvm.usf.call.Pause;
import sandglass.kvm.usf.call.SystemCallTable;
import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.usf.cpu.GuestTables;
import sandglass.kvm.usf.cpu.SyscallPath;
import sandglass.kvm.vm.Register;
import sandglass.kvm.vm.Vcpu;
import sandglass.kvm.vm.VcpuExit;
import sandglass.kvm.vm.Vm;
import sandglass.kvm.vm.Watchdog;

/**
 * A virtual machine with one vCPU and the process that runs in it: the loop that turns exits into system calls. Not
 * thread-safe: one thread at a time.
 */
final class GuestMachine implements AutoCloseable {

    private static final int OUT_BYTES = 4;
    /** Flags that user mode may have: arithmetic, direction, AC and ID. Not TF: nobody debugs here. */
    private static final long USER_FLAGS = 0x24_0CD5;
    private static final int SREGS_CR2 = 232;
    private static final int SREGS_FS_BASE = 72;

    private static final Stop AWAITS_REQUEST = new Stop.Paused(Pause.AWAITS_REQUEST);
    private static final Stop ANSWERED = new Stop.Paused(Pause.ANSWERED);

    private final Vm vm;
    private final Vcpu vcpu;
    private final Mapping ram;
    private final GuestProcess process;
    private final SystemCallTable calls;
    private final SyscallPath path;
    private final Watchdog watchdog;
    private final CallArguments arguments = new CallArguments();

    GuestMachine(Vm vm, Vcpu vcpu, Mapping ram, GuestProcess process, SystemCallTable calls, SyscallPath path,
            Watchdog watchdog) {
        this.vm = vm;
        this.vcpu = vcpu;
        this.ram = ram;
        this.process = process;
        this.calls = calls;
        this.path = path;
        this.watchdog = watchdog;
        watchdog.watch(vcpu);
    }

    Vm vm() {
        return vm;
    }

    Vcpu vcpu() {
        return vcpu;
    }

    Mapping ram() {
        return ram;
    }

    GuestProcess process() {
        return process;
    }

    /** Runs the guest until it stops. The vCPU must be armed. */
    Stop run(ExitCounts counts) {
        for (;;) {
            counts.entered();
            int reason = vcpu.run();
            counts.left();
            if (reason != VcpuExit.PORT_IO || !isSystemCall()) {
                return stopped(reason, counts);
            }
            Stop stop = systemCall(counts);
            if (stop != null) {
                return stop;
            }
        }
    }

    /**
     * Carries out the system call that the guest was stopped in once more, and runs on: after something was delivered
     * that the call waits for.
     */
    Stop resume(ExitCounts counts) {
        counts.left();
        Stop stop = systemCall(counts);
        return stop != null ? stop : run(counts);
    }

    /** Lets a call return that has been carried out already, and runs on. */
    Stop continueAfterAnswer(ExitCounts counts) {
        process.continueAfterAnswer();
        returnFromCall(process.answer().length);
        return run(counts);
    }

    /** User code that may use ports can imitate the stub's OUT, but not from the stub's address. */
    private boolean isSystemCall() {
        return vcpu.ioPort() == GuestLayout.SYSCALL_PORT && vcpu.get(Register.RIP) == path.exitRip()
                && vcpu.isSingleOut(OUT_BYTES);
    }

    private Stop systemCall(ExitCounts counts) {
        long number = vcpu.get(Register.RAX);
        counts.countSystemCall(number);
        arguments.read(vcpu);
        long result = calls.call(number, process, arguments);
        Pause pause = process.pause();
        if (pause != Pause.NONE) {
            return switch (pause) {
                case AWAITS_REQUEST -> AWAITS_REQUEST;
                case ANSWERED -> ANSWERED;
                case OUT_OF_TIME -> new Stop.OutOfTime();
                default -> new Stop.Paused(pause);
            };
        }
        Long fsBase = process.takeNewFsBase();
        if (fsBase != null) {
            writeFsBase(fsBase);
        }
        returnFromCall(result);
        return null;
    }

    private void returnFromCall(long result) {
        vcpu.set(Register.RAX, result);
        if (path == SyscallPath.RING_3) {
            // What SYSRET would do: the return address is in RCX, the flags in R11 (SDM vol. 2B, SYSRET).
            vcpu.set(Register.RIP, vcpu.get(Register.RCX));
            vcpu.set(Register.RFLAGS, vcpu.get(Register.R11) & USER_FLAGS | path.initialFlags());
        }
    }

    private void writeFsBase(long base) {
        NativeBuffer sregs = NativeBuffer.ofSize(Vcpu.SREGS_BYTES);
        vcpu.readSregs(sregs);
        sregs.bytes().putLong(SREGS_FS_BASE, base);
        vcpu.writeSregs(sregs);
    }

    private Stop stopped(int reason, ExitCounts counts) {
        switch (reason) {
            case VcpuExit.INTERRUPTED:
                counts.count(ExitKind.KICK);
                return new Stop.OutOfTime();
            case VcpuExit.PORT_IO:
                counts.count(ExitKind.PORT);
                return new Stop.Forbidden(vcpu.exit());
            case VcpuExit.MMIO:
                counts.count(ExitKind.MMIO);
                return new Stop.Forbidden(vcpu.exit());
            case VcpuExit.HALT:
                return halted(counts);
            default:
                counts.count(ExitKind.OTHER);
                return new Stop.Broken(vcpu.exit());
        }
    }

    /** The processor pushed, upwards: error code if any, RIP, CS, RFLAGS, RSP, SS (SDM vol. 3A, 6.14.2). */
    private Stop halted(ExitCounts counts) {
        int vector = GuestTables.exceptionVector(vcpu.get(Register.RIP));
        if (vector < 0) {
            counts.count(ExitKind.OTHER);
            return new Stop.Broken(vcpu.exit());
        }
        counts.count(ExitKind.EXCEPTION);
        boolean hasErrorCode = GuestTables.hasErrorCode(vector);
        long frame = vcpu.get(Register.RSP);
        boolean onKernelStack = frame > 0 && frame < GuestLayout.FIRST_USER_ADDRESS - 2 * Long.BYTES;
        long errorCode = onKernelStack && hasErrorCode ? ram.bytes().getLong((int) frame) : 0;
        long rip = onKernelStack ? ram.bytes().getLong((int) frame + (hasErrorCode ? Long.BYTES : 0)) : 0;
        NativeBuffer sregs = NativeBuffer.ofSize(Vcpu.SREGS_BYTES);
        vcpu.readSregs(sregs);
        return new Stop.CpuException(vector, errorCode, rip, sregs.bytes().getLong(SREGS_CR2));
    }

    @Override
    public void close() {
        closeButRam().close();
    }

    /** Closes machine and vCPU and leaves the memory to the caller. */
    Mapping closeButRam() {
        watchdog.forget(vcpu);
        vcpu.close();
        vm.close();
        return ram;
    }
}
