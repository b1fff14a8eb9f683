package sandglass.experiment.write;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * JSON in one spelling: keys sorted, no spaces, each number in the shortest decimal form that reads back to it, whatever the
 * Java version ({@code Double.toString} changed in Java 19, so the writer's own algorithm is used).
 */
public final class CanonicalJson {

    private static final ObjectMapper MAPPER = new ObjectMapper(
            JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build());
    private static final ObjectWriter PRETTY = MAPPER.writerWithDefaultPrettyPrinter();

    private CanonicalJson() {}

    /** The text of a tree, keys sorted at every depth. */
    public static String text(JsonNode node) {
        return write(MAPPER.writer(), sorted(node));
    }

    /** The text of a tree for people, in the order of its keys, with a line break at the end. */
    public static String pretty(JsonNode node) {
        return write(PRETTY, node) + "\n";
    }

    /** {@code sha256:} and the hexadecimal digest of the canonical text. */
    public static String digest(JsonNode node) {
        return "sha256:" + HexFormat.of().formatHex(sha256().digest(text(node).getBytes(StandardCharsets.UTF_8)));
    }

    /** A fresh SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256, which every one must have", e);
        }
    }

    private static String write(ObjectWriter writer, JsonNode node) {
        try {
            return writer.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree in memory could not be written as JSON", e);
        }
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            TreeMap<String, JsonNode> entries = new TreeMap<>();
            object.properties().forEach(entry -> entries.put(entry.getKey(), sorted(entry.getValue())));
            return new ObjectNode(JsonNodeFactory.instance, entries);
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
            array.forEach(item -> copy.add(sorted(item)));
            return copy;
        }
        return node;
    }
}
