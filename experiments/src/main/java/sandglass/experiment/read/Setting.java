package sandglass.experiment.read;

import java.util.ArrayList;
import java.util.List;

/**
 * One {@code --set path=value}: puts a value into a parsed document before it is read, so that it is checked like the rest.
 *
 * @param path dotted, with list items by index, for example {@code function.work[0].get}
 * @param value YAML text
 */
public record Setting(String path, String value) {

    /** How messages begin that concern a setting instead of a file. */
    static final String PREFIX = "--set ";

    /**
     * Reads {@code path=value}.
     *
     * @throws BadInputException if there is no {@code =} or no path
     */
    public static Setting parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw BadInputException.of("--set", "'" + text + "' is not path=value");
        }
        return new Setting(text.substring(0, equals).strip(), text.substring(equals + 1));
    }

    /** The document with the value put in. Mappings on the way are made where they are missing; the reader refuses unknown ones. */
    Tree applyTo(Tree root) {
        return put(root, segments(), 0);
    }

    private List<String> segments() {
        List<String> segments = new ArrayList<>();
        for (String part : path.replace("[", ".").replace("]", "").split("\\.", -1)) {
            if (part.isEmpty()) {
                throw problem("'" + path + "' is not a dotted path");
            }
            segments.add(part);
        }
        return segments;
    }

    private Tree put(Tree tree, List<String> segments, int depth) {
        Tree.Place place = new Tree.Place(name(), 0);
        if (depth == segments.size()) {
            return YamlTree.parseAt(value, place);
        }
        String segment = segments.get(depth);
        if (tree instanceof Tree.Mapping mapping) {
            Tree old = mapping.entries().get(segment);
            Tree value = put(old == null ? new Tree.Mapping(place) : old, segments, depth + 1);
            mapping.entries().put(segment, old instanceof Tree.Sequence ? asList(value) : value);
            mapping.keyPlaces().putIfAbsent(segment, place);
            return mapping;
        }
        if (tree instanceof Tree.Sequence sequence) {
            int index = index(segment, sequence.items().size(), segments, depth);
            sequence.items().set(index, put(sequence.items().get(index), segments, depth + 1));
            return sequence;
        }
        throw problem("'" + String.join(".", segments.subList(0, depth)) + "' is " + tree.kind() + ", so it has no '" + segment + "'");
    }

    /** A single value that takes the place of a list is a list of one, so that an axis set to one value is still that axis. */
    private static Tree asList(Tree value) {
        return value instanceof Tree.Sequence ? value : new Tree.Sequence(value.place(), new ArrayList<>(List.of(value)));
    }

    private int index(String segment, int size, List<String> segments, int depth) {
        if (!segment.matches("\\d{1,9}") || Integer.parseInt(segment) >= size) {
            throw problem("'" + String.join(".", segments.subList(0, depth)) + "' is a list; expected an index from 0 to " + (size - 1)
                    + ", found '" + segment + "'");
        }
        return Integer.parseInt(segment);
    }

    private String name() {
        return PREFIX + path + "=" + value;
    }

    private BadInputException problem(String message) {
        return BadInputException.of(name(), message);
    }
}
