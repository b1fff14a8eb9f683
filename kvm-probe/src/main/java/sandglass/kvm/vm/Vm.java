package sandglass.kvm.vm;

import java.util.Objects;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.sys.NativeBuffer;

/** A virtual machine: an address space made of memory slots, and the vCPUs that run in it. */
public final class Vm implements AutoCloseable {

    private final Fd fd;
    private final int runAreaBytes;

    Vm(Fd fd, int runAreaBytes) {
        this.fd = fd;
        this.runAreaBytes = runAreaBytes;
    }

    /** Whether a guest may write to a slot. A write to a read-only one leaves the guest as an MMIO exit. */
    public enum SlotAccess { READ_WRITE, READ_ONLY }

    /**
     * Backs a range of guest-physical addresses by host memory (KVM_SET_USER_MEMORY_REGION). The slot must be unused.
     *
     * @param slot         the slot's number, chosen by the caller
     * @param guestAddress first guest-physical address, page aligned
     * @param memory       backs the range from its own start; must outlive the slot
     * @param lengthBytes  length of the range, page aligned, at most that of {@code memory}
     */
    public void setMemory(int slot, long guestAddress, Mapping memory, long lengthBytes, SlotAccess access) {
        setMemory(slot, guestAddress, memory, 0, lengthBytes, access);
    }

    /** Like the above, but backs the range from {@code offset} of the memory on, page aligned. */
    public void setMemory(int slot, long guestAddress, Mapping memory, long offset, long lengthBytes,
            SlotAccess access) {
        Objects.checkFromIndexSize(offset, lengthBytes, memory.sizeBytes());
        setRegion(slot, access == SlotAccess.READ_ONLY ? KvmAbi.MEM_READONLY : 0, guestAddress, lengthBytes,
                memory.address() + offset);
    }

    /** Takes a slot away again; the host memory is untouched. */
    public void removeMemory(int slot) {
        setRegion(slot, 0, 0, 0, 0);
    }

    private void setRegion(int slot, int flags, long guestAddress, long lengthBytes, long hostAddress) {
        NativeBuffer region = NativeBuffer.ofSize(KvmAbi.MEMORY_REGION_BYTES);
        region.bytes().putInt(0, slot).putInt(4, flags).putLong(8, guestAddress).putLong(16, lengthBytes)
                .putLong(24, hostAddress);
        Linux.ioctl("KVM_SET_USER_MEMORY_REGION", fd, KvmAbi.SET_USER_MEMORY_REGION, region);
    }

    /**
     * Has the kernel itself take writes of four bytes to an address without memory, as additions to a counter, without an exit to the
     * monitor (KVM_IOEVENTFD).
     *
     * @param counter an eventfd; must outlive the machine
     */
    public void notifyAt(long guestAddress, Fd counter) {
        NativeBuffer registration = NativeBuffer.ofSize(KvmAbi.IOEVENTFD_BYTES);
        registration.bytes().putLong(8, guestAddress).putInt(16, Integer.BYTES).putInt(20, counter.number());
        Linux.ioctl("KVM_IOEVENTFD", fd, KvmAbi.IOEVENTFD, registration);
    }

    /** Makes a vCPU in its reset state: real mode, at 0xFFFFFFF0. */
    public Vcpu createVcpu(int id) {
        Fd vcpu = new Fd(Linux.ioctl("KVM_CREATE_VCPU", fd, KvmAbi.CREATE_VCPU, id), "vcpu " + id);
        try {
            return new Vcpu(vcpu, Linux.map(vcpu, 0, runAreaBytes, Linux.Sharing.SHARED));
        } catch (RuntimeException e) {
            vcpu.close();
            throw e;
        }
    }

    /** The kernel's counters for this machine. Close them after use: they hold a descriptor. */
    public KvmStats stats() {
        return KvmStats.of(fd);
    }

    @Override
    public void close() {
        fd.close();
    }
}
