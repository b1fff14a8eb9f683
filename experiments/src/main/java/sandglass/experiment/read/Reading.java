package sandglass.experiment.read;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One pass over a document: gathers problems, and decides what a list means where a single value is expected. Such a list is
 * an <em>axis</em> in a file that may have axes. The first pass explores: it reads every candidate of every axis, so that all
 * problems are found, and notes the axes. Later passes choose one candidate of each.
 */
public final class Reading {

    private enum Axes {
        REFUSED,
        EXPLORED,
        CHOSEN
    }

    private final Axes axes;
    private final Map<Tree.Sequence, Integer> choice;
    private final Set<Problem> seen = new HashSet<>();
    private final List<Problem> problems = new ArrayList<>();
    private List<Axis> found = new ArrayList<>();

    private Reading(Axes axes, Map<Tree.Sequence, Integer> choice) {
        this.axes = axes;
        this.choice = choice;
    }

    /** A pass over a file in which a list in the place of a single value is a mistake. */
    public static Reading plain() {
        return new Reading(Axes.REFUSED, new IdentityHashMap<>());
    }

    static Reading exploring() {
        return new Reading(Axes.EXPLORED, new IdentityHashMap<>());
    }

    /** A pass that reads one candidate of each axis: the one at the given index of each list, by identity. */
    static Reading choosing(Map<Tree.Sequence, Integer> choice) {
        return new Reading(Axes.CHOSEN, choice);
    }

    /** The root of a document, to be read in this pass. */
    public Node root(Tree tree) {
        return Node.root(this, tree);
    }

    /** The axes met so far, in the order of reading; those inside a candidate hang below their axis. */
    List<Axis> axes() {
        return List.copyOf(found);
    }

    void report(Tree.Place place, String path, String message) {
        Problem problem = new Problem(place.file(), place.line(), path, message);
        if (seen.add(problem)) {
            problems.add(problem);
        }
    }

    void report(List<Problem> others) {
        others.stream().filter(seen::add).forEach(problems::add);
    }

    int problemCount() {
        return problems.size();
    }

    /**
     * Ends the pass.
     *
     * @throws BadInputException with every problem in the order of lines, if there was any
     */
    public void finish() {
        if (!problems.isEmpty()) {
            problems.sort((a, b) -> Integer.compare(a.line(), b.line()));
            throw new BadInputException(problems);
        }
    }

    boolean isAxis(Tree tree) {
        return axes != Axes.REFUSED && tree instanceof Tree.Sequence;
    }

    <T> T one(Node node, Tree.Sequence candidates, Function<Node, T> reader) {
        if (candidates.items().isEmpty()) {
            node.problem("an empty list; expected a value, or a list of values to compare");
            return null;
        }
        if (axes == Axes.CHOSEN) {
            return reader.apply(node.candidate(choice.get(candidates)));
        }
        return explore(node, candidates, reader);
    }

    private <T> T explore(Node node, Tree.Sequence candidates, Function<Node, T> reader) {
        List<Axis> outer = found;
        List<List<Axis>> nested = new ArrayList<>();
        T first = null;
        for (int i = 0; i < candidates.items().size(); i++) {
            found = new ArrayList<>();
            T value = reader.apply(node.candidate(i));
            first = i == 0 ? value : first;
            nested.add(found);
        }
        found = outer;
        List<String> labels = candidates.items().stream().map(Axis::label).toList();
        if (Set.copyOf(labels).size() < labels.size()) {
            node.problem("the same value stands twice in " + labels);
        }
        if (found.stream().noneMatch(axis -> axis.candidates() == candidates)) {
            found.add(new Axis(candidates, node.axisPath(), labels, nested));
        }
        return first;
    }
}
