package sandglass.kvm.usf;

/** Why control left the guest. */
public enum ExitKind {
    /** A system call through the stub. */
    SYSTEM_CALL,
    /** A port access that is not a system call. */
    PORT,
    /** An access to an address without memory. */
    MMIO,
    /** An exception of the processor. */
    EXCEPTION,
    /** The time limit. */
    KICK,
    /** Anything else: the machine is broken. */
    OTHER
}
