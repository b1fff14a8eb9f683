package sandglass.kvm.usf;

import java.util.Map;
import java.util.TreeMap;
import sandglass.kvm.usf.call.SystemCallTable;

/** How often control left the guest, by kind and by system call. Mutable; one an invocation. */
public final class ExitCounts {

    private final int[] byKind = new int[ExitKind.values().length];
    private final int[] bySystemCall = new int[SystemCallTable.SIZE + 1];

    void count(ExitKind kind) {
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
