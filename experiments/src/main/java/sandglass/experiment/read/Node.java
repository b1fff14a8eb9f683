package sandglass.experiment.read;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import sandglass.unit.Quantities;
import sandglass.unit.QuantityException;

/**
 * One part of a document being read. Every method reports what is wrong to the pass and then returns null (or zero), so that
 * reading goes on and finds the other problems; a value is only ever used when there was none.
 */
public final class Node {

    private final Reading reading;
    private final Tree tree;
    private final String path;
    private final String axisPath;
    private final String key;

    private Node(Reading reading, Tree tree, String path, String axisPath, String key) {
        this.reading = reading;
        this.tree = tree;
        this.path = path;
        this.axisPath = axisPath;
        this.key = key;
    }

    static Node root(Reading reading, Tree tree) {
        return new Node(reading, tree, "", "", "");
    }

    public String path() {
        return path;
    }

    /** The key under which this part stands, without the mappings around it; empty at the root. */
    String key() {
        return key;
    }

    Tree tree() {
        return tree;
    }

    Reading reading() {
        return reading;
    }

    /** Reports a problem at this place. */
    public void problem(String message) {
        reading.report(tree.place(), path, message);
    }

    /** The path without the indexes of axis candidates, so that a key has one name whichever candidate it stands in. */
    String axisPath() {
        return axisPath;
    }

    Node item(int index) {
        String suffix = "[" + index + "]";
        return new Node(reading, ((Tree.Sequence) tree).items().get(index), path + suffix, axisPath + suffix, key);
    }

    Node candidate(int index) {
        return new Node(reading, ((Tree.Sequence) tree).items().get(index), path + "[" + index + "]", axisPath, key);
    }

    /** The part under a key if there is one; the key is not checked. */
    Optional<Node> find(String name) {
        return tree instanceof Tree.Mapping mapping ? Optional.ofNullable(mapping.entries().get(name)).map(value -> child(name, value))
                : Optional.empty();
    }

    Node child(String name, Tree value) {
        String dot = path.isEmpty() ? "" : ".";
        return new Node(reading, value, path + dot + name, axisPath + dot + name, name);
    }

    /** Reads a single value; a list of them is an axis where the file may have axes. */
    public <T> T one(Function<Node, T> reader) {
        return reading.isAxis(tree) ? reading.one(this, (Tree.Sequence) tree, reader) : reader.apply(this);
    }

    public boolean isMapping() {
        return tree instanceof Tree.Mapping;
    }

    boolean isSequence() {
        return tree instanceof Tree.Sequence;
    }

    /** The text if this is a single value, else null; reports nothing. */
    String word() {
        return tree instanceof Tree.Scalar scalar && scalar.present() ? scalar.text() : null;
    }

    public String text() {
        return scalar("a single value");
    }

    private String scalar(String expected) {
        String word = word();
        if (word == null) {
            problem("expected " + expected + ", found " + tree.kind());
        }
        return word;
    }

    /** A path that counts from {@code directory}, or from the working directory if it was given on the command line. */
    Path path(Path directory) {
        String text = scalar("a path");
        if (text == null) {
            return null;
        }
        return tree.place().file().startsWith(Setting.PREFIX) ? Path.of(text) : directory.resolve(text);
    }

    /** A number with no unit. */
    public double number() {
        String text = scalar("a number");
        if (text == null) {
            return 0;
        }
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value) && text.matches("[-+.0-9eE]+")) {
                return value;
            }
        } catch (NumberFormatException e) {
            problem("'" + text + "' is not a number");
            return 0;
        }
        problem("'" + text + "' is not a finite decimal number");
        return 0;
    }

    /** A number with no unit, at least zero. */
    public double nonNegative() {
        double value = number();
        if (value < 0) {
            problem("'" + word() + "' is negative; expected a number of at least 0");
        }
        return value;
    }

    /** A whole number within bounds. */
    public long whole(long least, long most) {
        String expected = "a whole number" + (most >= Integer.MAX_VALUE ? " of at least " + least : " from " + least + " to " + most);
        String text = scalar(expected);
        if (text == null) {
            return least;
        }
        try {
            long value = Long.parseLong(text.replace("_", ""));
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            problem("'" + text + "' is not " + expected);
            return least;
        }
        problem("'" + text + "' is not " + expected);
        return least;
    }

    public int count(int least) {
        return (int) whole(least, Integer.MAX_VALUE);
    }

    public boolean flag() {
        String text = scalar("true or false");
        if (text != null && !text.equals("true") && !text.equals("false")) {
            problem("'" + text + "' is not true or false");
        }
        return "true".equals(text);
    }

    public long durationNs() {
        return quantity(Quantities::durationNs, "a duration such as 10ms", 0L);
    }

    public long sizeBytes() {
        return quantity(Quantities::sizeBytes, "a size such as 128MiB", 0L);
    }

    public double ratePerSecond() {
        return quantity(Quantities::ratePerSecond, "a rate such as 50/s", 0.0);
    }

    public double share() {
        return quantity(Quantities::share, "a share such as 1% or 0.01", 0.0);
    }

    /** A quantity with its unit; {@code parse} throws {@link QuantityException}. */
    <T> T quantity(Function<String, T> parse, String expected, T otherwise) {
        String text = scalar(expected);
        if (text == null) {
            return otherwise;
        }
        try {
            return parse.apply(text);
        } catch (QuantityException e) {
            problem(e.getMessage());
            return otherwise;
        }
    }

    /** An enum constant, written in kebab case. */
    public <E extends Enum<E>> E choice(Class<E> type) {
        String expected = "one of " + Arrays.stream(type.getEnumConstants()).map(Node::kebab).collect(Collectors.joining(", "));
        String text = scalar(expected);
        if (text == null) {
            return null;
        }
        for (E constant : type.getEnumConstants()) {
            if (kebab(constant).equals(text)) {
                return constant;
            }
        }
        List<String> words = Arrays.stream(type.getEnumConstants()).map(Node::kebab).toList();
        problem("unknown value '" + text + "'" + Suggestion.of(text, words) + "; expected " + expected);
        return null;
    }

    /** The spelling of an enum constant in files. */
    public static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A list; each item is a single value in the sense of {@link #one}. */
    public <T> List<T> list(Function<Node, T> reader) {
        if (!(tree instanceof Tree.Sequence sequence)) {
            problem("expected a list, found " + tree.kind());
            return List.of();
        }
        List<T> items = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            T value = item(i).one(reader);
            if (value != null) {
                items.add(value);
            }
        }
        return items;
    }

    /** A mapping with keys of the user's choosing, in file order of keys. */
    public <T> Map<String, T> map(Function<Node, T> reader) {
        Map<String, T> values = new TreeMap<>();
        if (tree instanceof Tree.Mapping mapping) {
            mapping.entries().forEach((key, value) -> {
                T read = child(key, value).one(reader);
                if (read != null) {
                    values.put(key, read);
                }
            });
        } else {
            problem("expected a mapping, found " + tree.kind());
        }
        return values;
    }

    /** A mapping whose keys name something; {@code keyName} gives the name, or null after reporting that there is none. */
    public <T> Map<String, T> mapBy(BiFunction<String, Node, String> keyName, Function<Node, T> reader) {
        Map<String, T> values = new TreeMap<>();
        if (tree instanceof Tree.Mapping mapping) {
            mapping.entries().forEach((written, value) -> {
                Node child = child(written, value);
                String name = keyName.apply(written, child);
                T read = reader.apply(child);
                if (name != null && read != null) {
                    values.put(name, read);
                }
            });
        } else {
            problem("expected a mapping, found " + tree.kind());
        }
        return values;
    }

    /** A mapping whose keys are enum constants in kebab case. */
    public <E extends Enum<E>, T> Map<E, T> map(Class<E> type, Function<Node, T> reader) {
        Map<E, T> values = new EnumMap<>(type);
        if (!(tree instanceof Tree.Mapping)) {
            problem("expected a mapping, found " + tree.kind());
            return values;
        }
        Fields fields = new Fields(this);
        for (E key : type.getEnumConstants()) {
            T read = fields.optional(kebab(key), reader, null);
            if (read != null) {
                values.put(key, read);
            }
        }
        fields.finish();
        return values;
    }

    /**
     * A mapping with fixed keys. The reader takes every field it knows and returns how to build the value; unknown keys are
     * reported, and the value is built only if nothing was wrong.
     */
    public <T> T record(Function<Fields, Supplier<T>> reader) {
        if (!(tree instanceof Tree.Mapping)) {
            problem("expected a mapping, found " + tree.kind());
            return null;
        }
        int before = reading.problemCount();
        Fields fields = new Fields(this);
        Supplier<T> build = reader.apply(fields);
        fields.finish();
        return reading.problemCount() > before ? null : built(build);
    }

    /** Reads a value and makes something of it, if nothing was wrong with it; what is made may refuse the value too. */
    <V, T> T make(Function<Node, V> reader, Function<V, T> make) {
        int before = reading.problemCount();
        V value = reader.apply(this);
        return reading.problemCount() > before ? null : built(() -> make.apply(value));
    }

    private <T> T built(Supplier<T> build) {
        try {
            return build.get();
        } catch (IllegalArgumentException | QuantityException e) {
            problem(e.getMessage());
            return null;
        }
    }
}
