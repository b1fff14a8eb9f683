package sandglass.scenario;

/** A crossing of a privilege boundary. Those not noted as asynchronous follow from the work alone and can be compared exactly. */
public enum ModeSwitch {
    /** User to kernel and back inside one protection domain (host process, or guest user to guest kernel). */
    SYSCALL,
    /** A system call of the read family on a file or pipe, or read(2) on a socket: the kernel counts these for each process (proc(5), syscr). */
    READ_CALL,
    /** The same of the write family (syscw). */
    WRITE_CALL,
    /** Guest port I/O that leaves the guest and returns to the VMM in user space. */
    PIO_EXIT,
    /** Guest access to an unbacked or registered physical address: a device register, a virtio kick. */
    MMIO_EXIT,
    /** An explicit call from guest to hypervisor. */
    HYPERCALL,
    /**
     * A guest access that the second-level (or shadow) page table does not map yet. Asynchronous in this sense: how many there are hangs on
     * where the guest's heap lies and on what the host maps ahead, so that the same function in equal clones meets them differently often.
     */
    STAGE2_FAULT,
    /** The guest is left because a host interrupt arrived; asynchronous. */
    INTERRUPT_EXIT,
    /** The guest halts and waits. */
    HALT_EXIT,
    /** A system call that the VMM or another host process makes on the sandbox's behalf. */
    HOST_SYSCALL,
    /** One host thread gives the core to another; asynchronous. */
    CONTEXT_SWITCH;

    /** Whether the count follows from the work alone, so that two executors must agree on it exactly. */
    public boolean synchronous() {
        return this != INTERRUPT_EXIT && this != STAGE2_FAULT && this != CONTEXT_SWITCH;
    }
}
