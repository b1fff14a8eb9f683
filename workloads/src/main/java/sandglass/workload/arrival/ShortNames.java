package sandglass.workload.arrival;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import sandglass.workload.trace.TracedFunction;

/** Names for a trace's functions: as much of the function's hash as makes each unique, at least eight characters. */
final class ShortNames {

    private static final int LEAST = 8;
    private static final int STEP = 4;

    private ShortNames() {}

    /**
     * A unique name for each, in their order; functions that share even the whole identifier get their row appended.
     */
    static List<String> of(List<TracedFunction> functions) {
        int longest = functions.stream().mapToInt(f -> f.function().length()).max().orElse(0);
        for (int length = LEAST; length < longest + STEP; length += STEP) {
            List<String> names = cut(functions, length);
            if (new HashSet<>(names).size() == names.size()) {
                return names;
            }
        }
        List<String> whole = cut(functions, longest);
        Set<String> once = new HashSet<>();
        Set<String> shared = new HashSet<>();
        whole.stream().filter(name -> !once.add(name)).forEach(shared::add);
        return IntStream.range(0, whole.size()).mapToObj(i ->
                shared.contains(whole.get(i)) ? whole.get(i) + "#" + i : whole.get(i)).toList();
    }

    private static List<String> cut(List<TracedFunction> functions, int length) {
        return functions.stream().map(f -> f.function().substring(0, Math.min(length, f.function().length()))).toList();
    }
}
