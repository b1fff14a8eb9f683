package sandglass.kvm.vm;

/** What a kernel's KVM may or may not be able to do (KVM_CHECK_EXTENSION). */
public enum Capability {
    USER_MEMORY(3), XSAVE(55), XCRS(56), SYNC_REGS(74), READONLY_MEM(81), IMMEDIATE_EXIT(136), BINARY_STATS_FD(203);

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
