package sandglass.kvm.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The function that acts out work which a scenario only describes. Its event lists the ops: {@code compute} turns of an empty loop,
 * {@code wait} ns, {@code touch} pages, {@code get} and {@code post} bytes, {@code switch} system calls.
 */
public final class DescribedWork {

    private static final String PROGRAM = "described_work.py";
    private static final String SOURCE = read();

    private DescribedWork() {
    }

    private static String read() {
        try (InputStream stream = DescribedWork.class.getResourceAsStream(PROGRAM)) {
            if (stream == null) {
                throw new IllegalStateException("this program was built without its resource " + PROGRAM);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + PROGRAM, e);
        }
    }

    /** The function's source. */
    public static String source() {
        return SOURCE;
    }

    /**
     * The event for some ops.
     *
     * @param serverUrl where gets and posts go; empty if there are none
     * @param ops       as {@link #op} writes them
     */
    public static String event(String serverUrl, List<String> ops) {
        return "{\"server\": \"" + serverUrl + "\", \"ops\": [" + String.join(", ", ops) + "]}";
    }

    /** One op of an event. */
    public static String op(String name, long amount) {
        return "[\"" + name + "\", " + amount + "]";
    }

    /** The event of work that does nothing. */
    public static String nothing() {
        return event("", List.of());
    }
}
