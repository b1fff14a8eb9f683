package sandglass.kvm.atom;

import java.util.HexFormat;
import sandglass.kvm.measure.KernelCounters;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.usf.cpu.Backend;
import sandglass.kvm.usf.cpu.CpuState;
import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.usf.cpu.GuestTables;
import sandglass.kvm.usf.cpu.SyscallPath;
import sandglass.kvm.vm.Kvm;
import sandglass.kvm.vm.KvmStats;
import sandglass.kvm.vm.Register;
import sandglass.kvm.vm.Vcpu;
import sandglass.kvm.vm.VcpuExit;
import sandglass.kvm.vm.Vm;
import sandglass.kvm.vm.Watchdog;

/**
 * A virtual machine that runs a few instructions of our own in 64-bit user mode, over and over: the address in RDI, the number of turns
 * in RSI, SYSCALL at the end of a round.
 */
final class RawGuest implements AutoCloseable {

    /** Where memory under test lies, beyond the machine's own. */
    static final long WINDOW = GuestLayout.WINDOW_START;
    /** A write to a page, next page, next turn; then the end of the round. */
    static final String WRITE_PAGES = "c60701" + "4881c700100000" + "48ffce" + "75f1" + "0f05" + "ebed";
    /** A read of a page, next page, next turn. */
    static final String READ_PAGES = "8a07" + "4881c700100000" + "48ffce" + "75f2" + "0f05" + "ebee";
    /** Nothing but the end of the round. */
    static final String SYSTEM_CALL = "0f05" + "ebfc";
    /** A write of four bytes to RDI, for ever. */
    static final String STORE = "8907" + "ebfc";
    /** The same so many times. */
    static final String STORES = "8907" + "48ffce" + "75f9" + "0f05" + "ebf5";
    /** CPUID, which the kernel answers. */
    static final String CPUID = "31c0" + "0fa2" + "48ffce" + "75f7" + "0f05" + "ebf3";
    /** VMCALL with an unknown number, which the kernel refuses. */
    static final String HYPERCALL = "b864000000" + "0f01c1" + "48ffce" + "75f3" + "0f05" + "ebef";
    /** An undefined instruction, whose gate leads to HLT in kernel mode. */
    static final String EXCEPTION = "0f0b";

    private static final long LIMIT_NS = 5_000_000_000L;
    private static final int WINDOW_SLOT = 1;

    private final Bench bench;
    private final Mapping ram;
    private final Vm vm;
    private final Vcpu vcpu;
    private final KvmStats counters;
    private final Watchdog watchdog;
    private final SyscallPath path;
    private final CpuState start;
    private boolean entered;

    RawGuest(Bench bench, Kvm kvm, String code) {
        this.bench = bench;
        path = Backend.probe(kvm);
        GuestLayout layout = new GuestLayout(GuestLayout.MIN_RAM_BYTES);
        ram = Linux.mapAnonymous(layout.ramBytes());
        GuestTables.write(ram.bytes(), layout, path);
        ram.bytes().put((int) GuestLayout.PROGRAM_BASE, HexFormat.of().parseHex(code));
        vm = kvm.createVm();
        vm.setMemory(0, 0, ram, ram.sizeBytes(), Vm.SlotAccess.READ_WRITE);
        vcpu = vm.createVcpu(0);
        start = CpuState.ofProgram(vcpu, kvm.supportedCpuid(), path, GuestLayout.PROGRAM_BASE, layout.stackTop() - Long.BYTES);
        start.loadInto(vcpu, kvm.supportedCpuid());
        counters = vcpu.stats();
        watchdog = new Watchdog(bench.clockNs());
        watchdog.watch(vcpu);
    }

    Vm vm() {
        return vm;
    }

    /** Puts memory at {@link #WINDOW}. */
    void provide(Mapping memory) {
        vm.setMemory(WINDOW_SLOT, WINDOW, memory, memory.sizeBytes(), Vm.SlotAccess.READ_WRITE);
    }

    KernelCounters counters() {
        return KernelCounters.now(counters);
    }

    /**
     * Runs a round, up to its SYSCALL.
     *
     * @return how long, ns
     * @throws IllegalStateException if it ends otherwise
     */
    long round(long address, long turns) {
        if (entered && path == SyscallPath.RING_3) {
            vcpu.set(Register.RIP, vcpu.get(Register.RCX));
            vcpu.set(Register.RFLAGS, vcpu.get(Register.R11));
        }
        vcpu.set(Register.RDI, address);
        vcpu.set(Register.RSI, turns);
        entered = true;
        long ns = enter();
        if (vcpu.exit() instanceof VcpuExit.PortIo io && io.port() == GuestLayout.SYSCALL_PORT) {
            return ns;
        }
        throw new IllegalStateException("the guest stopped with " + vcpu.exit());
    }

    /** Enters the guest until it stops; gives how long, ns. */
    long enter() {
        long startNs = bench.nowNs();
        vcpu.arm(Linux.currentThread(), startNs + LIMIT_NS);
        startNs = bench.nowNs();
        vcpu.run();
        long ns = bench.nowNs() - startNs;
        vcpu.disarm();
        return ns;
    }

    /** Sets RDI. */
    void address(long address) {
        vcpu.set(Register.RDI, address);
    }

    /** Why it stopped. */
    VcpuExit exit() {
        return vcpu.exit();
    }

    /** Puts the processor back to the program's first instruction in user mode. */
    void restart() {
        start.reloadInto(vcpu);
    }

    @Override
    public void close() {
        watchdog.forget(vcpu);
        watchdog.close();
        counters.close();
        vcpu.close();
        vm.close();
        ram.close();
    }
}
