package sandglass.plot;

import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sandglass.result.RunResult;

/**
 * Results arranged by the values of axes. Values come in rising order if all are numbers, else in the order in which they first appear
 * in the results.
 */
final class Groups {

    /**
     * The results that share one value of each grouping axis.
     *
     * @param values by axis, in the order of the axes
     */
    record Group(Map<String, String> values, String label, Color color, int variant, List<RunResult> runs) {

        /** The runs of this group at one value of another axis. */
        List<RunResult> at(String axis, String value) {
            return runs.stream().filter(run -> value.equals(Groups.value(run, axis))).toList();
        }
    }

    /** Values that say nothing without the name of their axis. */
    private static final Set<String> VAGUE = Set.of("none", "true", "false", "unlimited");

    private Groups() {}

    /** The value that a result has on an axis; empty if the axis does not vary. */
    static String value(RunResult run, String axis) {
        return switch (axis) {
            case "stack" -> run.stack();
            case "executor" -> run.executor();
            case "experiment" -> run.experiment();
            case "scenario" -> run.scenarioId();
            default -> run.axes().getOrDefault(axis, "");
        };
    }

    /**
     * The results that have the required values.
     *
     * @throws FigureException if there are none
     */
    static List<RunResult> select(String figure, List<RunResult> results, Map<String, String> where) {
        List<RunResult> selected = results.stream()
                .filter(run -> where.entrySet().stream().allMatch(e -> e.getValue().equals(value(run, e.getKey())))).toList();
        if (selected.isEmpty()) {
            String there = results.stream().map(run -> where.keySet().stream().map(axis -> axis + "=" + value(run, axis))
                    .collect(Collectors.joining(", "))).distinct().limit(12).collect(Collectors.joining("; "));
            throw new FigureException("figure " + figure + " asks for " + where + ", but " + (results.isEmpty() ? "there are no results"
                    : "the results have " + there));
        }
        return selected;
    }

    /** The distinct values of an axis, in order. */
    static List<String> values(List<RunResult> runs, String axis) {
        Set<String> distinct = runs.stream().map(run -> value(run, axis)).collect(Collectors.toCollection(LinkedHashSet::new));
        List<String> ordered = new ArrayList<>(distinct);
        if (ordered.stream().allMatch(value -> Human.number(value).isPresent())) {
            ordered.sort((a, b) -> Double.compare(Human.number(a).orElseThrow(), Human.number(b).orElseThrow()));
        }
        return ordered;
    }

    /**
     * The groups of these runs, by the named axes and by those that must be added so that no group mixes scenarios at one value of
     * {@code x}.
     *
     * @param x the axis that the figure has along its side; empty if none
     */
    static List<Group> of(List<RunResult> runs, String x, List<String> named) {
        List<String> axes = complete(runs, x, named);
        Map<Map<String, String>, List<RunResult>> grouped = new LinkedHashMap<>();
        for (RunResult run : runs) {
            Map<String, String> key = new LinkedHashMap<>();
            axes.forEach(axis -> key.put(axis, value(run, axis)));
            grouped.computeIfAbsent(key, k -> new ArrayList<>()).add(run);
        }
        List<Map<String, String>> keys = new ArrayList<>(grouped.keySet());
        for (int i = axes.size() - 1; i >= 0; i--) {
            String axis = axes.get(i);
            List<String> order = values(runs, axis);
            keys.sort((a, b) -> Integer.compare(order.indexOf(a.get(axis)), order.indexOf(b.get(axis))));
        }
        List<Group> groups = new ArrayList<>();
        Map<Color, Integer> seen = new LinkedHashMap<>();
        for (Map<String, String> key : keys) {
            Color color = key.containsKey("stack") ? Palette.stack(key.get("stack")) : Palette.ordered(groups.size());
            groups.add(new Group(key, label(key, runs), color, seen.merge(color, 1, Integer::sum) - 1, grouped.get(key)));
        }
        return groups;
    }

    private static List<String> complete(List<RunResult> runs, String x, List<String> named) {
        Set<String> axes = new LinkedHashSet<>(named);
        axes.remove(x);
        Set<String> candidates = new LinkedHashSet<>(List.of("stack"));
        runs.forEach(run -> candidates.addAll(new TreeSet<>(run.axes().keySet())));
        candidates.addAll(List.of("executor", "experiment", "scenario"));
        candidates.remove(x);
        while (true) {
            Map<List<String>, List<RunResult>> cells = runs.stream().collect(Collectors.groupingBy(run -> {
                List<String> cell = new ArrayList<>(List.of(value(run, x)));
                axes.forEach(axis -> cell.add(value(run, axis)));
                return cell;
            }, LinkedHashMap::new, Collectors.toList()));
            List<RunResult> mixed = cells.values().stream()
                    .filter(cell -> cell.stream().map(run -> run.scenarioId() + " " + run.executor()).distinct().count() > 1)
                    .findFirst().orElse(List.of());
            if (mixed.isEmpty()) {
                return List.copyOf(axes);
            }
            axes.add(candidates.stream().filter(axis -> !axes.contains(axis) && values(mixed, axis).size() > 1).findFirst().orElseThrow());
        }
    }

    private static String label(Map<String, String> key, List<RunResult> runs) {
        String varying = key.entrySet().stream().filter(e -> values(runs, e.getKey()).size() > 1)
                .map(e -> word(e.getKey(), Human.shortened(e.getValue(), values(runs, e.getKey())))).collect(Collectors.joining(" · "));
        return varying.isEmpty() ? key.values().stream().map(value -> Human.shortened(value, List.of(value)))
                .collect(Collectors.joining(" · ")) : varying;
    }

    /** A value as a legend shows it: bare words speak for themselves, plain numbers need the name of their axis. */
    private static String word(String axis, String value) {
        boolean bare = value.chars().allMatch(c -> Character.isDigit(c) || c == '.') || VAGUE.contains(value);
        return bare ? Human.axis(axis) + " " + value : value;
    }
}
