package sandglass.kvm.soak;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import sandglass.kvm.usf.Outcome;

/**
 * One invocation of a soak.
 *
 * @param source    Python with {@code def handler(event, etl)}
 * @param event     JSON
 * @param timeLimit how long it may take
 * @param check     what is wrong with how it ended, or nothing
 */
public record SoakCall(String source, String event, Duration timeLimit, Function<Outcome, Optional<String>> check) {

    private static final int EXCERPT_CHARACTERS = 300;

    /** A call that must return exactly this. */
    public static SoakCall returning(String json, String source, String event, Duration timeLimit) {
        return new SoakCall(source, event, timeLimit, outcome -> outcome.equals(new Outcome.Result(json)) ? Optional.empty()
                : Optional.of("expected " + json + ", got " + excerpt(outcome)));
    }

    /** A call that must raise an exception whose traceback contains this. */
    public static SoakCall raising(String text, String source, String event, Duration timeLimit) {
        return new SoakCall(source, event, timeLimit,
                outcome -> outcome instanceof Outcome.Failed failed && failed.traceback().contains(text) ? Optional.empty()
                        : Optional.of("expected a traceback with " + text + ", got " + excerpt(outcome)));
    }

    /** An outcome, cut off where it gets long. */
    public static String excerpt(Outcome outcome) {
        String text = outcome.toString();
        return text.length() <= EXCERPT_CHARACTERS ? text : text.substring(0, EXCERPT_CHARACTERS) + "...";
    }
}
