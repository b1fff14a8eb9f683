package sandglass.experiment.claims;

/** A result that a claim needs is not there; the message says which. */
final class MissingEvidenceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MissingEvidenceException(String message) {
        super(message);
    }
}
