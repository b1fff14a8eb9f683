package sandglass.experiment.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Strict access to one JSON object: every key that is not asked for is refused by {@link #finish}. */
final class JsonFields {

    /** A line that is not a result; the message begins with the dotted path. */
    static final class Mismatch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Mismatch(String path, String message) {
            super((path.isEmpty() ? "" : path + ": ") + message);
        }
    }

    private final JsonNode node;
    private final String path;
    private final Set<String> known = new HashSet<>();

    JsonFields(JsonNode node, String path) {
        this.node = node;
        this.path = path;
        if (!node.isObject()) {
            throw new Mismatch(path, "expected an object");
        }
    }

    boolean has(String key) {
        known.add(key);
        return node.has(key);
    }

    private JsonNode get(String key) {
        if (!has(key)) {
            throw new Mismatch(path, "missing key '" + key + "'");
        }
        return node.get(key);
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    JsonFields object(String key) {
        return new JsonFields(get(key), at(key));
    }

    String text(String key) {
        return text(get(key), at(key));
    }

    private static String text(JsonNode value, String path) {
        if (!value.isTextual()) {
            throw new Mismatch(path, "expected a text");
        }
        return value.textValue();
    }

    long whole(String key) {
        return whole(get(key), at(key));
    }

    private static long whole(JsonNode value, String path) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new Mismatch(path, "expected a whole number");
        }
        return value.longValue();
    }

    boolean flag(String key) {
        if (!get(key).isBoolean()) {
            throw new Mismatch(at(key), "expected true or false");
        }
        return get(key).booleanValue();
    }

    double number(String key) {
        return number(get(key), at(key));
    }

    /** Numbers that JSON has no spelling for are texts, as Java spells them. */
    private static double number(JsonNode value, String path) {
        if (value.isNumber()) {
            return value.doubleValue();
        }
        return switch (value.asText()) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw new Mismatch(path, "expected a number");
        };
    }

    <E extends Enum<E>> E choice(String key, Class<E> type) {
        try {
            return Enum.valueOf(type, text(key));
        } catch (IllegalArgumentException e) {
            throw new Mismatch(at(key), "unknown value '" + text(key) + "'; expected one of " + List.of(type.getEnumConstants()));
        }
    }

    private JsonNode array(String key) {
        if (!get(key).isArray()) {
            throw new Mismatch(at(key), "expected an array");
        }
        return get(key);
    }

    double[] numbers(String key) {
        JsonNode array = array(key);
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(array.get(i), at(key));
        }
        return values;
    }

    long[] wholes(String key) {
        JsonNode array = array(key);
        long[] values = new long[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = whole(array.get(i), at(key));
        }
        return values;
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        array(key).forEach(item -> texts.add(text(item, at(key))));
        return texts;
    }

    <T> List<T> objects(String key, Function<JsonFields, T> reader) {
        JsonNode array = array(key);
        List<T> items = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            JsonFields fields = new JsonFields(array.get(i), at(key) + "[" + i + "]");
            items.add(reader.apply(fields));
            fields.finish();
        }
        return items;
    }

    Map<String, String> textMap(String key) {
        Map<String, String> map = new TreeMap<>();
        object(key).node.properties().forEach(entry -> map.put(entry.getKey(), text(entry.getValue(), at(key) + "." + entry.getKey())));
        return map;
    }

    Map<String, Double> numberMap(String key) {
        Map<String, Double> map = new TreeMap<>();
        object(key).node.properties().forEach(entry -> map.put(entry.getKey(), number(entry.getValue(), at(key) + "." + entry.getKey())));
        return map;
    }

    /** The canonical text of a nested object, as it stands. */
    JsonNode raw(String key) {
        return get(key);
    }

    void finish() {
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw new Mismatch(at(key), "unknown key '" + key + "'");
            }
        });
    }
}
