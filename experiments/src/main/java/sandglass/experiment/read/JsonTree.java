package sandglass.experiment.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** JSON text to a {@link Tree}; duplicate keys are problems. */
final class JsonTree {

    private static final JsonFactory JSON = new JsonFactory();

    private final String file;
    private final JsonParser parser;
    private final List<Problem> problems = new ArrayList<>();

    private JsonTree(String file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    static Tree parse(Path path, String name) {
        return parse(YamlTree.text(path, name), name);
    }

    /**
     * Parses a text; {@code name} is what messages call it.
     *
     * @throws BadInputException if it is not one JSON value
     */
    static Tree parse(String text, String name) {
        try (JsonParser parser = JSON.createParser(text)) {
            JsonTree reader = new JsonTree(name, parser);
            if (parser.nextToken() == null) {
                throw BadInputException.of(name, "the file is empty; expected a JSON object");
            }
            Tree tree = reader.value();
            if (parser.nextToken() != null) {
                reader.problems.add(new Problem(name, reader.line(), "", "more text after the end of the JSON value"));
            }
            if (!reader.problems.isEmpty()) {
                throw new BadInputException(reader.problems);
            }
            return tree;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new BadInputException(List.of(new Problem(name, line, "", "not valid JSON: " + NotJson.reason(e))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Tree value() throws IOException {
        Tree.Place place = new Tree.Place(file, line());
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(place);
            case START_ARRAY -> {
                List<Tree> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value());
                }
                yield new Tree.Sequence(place, items);
            }
            case VALUE_NULL -> new Tree.Scalar(place, "", false);
            default -> new Tree.Scalar(place, parser.getText(), true);
        };
    }

    private Tree object(Tree.Place place) throws IOException {
        Tree.Mapping mapping = new Tree.Mapping(place);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            Tree.Place at = new Tree.Place(file, line());
            parser.nextToken();
            Tree value = value();
            if (mapping.entries().putIfAbsent(key, value) == null) {
                mapping.keyPlaces().put(key, at);
            } else {
                problems.add(new Problem(file, at.line(), key,
                        "this key stands twice in one object; first on line " + mapping.keyPlaces().get(key).line()));
            }
        }
        return mapping;
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }
}
