package sandglass.kvm.usf.cpu;

/**
 * At which privilege the system call stub runs on this host. Hardware virtualization enters it at CPL 0, as the SYSCALL
 * instruction says (Intel SDM vol. 2B). The software backend kvm_pvm jumps to it natively and stays at CPL 3.
 */
public enum SyscallPath {

    /** VT-x and SVM: the exit shows the OUT not yet skipped; SYSRET in the stub returns to the program. */
    RING_0(GuestLayout.SYSCALL_STUB, 0x202),

    /**
     * kvm_pvm: the exit shows the OUT done; SYSRET would fault, so the monitor returns to the program. Needs IOPL 3.
     */
    RING_3(GuestLayout.SYSCALL_STUB + GuestTables.OUT_BYTES, 0x3202);

    private final long exitRip;
    private final long initialFlags;

    SyscallPath(long exitRip, long initialFlags) {
        this.exitRip = exitRip;
        this.initialFlags = initialFlags;
    }

    /** RIP as a genuine system call's exit shows it. Any other is a forgery by user code. */
    public long exitRip() {
        return exitRip;
    }

    /** RFLAGS of a new program: interrupts on, and I/O allowed only where the stub itself needs it. */
    public long initialFlags() {
        return initialFlags;
    }
}
