package sandglass.experiment.read;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The entries of one mapping. Asking for a key makes it a known one; {@link #finish} reports the others. */
public final class Fields {

    private final Node node;
    private final Tree.Mapping mapping;
    private final Set<String> known = new LinkedHashSet<>();

    Fields(Node node) {
        this.node = node;
        this.mapping = (Tree.Mapping) node.tree();
    }

    /** The mapping itself, for problems that concern several of its keys. */
    public Node node() {
        return node;
    }

    /** Whether a key is there; makes it known. */
    public boolean has(String key) {
        known.add(key);
        return mapping.entries().containsKey(key);
    }

    /** The value of a key that must be there; a list is an axis where the file may have axes. */
    public <T> T required(String key, Function<Node, T> reader) {
        if (!has(key)) {
            node.problem("missing key '" + key + "'");
            return null;
        }
        return at(key).one(reader);
    }

    /** The value of a key, or {@code otherwise} if it is not there; a list is an axis where the file may have axes. */
    public <T> T optional(String key, Function<Node, T> reader, T otherwise) {
        T value = has(key) ? at(key).one(reader) : otherwise;
        return value == null ? otherwise : value;
    }

    /** Like {@link #optional}, but a list is never an axis: the reader gets it as it is. */
    public <T> T whole(String key, Function<Node, T> reader, T otherwise) {
        return has(key) ? reader.apply(at(key)) : otherwise;
    }

    /** Like {@link #whole}, for a key that must be there. */
    public <T> T requiredWhole(String key, Function<Node, T> reader) {
        if (!has(key)) {
            node.problem("missing key '" + key + "'");
            return null;
        }
        return reader.apply(at(key));
    }

    private Node at(String key) {
        return node.child(key, mapping.entries().get(key));
    }

    void finish() {
        for (String key : mapping.entries().keySet()) {
            if (!known.contains(key)) {
                Tree.Place place = mapping.keyPlaces().getOrDefault(key, mapping.place());
                String path = node.child(key, mapping).path();
                node.reading().report(place, path, "unknown key '" + key + "'" + Suggestion.of(key, known) + "; expected "
                        + known.stream().sorted().collect(Collectors.joining(", ")));
            }
        }
    }
}
