package sandglass.experiment.claims;

/**
 * What recorded measurements of a real host say to a claim.
 *
 * @param figures medians with n; empty if nothing of the kind was measured
 * @param verdict whether the claim holds on that host
 * @param reason why not, from the ledger or the steps of the same runs; empty where it holds
 */
public record MeasuredFinding(String figures, ClaimVerdict verdict, String reason) {

    static final MeasuredFinding NONE = new MeasuredFinding("", ClaimVerdict.CANNOT_TELL, "");

    /** One cell of a table. */
    public String text() {
        return figures.isEmpty() ? "" : verdict.label() + " here: " + figures + (reason.isEmpty() ? "" : ". " + reason);
    }
}
