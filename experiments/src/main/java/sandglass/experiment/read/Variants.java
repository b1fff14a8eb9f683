package sandglass.experiment.read;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A closed choice in a file: a bare word ({@code none}), or a mapping told apart by one key ({@code {ttl: 10min, renew: true}}).
 * Immutable once built; one instance may read many nodes.
 */
final class Variants<T> {

    private final Map<String, T> words = new LinkedHashMap<>();
    private final Map<String, Function<Fields, Supplier<T>>> mappings = new LinkedHashMap<>();

    /** A choice that is a bare word. */
    Variants<T> word(String word, T value) {
        words.put(word, value);
        return this;
    }

    /** A choice that is a mapping with this key among its keys. */
    Variants<T> key(String key, Function<Fields, Supplier<T>> reader) {
        mappings.put(key, reader);
        return this;
    }

    /** A choice that is a mapping with this one key. */
    Variants<T> only(String key, Function<Node, T> reader) {
        return key(key, fields -> {
            T value = fields.required(key, reader);
            return () -> value;
        });
    }

    T read(Node node) {
        if (node.isMapping()) {
            return readMapping(node);
        }
        String word = node.word();
        if (word == null) {
            node.problem("expected " + expected() + ", found " + node.tree().kind());
            return null;
        }
        T value = words.get(word);
        if (value == null) {
            node.problem("unknown value '" + word + "'" + Suggestion.of(word, words.keySet()) + "; expected " + expected());
        }
        return value;
    }

    private T readMapping(Node node) {
        return node.record(fields -> {
            List<String> present = mappings.keySet().stream().filter(fields::has).toList();
            if (present.size() > 1) {
                node.problem("only one of " + String.join(", ", present) + " may be given");
                return null;
            }
            if (present.isEmpty()) {
                node.problem("expected " + expected());
                return null;
            }
            return mappings.get(present.get(0)).apply(fields);
        });
    }

    private String expected() {
        StringBuilder text = new StringBuilder(String.join(", ", words.keySet()));
        mappings.keySet().forEach(key -> text.append(text.isEmpty() ? "" : ", ").append('{').append(key).append(": ...}"));
        return (words.size() + mappings.size() > 1 ? "one of " : "") + text;
    }
}
