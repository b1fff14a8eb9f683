package sandglass.kvm.usf.cpu;

import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.sys.NativeBuffer;
import sandglass.kvm.vm.Kvm;
import sandglass.kvm.vm.KvmUnavailableException;
import sandglass.kvm.vm.Vcpu;
import sandglass.kvm.vm.VcpuExit;
import sandglass.kvm.vm.Vm;
import sandglass.kvm.vm.Watchdog;

/**
 * Finds out, by trying, how this host's KVM treats the SYSCALL instruction. Done once, in a machine that runs two bytes
 * of our own: a function's first exit would not do, since a hostile one could forge it.
 */
public final class Backend {

    private static final long TIME_LIMIT_NS = 5_000_000_000L;
    private static final int CS_DPL = 16;

    private Backend() {
    }

    /**
     * Runs the probe machine.
     *
     * @throws KvmUnavailableException if a system call does not leave the guest as expected
     */
    public static SyscallPath probe(Kvm kvm) {
        GuestLayout layout = new GuestLayout(GuestLayout.MIN_RAM_BYTES);
        try (Watchdog watchdog = new Watchdog(System::nanoTime);
                Vm vm = kvm.createVm();
                Mapping ram = Linux.mapAnonymous(layout.ramBytes())) {
            // The layout of the more permissive path serves both.
            GuestTables.write(ram.bytes(), layout, SyscallPath.RING_3);
            int code = (int) GuestLayout.FIRST_USER_ADDRESS;
            ram.bytes().put(code, (byte) 0x0F).put(code + 1, (byte) 0x05); // syscall
            vm.setMemory(0, 0, ram, ram.sizeBytes(), Vm.SlotAccess.READ_WRITE);
            try (Vcpu vcpu = vm.createVcpu(0)) {
                CpuState.ofProgram(vcpu, kvm.supportedCpuid(), SyscallPath.RING_3, code, layout.stackTop())
                        .loadInto(vcpu, kvm.supportedCpuid());
                watchdog.watch(vcpu);
                vcpu.arm(Linux.currentThread(), System.nanoTime() + TIME_LIMIT_NS);
                int reason = vcpu.run();
                watchdog.forget(vcpu);
                if (reason != VcpuExit.PORT_IO || vcpu.ioPort() != GuestLayout.SYSCALL_PORT) {
                    throw new KvmUnavailableException("this KVM answers SYSCALL with " + vcpu.exit());
                }
                NativeBuffer sregs = NativeBuffer.ofSize(Vcpu.SREGS_BYTES);
                vcpu.readSregs(sregs);
                return sregs.bytes().get(CS_DPL) == 0 ? SyscallPath.RING_0 : SyscallPath.RING_3;
            }
        }
    }
}
