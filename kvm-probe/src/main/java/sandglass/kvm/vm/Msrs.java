package sandglass.kvm.vm;

import sandglass.kvm.sys.NativeBuffer;

/**
 * A set of model-specific registers with their values: {@code struct kvm_msrs}. Which registers is fixed when it is
 * made; {@link Vcpu#readMsrs} and {@link Vcpu#writeMsrs} transfer the values.
 */
public final class Msrs {

    private static final int HEADER_BYTES = 8;
    private static final int ENTRY_BYTES = 16;

    private final NativeBuffer table;

    private Msrs(NativeBuffer table) {
        this.table = table;
    }

    /** The registers with these numbers, all values zero. */
    public static Msrs of(int... numbers) {
        NativeBuffer table = NativeBuffer.ofSize(HEADER_BYTES + numbers.length * ENTRY_BYTES);
        table.bytes().putInt(0, numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            table.bytes().putInt(HEADER_BYTES + i * ENTRY_BYTES, numbers[i]);
        }
        return new Msrs(table);
    }

    /** Sets the value of the {@code index}-th register. */
    public Msrs set(int index, long value) {
        table.bytes().putLong(HEADER_BYTES + index * ENTRY_BYTES + 8, value);
        return this;
    }

    /** The value of the {@code index}-th register. */
    public long get(int index) {
        return table.bytes().getLong(HEADER_BYTES + index * ENTRY_BYTES + 8);
    }

    int count() {
        return table.bytes().getInt(0);
    }

    NativeBuffer table() {
        return table;
    }
}
