package sandglass.kvm.vm;

/**
 * Why a vCPU stopped, with exactly what that reason carries (api.rst, section 5, the kvm_run structure). Made on demand
 * by {@link Vcpu#exit()}; the hot path compares {@link Vcpu#run()}'s number with a constant of this type instead.
 */
public sealed interface VcpuExit {

    /** What {@link Vcpu#run()} returns for {@link PortIo}. */
    int PORT_IO = KvmAbi.EXIT_IO;
    /** What {@link Vcpu#run()} returns for {@link Halt}. */
    int HALT = KvmAbi.EXIT_HLT;
    /** What {@link Vcpu#run()} returns for {@link Mmio}. */
    int MMIO = KvmAbi.EXIT_MMIO;
    /** What {@link Vcpu#run()} returns for {@link Interrupted}. */
    int INTERRUPTED = KvmAbi.EXIT_INTR;

    /** KVM_EXIT_IO: an IN, OUT, INS or OUTS of {@code count} items of {@code sizeBytes} at a port. */
    record PortIo(int port, boolean isWrite, int sizeBytes, int count) implements VcpuExit {
    }

    /** KVM_EXIT_MMIO: an access to a guest-physical address without memory, or a write to a read-only slot. */
    record Mmio(long address, boolean isWrite, int lengthBytes) implements VcpuExit {
    }

    /** KVM_EXIT_HLT: the guest executed HLT at CPL 0, and there is no interrupt controller to wait with. */
    record Halt() implements VcpuExit {
    }

    /** KVM_EXIT_SHUTDOWN: a triple fault. The vCPU's state is undefined; make a new one. */
    record Shutdown() implements VcpuExit {
    }

    /** KVM_EXIT_FAIL_ENTRY: the processor refused the guest's state; 0x80000021 on VT-x is "invalid guest state". */
    record FailEntry(long hardwareReason) implements VcpuExit {
    }

    /** KVM_EXIT_INTERNAL_ERROR: KVM gave up, for example on an instruction that it cannot emulate (suberror 1). */
    record InternalError(int suberror) implements VcpuExit {
    }

    /** KVM_RUN returned EINTR because of {@link Vcpu#kick}: the guest used up its time. */
    record Interrupted() implements VcpuExit {
    }

    /** Any other reason, by its number in linux/kvm.h. No guest of this project causes one. */
    record Other(int reason) implements VcpuExit {
    }
}
