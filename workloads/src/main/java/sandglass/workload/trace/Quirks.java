package sandglass.workload.trace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tally of the quirks met while reading, with the first example of each. */
final class Quirks {

    private final long[] counts = new long[Quirk.values().length];
    private final String[] examples = new String[Quirk.values().length];

    /** Counts one; {@code line} 0 where none is concerned. */
    void met(Quirk quirk, Path file, long line) {
        met(quirk, 1, file, line, "");
    }

    /** Counts several at once; {@code found} may be empty. */
    void met(Quirk quirk, long times, Path file, long line, String found) {
        if (times == 0) {
            return;
        }
        int i = quirk.ordinal();
        if (counts[i] == 0) {
            examples[i] = file.getFileName() + (line > 0 ? ":" + line : "")
                    + (found.isEmpty() ? "" : " (" + found + ")");
        }
        counts[i] += times;
    }

    /** Those met, in the order of {@link Quirk}. */
    List<QuirkCount> list() {
        List<QuirkCount> met = new ArrayList<>();
        for (Quirk quirk : Quirk.values()) {
            if (counts[quirk.ordinal()] > 0) {
                met.add(new QuirkCount(quirk, counts[quirk.ordinal()], examples[quirk.ordinal()]));
            }
        }
        return List.copyOf(met);
    }
}
