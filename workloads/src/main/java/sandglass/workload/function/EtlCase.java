package sandglass.workload.function;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One input of an ETL function, and what must come of it.
 *
 * @param input the document to fetch; treat as read-only
 * @param parameters further members of the event: strings, whole numbers or lists of strings
 * @param result what the function must return: whole numbers by name
 * @param output what it must post
 */
public record EtlCase(byte[] input, Map<String, Object> parameters, Map<String, Long> result, Output output) {

    /** What must be posted. */
    @FunctionalInterface
    public interface Output {

        /** What is wrong with the posted document, or nothing. */
        Optional<String> mismatch(byte[] posted);

        /** Exactly these bytes. */
        static Output exactly(byte[] expected) {
            return posted -> {
                int at = Arrays.mismatch(expected, posted);
                if (at < 0) {
                    return Optional.empty();
                }
                return Optional.of("differs from byte " + at + " on: expected " + expected.length + " bytes, there "
                        + excerpt(expected, at) + "; got " + posted.length + ", there " + excerpt(posted, at));
            };
        }

        private static String excerpt(byte[] bytes, int at) {
            int from = Math.max(0, at - 20);
            int to = Math.min(bytes.length, at + 20);
            return "'" + new String(bytes, from, Math.max(0, to - from), StandardCharsets.ISO_8859_1) + "'";
        }
    }

    public EtlCase {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        result = Collections.unmodifiableMap(new TreeMap<>(result));
    }

    /** The event as JSON: {@code input} and {@code output} are the two addresses, the rest the parameters. */
    public String event(String inputUrl, String outputUrl) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("input", inputUrl);
        event.put("output", outputUrl);
        event.putAll(parameters);
        return Json.text(event);
    }

    /** The expected result as JSON, names in order, without white space. */
    public String resultJson() {
        return Json.text(result);
    }
}
