package sandglass.result;

import java.util.ArrayList;
import java.util.List;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;

/** The running count and time of mode switches per phase and kind. Adding allocates nothing. */
public final class Ledger {

    private static final int KINDS = ModeSwitch.values().length;

    private final long[] counts = new long[Phase.values().length * KINDS];
    private final long[] times = new long[counts.length];

    /** Adds {@code count} switches that took {@code ns} in all. */
    public void add(Phase phase, ModeSwitch kind, long count, long ns) {
        int at = phase.ordinal() * KINDS + kind.ordinal();
        counts[at] += count;
        times[at] += ns;
    }

    public long count(Phase phase, ModeSwitch kind) {
        return counts[phase.ordinal() * KINDS + kind.ordinal()];
    }

    /** Time of all switches in ns. */
    public long totalNs() {
        long sum = 0;
        for (long ns : times) {
            sum += ns;
        }
        return sum;
    }

    /** The entries that are not zero, by phase and kind. */
    public List<LedgerEntry> entries() {
        List<LedgerEntry> entries = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            for (ModeSwitch kind : ModeSwitch.values()) {
                int at = phase.ordinal() * KINDS + kind.ordinal();
                if (counts[at] != 0) {
                    entries.add(new LedgerEntry(phase, kind, counts[at], times[at]));
                }
            }
        }
        return entries;
    }
}
