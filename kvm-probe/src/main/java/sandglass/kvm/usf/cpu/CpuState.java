package sandglass.kvm.usf.cpu;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import sandglass.kvm.sys.NativeBuffer;
import sandglass.kvm.vm.Cpuid;
import sandglass.kvm.vm.Msrs;
import sandglass.kvm.vm.Register;
import sandglass.kvm.vm.Vcpu;

/**
 * Everything a vCPU holds that a guest can change or needs: general, segment and control registers, XCR0, vector
 * registers and the model-specific registers in use. Made for a new program, or captured from a stopped vCPU; loaded
 * into a new vCPU, or reloaded into one that has run.
 */
public final class CpuState {

    /** MSR numbers (SDM vol. 4); the order is that of the constructor below. */
    private static final int[] MSRS = {0xC000_0080, 0xC000_0081, 0xC000_0082, 0xC000_0083, 0xC000_0084, 0xC000_0100,
        0xC000_0101, 0xC000_0102};
    private static final int EFER = 0;
    private static final int STAR = 1;
    private static final int LSTAR = 2;
    private static final int SFMASK = 4;

    private static final long EFER_VALUE = 0xD01; // SCE, LME, LMA, NXE
    private static final long CR0_VALUE = 0x8005_0033L; // PG, AM, WP, NE, ET, MP, PE
    private static final long CR4_VALUE = 0x620; // PAE, OSFXSR, OSXMMEXCPT
    private static final long CR4_OSXSAVE = 1 << 18;
    /** x87, SSE, AVX and AVX-512; no state that would not fit into the 4 KiB of KVM_GET_XSAVE. */
    private static final long XCR0_WANTED = 0xE7;
    /** SYSCALL clears TF, IF, DF, NT and AC. Not IOPL, which the stub may need. */
    private static final long SFMASK_VALUE = 0x44700;
    private static final int SEGMENT_BYTES = 24;

    private final NativeBuffer registers = NativeBuffer.ofSize(Register.ALL_BYTES);
    private final NativeBuffer sregs = NativeBuffer.ofSize(Vcpu.SREGS_BYTES);
    private final NativeBuffer xcrs = NativeBuffer.ofSize(Vcpu.XCRS_BYTES);
    private final NativeBuffer xsave = NativeBuffer.ofSize(Vcpu.XSAVE_BYTES);
    private final Msrs msrs = Msrs.of(MSRS);

    private CpuState() {
    }

    /**
     * The state in which a program starts: 64-bit user mode.
     *
     * @param fresh    a vCPU in its reset state, for values that this project has no opinion about
     * @param rip      first instruction
     * @param rsp      stack pointer
     */
    public static CpuState ofProgram(Vcpu fresh, Cpuid cpuid, SyscallPath path, long rip, long rsp) {
        CpuState state = new CpuState();
        fresh.readSregs(state.sregs);
        fresh.readXsave(state.xsave);
        fresh.readXcrs(state.xcrs);
        state.putSregs(cpuid);
        if (cpuid.hasXsave()) {
            // struct kvm_xcrs: count, flags, then (register, reserved, value)
            state.xcrs.bytes().putInt(0, 1).putLong(16, cpuid.supportedXcr0() & XCR0_WANTED);
        }
        state.msrs.set(EFER, EFER_VALUE).set(STAR, 0x0013_0008_0000_0000L).set(LSTAR, GuestLayout.SYSCALL_STUB)
                .set(SFMASK, SFMASK_VALUE);
        state.put(Register.RIP, rip);
        state.put(Register.RSP, rsp);
        state.put(Register.RFLAGS, path.initialFlags());
        return state;
    }

    /** Captures a stopped vCPU. */
    public static CpuState of(Vcpu vcpu) {
        CpuState state = new CpuState();
        vcpu.readRegisters(state.registers);
        vcpu.readSregs(state.sregs);
        vcpu.readXcrs(state.xcrs);
        vcpu.readXsave(state.xsave);
        vcpu.readMsrs(state.msrs);
        return state;
    }

    private void putSregs(Cpuid cpuid) {
        ByteBuffer s = sregs.bytes();
        segment(s, 0, GuestTables.USER_CODE, 11, 1, 0); // cs: code, accessed; long mode
        for (int i = 1; i <= 5; i++) { // ds es fs gs ss: data, accessed
            segment(s, i, GuestTables.USER_DATA, 3, 0, 1);
        }
        int tr = 6 * SEGMENT_BYTES;
        s.putLong(tr, GuestLayout.TSS).putInt(tr + 8, GuestTables.TSS_LIMIT)
                .putShort(tr + 12, (short) GuestTables.TASK);
        attributes(s, tr, 11, 0, 0, 0, 0, 0); // busy 64-bit TSS: VT-x takes no other
        s.putLong(192, GuestLayout.GDT).putShort(200, (short) GuestTables.GDT_LIMIT);
        s.putLong(208, GuestLayout.IDT).putShort(216, (short) GuestTables.IDT_LIMIT);
        s.putLong(224, CR0_VALUE).putLong(240, GuestLayout.PML4);
        s.putLong(248, CR4_VALUE | (cpuid.hasXsave() ? CR4_OSXSAVE : 0));
        s.putLong(264, EFER_VALUE);
    }

    private static void segment(ByteBuffer s, int index, int selector, int type, int longMode, int default32) {
        int at = index * SEGMENT_BYTES;
        s.putLong(at, 0).putInt(at + 8, 0xFFFF_FFFF).putShort(at + 12, (short) selector);
        attributes(s, at, type, 3, default32, 1, longMode, 1);
    }

    /** struct kvm_segment from offset 14: type, present, dpl, db, s, l, g, avl, unusable. */
    private static void attributes(ByteBuffer s, int at, int type, int dpl, int db, int system, int l, int g) {
        int[] values = {type, 1, dpl, db, system, l, g, 0, 0};
        for (int i = 0; i < values.length; i++) {
            s.put(at + 14 + i, (byte) values[i]);
        }
    }

    /** A general register of this state. */
    public long get(Register register) {
        return registers.bytes().getLong(register.ordinal() * Long.BYTES);
    }

    /** Changes a general register of this state. */
    public void put(Register register, long value) {
        registers.bytes().putLong(register.ordinal() * Long.BYTES, value);
    }

    /** Loads a new vCPU. CPUID first: it decides which of the other values are legal. */
    public void loadInto(Vcpu fresh, Cpuid cpuid) {
        fresh.setCpuid(cpuid);
        fresh.writeSregs(sregs);
        if (cpuid.hasXsave()) {
            fresh.writeXcrs(xcrs);
        }
        fresh.writeMsrs(msrs);
        fresh.writeXsave(xsave);
        fresh.writeRegisters(registers);
    }

    /**
     * Reloads a vCPU that was loaded from this state before. Leaves out what user mode cannot change (XCR0 and all
     * model-specific registers but the two segment bases, which are part of the segment registers): one ioctl instead
     * of four.
     */
    public void reloadInto(Vcpu used) {
        used.writeXsave(xsave);
        used.writeRegisters(registers);
        used.writeSregsAtNextRun(sregs);
    }

    /** Names what of a stopped vCPU differs from this state: general or vector registers. Empty if nothing does. */
    public List<String> differsIn(Vcpu vcpu) {
        CpuState other = new CpuState();
        vcpu.readRegisters(other.registers);
        vcpu.readXsave(other.xsave);
        List<String> different = new ArrayList<>();
        if (!registers.bytes().equals(other.registers.bytes())) {
            different.add("general registers");
        }
        if (!xsave.bytes().equals(other.xsave.bytes())) {
            different.add("vector registers");
        }
        return different;
    }
}
