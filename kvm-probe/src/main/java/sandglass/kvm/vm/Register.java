package sandglass.kvm.vm;

/** General registers, in the order of {@code struct kvm_regs}. */
public enum Register {
    RAX, RBX, RCX, RDX, RSI, RDI, RSP, RBP, R8, R9, R10, R11, R12, R13, R14, R15, RIP, RFLAGS;

    /** Size of {@code struct kvm_regs}. */
    public static final int ALL_BYTES = 18 * Long.BYTES;

    final int runOffset = KvmAbi.RUN_REGS + ordinal() * Long.BYTES;
}
