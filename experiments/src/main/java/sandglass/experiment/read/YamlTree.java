package sandglass.experiment.read;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** YAML 1.2 text to a {@link Tree}. Duplicate keys, aliases that contain themselves and keys that are not plain words are problems. */
public final class YamlTree {

    private static final int DEEPEST = 60;
    private static final int MOST_PARTS = 1_000_000;

    private final String file;
    private final List<Problem> problems = new ArrayList<>();
    private final Tree.Place override;
    private int parts;

    private YamlTree(String file, Tree.Place override) {
        this.file = file;
        this.override = override;
    }

    /**
     * Parses a file.
     *
     * @param name how messages call the file
     * @throws BadInputException if it cannot be read or is not YAML
     */
    public static Tree parse(Path path, String name) {
        return parse(text(path, name), name);
    }

    /** Parses a text; {@code name} is what messages call it. */
    public static Tree parse(String text, String name) {
        return new YamlTree(name, null).document(text);
    }

    /** Parses the value of an override, all of which stands at one place. */
    static Tree parseAt(String text, Tree.Place place) {
        return new YamlTree(place.file(), place).document(text);
    }

    /** The text of a file, or a {@link BadInputException} that says why there is none. */
    static String text(Path path, String name) {
        try {
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw BadInputException.of(name, "no such file");
        } catch (CharacterCodingException e) {
            throw BadInputException.of(name, "not a UTF-8 text file");
        } catch (IOException e) {
            throw BadInputException.of(name, Files.isDirectory(path) ? "is a directory; expected a file" : "cannot be read: " + e.getMessage());
        }
    }

    private Tree document(String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(file).setUseMarks(true).setAllowDuplicateKeys(true).build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            Tree tree = root.isPresent() ? convert(root.get(), 0) : new Tree.Scalar(place(1), "", false);
            if (!problems.isEmpty()) {
                throw new BadInputException(problems);
            }
            return tree;
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().or(e::getContextMark).map(mark -> mark.getLine() + 1).orElse(0);
            throw new BadInputException(List.of(new Problem(file, override == null ? line : 0, "", "not valid YAML: " + e.getProblem())));
        } catch (YamlEngineException e) {
            throw BadInputException.of(file, "not valid YAML: " + e.getMessage());
        }
    }

    private Tree convert(Node node, int depth) {
        Tree.Place place = place(node);
        if (++parts > MOST_PARTS) {
            throw BadInputException.of(file, "more than " + MOST_PARTS + " values, counting each use of an alias");
        }
        if (depth > DEEPEST) {
            problems.add(new Problem(file, place.line(), "", "nested more than " + DEEPEST + " deep, or an alias that contains itself"));
            return new Tree.Scalar(place, "", false);
        }
        if (node instanceof MappingNode mapping) {
            return convertMapping(mapping, place, depth);
        }
        if (node instanceof SequenceNode sequence) {
            List<Tree> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(convert(item, depth + 1));
            }
            return new Tree.Sequence(place, items);
        }
        ScalarNode scalar = (ScalarNode) node;
        boolean present = !scalar.getTag().equals(Tag.NULL);
        return new Tree.Scalar(place, present ? scalar.getValue() : "", present);
    }

    private Tree convertMapping(MappingNode node, Tree.Place place, int depth) {
        Tree.Mapping mapping = new Tree.Mapping(place);
        for (NodeTuple tuple : node.getValue()) {
            Tree.Place at = place(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(new Problem(file, at.line(), "", "a key must be a single word"));
            } else if (mapping.entries().containsKey(key.getValue())) {
                problems.add(new Problem(file, at.line(), key.getValue(),
                        "this key stands twice in one mapping; first on line " + mapping.keyPlaces().get(key.getValue()).line()));
            } else {
                mapping.entries().put(key.getValue(), convert(tuple.getValueNode(), depth + 1));
                mapping.keyPlaces().put(key.getValue(), at);
            }
        }
        return mapping;
    }

    private Tree.Place place(Node node) {
        return place(node.getStartMark().map(Mark::getLine).orElse(-1) + 1);
    }

    private Tree.Place place(int line) {
        return override == null ? new Tree.Place(file, line) : override;
    }
}
