package sandglass.experiment.read;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A parsed YAML or JSON document in which every part knows the file and line it came from. */
public sealed interface Tree {

    /** Where a part stands; a line of 0 means that the file has no lines (an override). */
    record Place(String file, int line) {}

    Place place();

    /** The part as one line of YAML, as a user would write it. */
    String flow();

    /** Keys in file order. The map may be edited by overrides before reading. */
    record Mapping(Place place, Map<String, Tree> entries, Map<String, Place> keyPlaces) implements Tree {

        public Mapping(Place place) {
            this(place, new LinkedHashMap<>(), new LinkedHashMap<>());
        }

        @Override public String flow() {
            return entries.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue().flow()).collect(Collectors.joining(", ", "{", "}"));
        }
    }

    /** Items in file order. The list may be edited by overrides before reading. */
    record Sequence(Place place, List<Tree> items) implements Tree {
        @Override public String flow() {
            return items.stream().map(Tree::flow).collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /**
     * @param text as written, without quotes; empty for null
     * @param present false for null and for a key without a value
     */
    record Scalar(Place place, String text, boolean present) implements Tree {
        @Override public String flow() {
            return text;
        }
    }

    /** What the part is, in the user's words. */
    default String kind() {
        if (this instanceof Mapping) {
            return "a mapping";
        }
        if (this instanceof Sequence) {
            return "a list";
        }
        return this instanceof Scalar scalar && !scalar.present() ? "nothing" : "a single value";
    }
}
