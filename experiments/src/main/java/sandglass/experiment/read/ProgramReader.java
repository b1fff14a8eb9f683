package sandglass.experiment.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import sandglass.kvm.stack.Imports;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.stack.PythonSource;
import sandglass.kvm.usf.file.ModuleStore;
import sandglass.scenario.Function;

/** Reads the code of a function that can run for real: {@code file} (or {@code source}), {@code event} and {@code module-store}. */
final class ProgramReader {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][-+]?\\d+)?");

    private ProgramReader() {}

    /** The program, if the function has one; {@code file} counts from the directory of the YAML file. */
    static Optional<Function.Program> read(Fields f) {
        if (f.has("file") && f.has("source")) {
            f.node().problem("only one of file and source may be given");
        }
        String fromFile = f.optional("file", ProgramReader::contents, null);
        String source = f.optional("source", Node::text, fromFile);
        String event = f.whole("event", ProgramReader::event, "{}");
        if (source == null && f.has("event") && !f.has("file")) {
            f.node().problem("an event needs code that gets it: file or source");
        }
        Imports imports = f.whole("module-store", ProgramReader::imports, Imports.NONE);
        if (source == null && !imports.isEmpty() && !f.has("file")) {
            f.node().problem("a module store needs code that imports from it: file or source");
        }
        return Optional.ofNullable(source).map(code -> new Function.Program(code, event == null ? "{}" : event,
                imports.isEmpty() ? "" : imports.store().toString(), imports.modules()));
    }

    /** A directory, for all of its modules, or a directory and names. */
    private static Imports imports(Node node) {
        if (!node.isMapping()) {
            Path directory = directory(node);
            return new Imports(Path.of(String.valueOf(directory)), List.copyOf(names(node, directory)));
        }
        Imports imports = node.record(f -> {
            Path directory = f.required("directory", ProgramReader::directory);
            Set<String> there = f.has("directory") ? f.required("directory", n -> names(n, directory)) : Set.of();
            List<String> modules = f.requiredWhole("modules", n -> n.list(item -> module(item, directory, there)));
            return () -> new Imports(Path.of(String.valueOf(directory)), modules == null ? List.of() : modules);
        });
        return imports == null ? Imports.NONE : imports;
    }

    private static String module(Node node, Path directory, Set<String> there) {
        String name = node.text();
        if (name != null && !there.isEmpty() && !there.contains(name)) {
            node.problem("the module store '" + directory + "' has no module '" + name + "'; expected some of " + String.join(", ", there));
        }
        return name;
    }

    private static Path directory(Node node) {
        return node.path(Path.of(node.tree().place().file()).toAbsolutePath().getParent());
    }

    private static Set<String> names(Node node, Path directory) {
        if (directory == null) {
            return Set.of();
        }
        try {
            Set<String> names = ModuleStore.namesIn(directory);
            if (names.isEmpty()) {
                node.problem("there is no module in '" + directory + "'");
            }
            return names;
        } catch (IllegalArgumentException e) {
            node.problem(e.getMessage());
            return Set.of();
        }
    }

    private static String contents(Node node) {
        Path directory = Path.of(node.tree().place().file()).toAbsolutePath().getParent();
        Path file = node.path(directory);
        if (file == null) {
            return null;
        }
        try {
            String source = Files.readString(file);
            PythonSource.mistake(LiveConfig.defaults().interpreter(), source).ifPresent(mistake -> node.problem("'" + file + "' is no Python"
                    + (mistake.line() > 0 ? ", line " + mistake.line() : "") + ": " + mistake.message()
                    + "; expected a Python file with def handler(event, etl)"));
            return source;
        } catch (IOException e) {
            node.problem("cannot read '" + file + "' (" + e.getClass().getSimpleName() + "); expected a Python file with def handler(event, etl)");
            return null;
        }
    }

    /** JSON as text, or as YAML, where a word that looks like a number or a truth value is one. */
    private static String event(Node node) {
        String word = node.word();
        if (word == null || !word.startsWith("{") && !word.startsWith("[") && !word.startsWith("\"")) {
            return json(node.tree()).toString();
        }
        try {
            return MAPPER.readTree(word).toString();
        } catch (JsonProcessingException e) {
            node.problem("not JSON: " + NotJson.reason(e));
            return null;
        }
    }

    private static JsonNode json(Tree tree) {
        if (tree instanceof Tree.Mapping mapping) {
            ObjectNode object = JSON.objectNode();
            mapping.entries().forEach((key, value) -> object.set(key, json(value)));
            return object;
        }
        if (tree instanceof Tree.Sequence sequence) {
            ArrayNode array = JSON.arrayNode();
            sequence.items().forEach(item -> array.add(json(item)));
            return array;
        }
        Tree.Scalar scalar = (Tree.Scalar) tree;
        return scalar.present() ? scalar(scalar.text()) : JSON.nullNode();
    }

    private static JsonNode scalar(String text) {
        boolean literal = text.equals("true") || text.equals("false") || NUMBER.matcher(text).matches();
        try {
            return literal ? MAPPER.readTree(text) : JSON.textNode(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON literal could not be read: " + text, e);
        }
    }
}
