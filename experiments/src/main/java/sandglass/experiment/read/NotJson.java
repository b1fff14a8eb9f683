package sandglass.experiment.read;

import com.fasterxml.jackson.core.JsonProcessingException;

/** Why a text is not JSON, in words for who wrote it. */
public final class NotJson {

    private NotJson() {}

    /** The parser's reason without what only its programmer needs. */
    public static String reason(JsonProcessingException e) {
        return e.getOriginalMessage().replaceFirst("(: enable `| \\(start marker).*", "");
    }
}
