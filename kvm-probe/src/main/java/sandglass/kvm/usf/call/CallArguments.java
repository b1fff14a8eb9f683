package sandglass.kvm.usf.call;

import sandglass.kvm.vm.Register;
import sandglass.kvm.vm.Vcpu;

/** The six arguments of a system call, in the registers of the x86-64 convention (syscall(2)). Reused by every call. */
public final class CallArguments {

    private static final Register[] REGISTERS = {Register.RDI, Register.RSI, Register.RDX, Register.R10, Register.R8,
        Register.R9};

    private final long[] values = new long[REGISTERS.length];

    /** Takes the arguments from a vCPU that stopped at a system call. */
    public void read(Vcpu vcpu) {
        for (int i = 0; i < values.length; i++) {
            values[i] = vcpu.get(REGISTERS[i]);
        }
    }

    /** Sets the arguments, for callers without a vCPU. */
    public void set(long... arguments) {
        java.util.Arrays.fill(values, 0);
        System.arraycopy(arguments, 0, values, 0, arguments.length);
    }

    /** An argument of type long, size_t, or an address. */
    public long get(int index) {
        return values[index];
    }

    /** An argument of type int: its upper half is undefined. */
    public int getInt(int index) {
        return (int) values[index];
    }
}
