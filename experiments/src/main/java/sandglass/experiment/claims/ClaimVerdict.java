package sandglass.experiment.claims;

/** What the results say of a claim. */
public enum ClaimVerdict {
    HOLDS("holds"),
    DOES_NOT_HOLD("does not hold"),
    /** The intervals are too wide, or an experiment or metric is missing. */
    CANNOT_TELL("cannot tell");

    private final String label;

    ClaimVerdict(String label) {
        this.label = label;
    }

    /** The words of the table. */
    public String label() {
        return label;
    }

    /** The verdict of several conditions that must all hold. */
    static ClaimVerdict all(ClaimVerdict... parts) {
        ClaimVerdict verdict = HOLDS;
        for (ClaimVerdict part : parts) {
            if (part == DOES_NOT_HOLD) {
                return DOES_NOT_HOLD;
            }
            verdict = part == CANNOT_TELL ? CANNOT_TELL : verdict;
        }
        return verdict;
    }

    static ClaimVerdict of(boolean holds) {
        return holds ? HOLDS : DOES_NOT_HOLD;
    }
}
