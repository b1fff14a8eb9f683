package sandglass.kvm.usf;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import sandglass.kvm.usf.call.SystemCallTable;

/**
 * How often control left the guest, by kind and by system call, and how long the monitor then had it: from the return of KVM_RUN to the
 * next one. What the kernel and the processor take to get from one to the other is not in it. Mutable; one an invocation.
 */
public final class ExitCounts {

    private final int[] byKind = new int[ExitKind.values().length];
    private final long[] nsByKind = new long[ExitKind.values().length];
    private final LongSupplier clockNs;
    private int lastKind = -1;
    private long leftNs;
    private final int[] bySystemCall = new int[SystemCallTable.SIZE + 1];

    /** Counts without times. */
    ExitCounts() {
        this(() -> 0);
    }

    /** @param clockNs a clock that never goes back */
    ExitCounts(LongSupplier clockNs) {
        this.clockNs = clockNs;
    }

    /** The guest has just been left, or the monitor begins before the guest does. */
    void left() {
        leftNs = clockNs.getAsLong();
    }

    /** The guest is about to be entered, or is not any more: what began at {@link #left} ends. */
    void entered() {
        if (lastKind >= 0) {
            nsByKind[lastKind] += clockNs.getAsLong() - leftNs;
            lastKind = -1;
        }
    }

    void count(ExitKind kind) {
        lastKind = kind.ordinal();
        byKind[kind.ordinal()]++;
    }

    void countSystemCall(long number) {
        count(ExitKind.SYSTEM_CALL);
        bySystemCall[number >= 0 && number < SystemCallTable.SIZE ? (int) number : SystemCallTable.SIZE]++;
    }

    /** The number of exits of a kind. */
    public int of(ExitKind kind) {
        return byKind[kind.ordinal()];
    }

    /** How long the monitor took for the exits of a kind, ns of wall time. */
    public long nsOf(ExitKind kind) {
        return nsByKind[kind.ordinal()];
    }

    /** The number of all exits. */
    public int total() {
        int total = 0;
        for (int count : byKind) {
            total += count;
        }
        return total;
    }

    /** How often each system call was made, by name; only those that were. */
    public Map<String, Integer> bySystemCall(SystemCallTable table) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int number = 0; number < SystemCallTable.SIZE; number++) {
            if (bySystemCall[number] > 0) {
                counts.put(table.name(number), bySystemCall[number]);
            }
        }
        if (bySystemCall[SystemCallTable.SIZE] > 0) {
            counts.put("out of range", bySystemCall[SystemCallTable.SIZE]);
        }
        return counts;
    }
}
