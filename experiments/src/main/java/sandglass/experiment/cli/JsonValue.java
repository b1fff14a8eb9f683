package sandglass.experiment.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import sandglass.experiment.read.NotJson;

/** Texts that should be one JSON value each: of any size and depth, since Python's are. Nothing is built from them, so a deep one does no harm. */
final class JsonValue {

    private static final int ANY = Integer.MAX_VALUE;
    private static final JsonFactory FACTORY = JsonFactory.builder().streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(ANY).maxNumberLength(ANY).maxStringLength(ANY).maxNameLength(ANY).build()).build();

    private JsonValue() {}

    /** What is wrong with a text; empty if it is exactly one JSON value. */
    static Optional<String> problem(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                return Optional.of("is empty; expected JSON");
            }
            parser.skipChildren();
            return parser.nextToken() == null ? Optional.empty() : Optional.of("is not JSON: something follows behind the value's end");
        } catch (JsonProcessingException e) {
            return Optional.of("is not JSON: " + NotJson.reason(e));
        } catch (IOException e) {
            throw new UncheckedIOException("a text could not be read", e);
        }
    }

    /** A JSON value in one line: line breaks can only be between its parts. */
    static String inOneLine(String value) {
        return value.replace('\n', ' ').replace('\r', ' ');
    }
}
