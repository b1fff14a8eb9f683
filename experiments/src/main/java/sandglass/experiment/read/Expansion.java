package sandglass.experiment.read;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The cartesian product of axes. Axes keep the order in which they were read and the first varies slowest, so the order of
 * scenarios does not depend on the order of keys in the file.
 */
final class Expansion {

    private static final int LONGEST_SLUG_PART = 24;

    /**
     * One candidate of each axis.
     *
     * @param indexes by the identity of the axis's list
     * @param labels by axis name, in the order of the axes
     * @param varying names of the axes that have more than one candidate
     */
    record Combination(Map<Tree.Sequence, Integer> indexes, Map<String, String> labels, Set<String> varying) {

        private Combination with(Axis axis, int candidate, String name) {
            Map<Tree.Sequence, Integer> moreIndexes = new IdentityHashMap<>(indexes);
            Map<String, String> moreLabels = new LinkedHashMap<>(labels);
            Set<String> moreVarying = new LinkedHashSet<>(varying);
            moreIndexes.put(axis.candidates(), candidate);
            moreLabels.put(name, axis.labels().get(candidate));
            if (axis.labels().size() > 1) {
                moreVarying.add(name);
            }
            return new Combination(moreIndexes, moreLabels, moreVarying);
        }

        /** The varying axes' values as one word, for example {@code .usetl.pool}; empty if nothing varies. */
        String slug() {
            StringBuilder text = new StringBuilder();
            varying.forEach(name -> text.append('.').append(slugOf(labels.get(name))));
            return text.toString();
        }
    }

    private final List<Axis> axes;
    private final Map<String, String> names = new LinkedHashMap<>();

    Expansion(List<Axis> axes) {
        this.axes = List.copyOf(axes);
        Set<String> paths = new LinkedHashSet<>();
        collect(axes, paths);
        paths.forEach(path -> names.put(path, shortest(path, paths)));
    }

    /** Names of the axes, without repetition, in their order. */
    List<String> names() {
        return names.values().stream().distinct().toList();
    }

    /** The name of the one axis whose path ends in this text, if there is exactly one. */
    Optional<String> find(String text) {
        List<String> found = names.entrySet().stream()
                .filter(axis -> axis.getValue().equals(text) || axis.getKey().equals(text) || axis.getKey().endsWith("." + text))
                .map(Map.Entry::getValue).distinct().toList();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    /** Every combination of candidates, in order. */
    List<Combination> combinations() {
        return product(axes, List.of(new Combination(new IdentityHashMap<>(), Map.of(), Set.of())));
    }

    private List<Combination> product(List<Axis> axes, List<Combination> start) {
        List<Combination> all = start;
        for (Axis axis : axes) {
            List<Combination> longer = new ArrayList<>();
            for (Combination prefix : all) {
                for (int i = 0; i < axis.labels().size(); i++) {
                    longer.addAll(product(axis.nested().get(i), List.of(prefix.with(axis, i, names.get(axis.path())))));
                }
            }
            all = longer;
        }
        return all;
    }

    private static void collect(List<Axis> axes, Set<String> paths) {
        for (Axis axis : axes) {
            paths.add(axis.path());
            axis.nested().forEach(nested -> collect(nested, paths));
        }
    }

    /** The shortest tail of a dotted path that no other path ends in. */
    private static String shortest(String path, Set<String> paths) {
        String tail = path.substring(path.lastIndexOf('.') + 1);
        while (tail.length() < path.length() && ambiguous(tail, path, paths)) {
            tail = path.substring(path.lastIndexOf('.', path.length() - tail.length() - 2) + 1);
        }
        return tail;
    }

    private static boolean ambiguous(String tail, String path, Set<String> paths) {
        return paths.stream().anyMatch(other -> !other.equals(path) && (other.equals(tail) || other.endsWith("." + tail)));
    }

    /** A text as part of a file name. */
    static String slugOf(String text) {
        String slug = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return slug.length() > LONGEST_SLUG_PART ? slug.substring(0, LONGEST_SLUG_PART).replaceAll("-$", "") : slug;
    }
}
