package sandglass.result;

import java.util.Objects;

/**
 * What holding two results of one scenario against each other gives.
 *
 * @param reason what decided it; for AGREES, what it was agreed by
 */
public record Verdict(Kind kind, String reason) {

    /** The four outcomes. */
    public enum Kind {
        /** Equal counts, and times within the tolerance. */
        AGREES,
        /** Counts differ: the model does other things than the system. */
        WRONG_STRUCTURE,
        /** Counts are equal but times differ: the model does the same things at another price. */
        WRONG_COST,
        /** Nothing can be said, and the reason why. */
        NOT_COMPARABLE
    }

    public Verdict {
        Objects.requireNonNull(kind);
        if (reason.isBlank()) {
            throw new IllegalArgumentException("a verdict states its reason");
        }
    }
}
