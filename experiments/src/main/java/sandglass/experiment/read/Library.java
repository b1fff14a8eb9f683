package sandglass.experiment.read;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import sandglass.scenario.Function;
import sandglass.scenario.Stack;

/**
 * The stacks, functions and calibrations that an experiment names. Each is looked for beside the experiment first, then among
 * those that come with Sandglass. Files are read once.
 */
public final class Library {

    private static final Set<String> MERGED_BY_KEY = Set.of("lifecycle", "paths", "switch-costs");

    private final List<Path> directories;
    private final Map<String, Stack> stacks = new HashMap<>();
    private Map<String, Function> functions;

    /** @param directories where to look, the nearest first; each may hold {@code stacks/}, {@code functions.yaml}, {@code calibrations/} */
    public Library(List<Path> directories) {
        this.directories = List.copyOf(directories);
    }

    /** The same shelves with another one in front. */
    Library nearer(Path directory) {
        return directories.contains(directory) ? this : new Library(Stream.concat(Stream.of(directory), directories.stream()).toList());
    }

    /**
     * The stack of this name.
     *
     * @throws BadInputException if there is none, or with every problem of its file
     */
    public Stack stack(String name) {
        Reading reading = Reading.plain();
        Stack stack = stack(name, reading.root(new Tree.Scalar(new Tree.Place("stacks/" + name + ".yaml", 0), name, true)));
        reading.finish();
        return stack;
    }

    /** The stack of this name, or null after a problem was reported at {@code node}. */
    Stack stack(String name, Node node) {
        if (!stacks.containsKey(name)) {
            Optional<Path> file = find("stacks/" + name + ".yaml").findFirst();
            if (file.isPresent()) {
                stacks.put(name, readStack(file.get(), name, node));
            } else {
                Collection<String> names = stackNames();
                node.problem("there is no stack '" + name + "'" + Suggestion.of(name, names) + "; expected one of " + String.join(", ", names)
                        + ", or a file " + directories.get(0).resolve("stacks/" + name + ".yaml"));
                stacks.put(name, null);
            }
        }
        return stacks.get(name);
    }

    private Stack readStack(Path file, String name, Node node) {
        try {
            Stack stack = StackReader.read(stackTree(file, new ArrayList<>()));
            if (!stack.name().equals(name)) {
                node.problem("the file " + file + " holds the stack '" + stack.name() + "'; the names must agree");
            }
            return stack;
        } catch (BadInputException e) {
            node.reading().report(e.problems());
            return null;
        }
    }

    /** The document of a stack, on top of its {@code base} if it has one. */
    private Tree stackTree(Path file, List<Path> above) {
        Tree tree = YamlTree.parse(file, file.toString());
        if (!(tree instanceof Tree.Mapping mapping) || !(mapping.entries().remove("base") instanceof Tree.Scalar base)) {
            return tree;
        }
        above.add(file);
        Path under = file.resolveSibling(base.text() + ".yaml");
        if (above.contains(under)) {
            throw new BadInputException(List.of(new Problem(file.toString(), base.place().line(), "base", "'" + base.text()
                    + "' is built on this stack itself")));
        }
        if (!Files.exists(under)) {
            throw new BadInputException(List.of(new Problem(file.toString(), base.place().line(), "base", "there is no stack '" + base.text()
                    + "'" + Suggestion.of(base.text(), stackNames()) + "; expected a file " + under)));
        }
        return stackTree(under, above) instanceof Tree.Mapping bottom ? merged(bottom, mapping) : tree;
    }

    private static Tree.Mapping merged(Tree.Mapping bottom, Tree.Mapping top) {
        Tree.Mapping merged = new Tree.Mapping(top.place());
        for (Tree.Mapping layer : List.of(bottom, top)) {
            layer.entries().forEach((key, value) -> {
                Tree old = merged.entries().get(key);
                boolean deep = MERGED_BY_KEY.contains(key) && old instanceof Tree.Mapping && value instanceof Tree.Mapping;
                merged.entries().put(key, deep ? shallow((Tree.Mapping) old, (Tree.Mapping) value) : value);
                merged.keyPlaces().put(key, layer.keyPlaces().get(key));
            });
        }
        return merged;
    }

    private static Tree.Mapping shallow(Tree.Mapping bottom, Tree.Mapping top) {
        Tree.Mapping merged = new Tree.Mapping(top.place());
        for (Tree.Mapping layer : List.of(bottom, top)) {
            merged.entries().putAll(layer.entries());
            merged.keyPlaces().putAll(layer.keyPlaces());
        }
        return merged;
    }

    /** The names of all stacks within reach. */
    public Collection<String> stackNames() {
        TreeSet<String> names = new TreeSet<>();
        find("stacks").forEach(directory -> {
            try (Stream<Path> files = Files.list(directory)) {
                files.map(file -> file.getFileName().toString()).filter(file -> file.endsWith(".yaml"))
                        .forEach(file -> names.add(file.substring(0, file.length() - ".yaml".length())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return names;
    }

    /** The function of this name, or null after a problem was reported at {@code node}. */
    Function function(String name, Node node) {
        if (functions == null) {
            functions = readFunctions(node);
        }
        Function function = functions.get(name);
        if (function == null) {
            node.problem("there is no function '" + name + "'" + Suggestion.of(name, functions.keySet()) + "; expected one of "
                    + String.join(", ", functions.keySet()) + ", or a mapping with name and work");
        }
        return function;
    }

    private Map<String, Function> readFunctions(Node node) {
        Map<String, Function> all = new TreeMap<>();
        find("functions.yaml").forEach(file -> {
            try {
                for (Function function : functions(YamlTree.parse(file, file.toString()))) {
                    all.putIfAbsent(function.name(), function);
                }
            } catch (BadInputException e) {
                node.reading().report(e.problems());
            }
        });
        return all;
    }

    /** The functions of one document. */
    static List<Function> functions(Tree tree) {
        Reading reading = Reading.plain();
        List<Function> list = reading.root(tree).record(f -> {
            List<Function> read = f.requiredWhole("functions", n -> n.list(FunctionReader::function));
            return () -> read;
        });
        reading.finish();
        return list;
    }

    /** The nearest file of this relative name, or the place beside the experiment where it was expected. */
    Path nearest(String relative) {
        return find(relative).findFirst().orElse(directories.get(0).resolve(relative));
    }

    private Stream<Path> find(String relative) {
        return directories.stream().map(directory -> directory.resolve(relative)).filter(Files::exists);
    }
}
