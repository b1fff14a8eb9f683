package sandglass.kvm.vm;

import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.NativeBuffer;
import sandglass.kvm.sys.SystemCallException;

/** The system descriptor: {@code /dev/kvm}. Makes virtual machines and says what this host's KVM can do. */
public final class Kvm implements AutoCloseable {

    private final Fd fd;
    private final int runAreaBytes;
    private final Cpuid supportedCpuid;

    private Kvm(Fd fd, int runAreaBytes, Cpuid supportedCpuid) {
        this.fd = fd;
        this.runAreaBytes = runAreaBytes;
        this.supportedCpuid = supportedCpuid;
    }

    /**
     * Opens {@code /dev/kvm} and checks that it can do what this project needs.
     *
     * @throws KvmUnavailableException with the reason, if it cannot
     */
    public static Kvm open() {
        Fd fd;
        try {
            fd = Linux.open("/dev/kvm", Linux.Access.READ_WRITE);
        } catch (SystemCallException e) {
            throw new KvmUnavailableException(e.getMessage() + " (needs a KVM module and membership of group kvm)");
        }
        try {
            return over(fd);
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    private static Kvm over(Fd fd) {
        int version = Linux.ioctl("KVM_GET_API_VERSION", fd, KvmAbi.GET_API_VERSION, 0);
        if (version != KvmAbi.API_VERSION) {
            throw new KvmUnavailableException("KVM API version " + version + ", expected " + KvmAbi.API_VERSION);
        }
        for (Capability needed : new Capability[] {Capability.USER_MEMORY, Capability.XSAVE, Capability.XCRS,
            Capability.SYNC_REGS, Capability.IMMEDIATE_EXIT, Capability.READONLY_MEM}) {
            if (check(fd, needed) == 0) {
                throw new KvmUnavailableException("this kernel's KVM lacks KVM_CAP_" + needed);
            }
        }
        NativeBuffer table = NativeBuffer.ofSize(Cpuid.HEADER_BYTES + Cpuid.MAX_ENTRIES * Cpuid.ENTRY_BYTES);
        table.bytes().putInt(0, Cpuid.MAX_ENTRIES);
        Linux.ioctl("KVM_GET_SUPPORTED_CPUID", fd, KvmAbi.GET_SUPPORTED_CPUID, table);
        int runAreaBytes = Linux.ioctl("KVM_GET_VCPU_MMAP_SIZE", fd, KvmAbi.GET_VCPU_MMAP_SIZE, 0);
        return new Kvm(fd, runAreaBytes, new Cpuid(table));
    }

    private static int check(Fd fd, Capability capability) {
        return Linux.ioctl("KVM_CHECK_EXTENSION", fd, KvmAbi.CHECK_EXTENSION, capability.number());
    }

    /** Returns the kernel's answer to KVM_CHECK_EXTENSION: zero for "no", else a capability-specific number. */
    public int check(Capability capability) {
        return check(fd, capability);
    }

    /** What a guest's CPUID may say on this host. Shared: do not modify. */
    public Cpuid supportedCpuid() {
        return supportedCpuid;
    }

    /** Makes an empty virtual machine: no memory, no vCPU, no device, no interrupt controller. */
    public Vm createVm() {
        return new Vm(new Fd(Linux.ioctl("KVM_CREATE_VM", fd, KvmAbi.CREATE_VM, 0), "vm"), runAreaBytes);
    }

    @Override
    public void close() {
        fd.close();
    }
}
