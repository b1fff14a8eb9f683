package sandglass.kvm.vm;

import java.nio.ByteBuffer;
import sandglass.kvm.sys.NativeBuffer;

/**
 * What the CPUID instruction tells a guest: {@code struct kvm_cpuid2}, as KVM_GET_SUPPORTED_CPUID filled it.
 */
public final class Cpuid {

    static final int MAX_ENTRIES = 256;
    static final int HEADER_BYTES = 8;
    static final int ENTRY_BYTES = 40;

    private final NativeBuffer table;

    Cpuid(NativeBuffer table) {
        this.table = table;
    }

    NativeBuffer table() {
        return table;
    }

    /** Registers in the order in which {@code struct kvm_cpuid_entry2} has them. */
    public enum Output { EAX, EBX, ECX, EDX }

    /** One output register of a leaf, zero if the leaf does not exist (Intel SDM vol. 2A, CPUID). */
    public int get(int leaf, int subleaf, Output register) {
        ByteBuffer bytes = table.bytes();
        int entries = bytes.getInt(0);
        for (int i = 0; i < entries; i++) {
            int at = HEADER_BYTES + i * ENTRY_BYTES;
            if (bytes.getInt(at) == leaf && bytes.getInt(at + 4) == subleaf) {
                return bytes.getInt(at + 12 + register.ordinal() * Integer.BYTES);
            }
        }
        return 0;
    }

    /** Whether the guest may switch XSAVE on: leaf 1, ECX bit 26. */
    public boolean hasXsave() {
        return (get(1, 0, Output.ECX) & 1 << 26) != 0;
    }

    /** The bits that XCR0 may have: leaf 13, EAX and EDX. */
    public long supportedXcr0() {
        return get(0xD, 0, Output.EAX) & 0xFFFF_FFFFL | (long) get(0xD, 0, Output.EDX) << 32;
    }
}
