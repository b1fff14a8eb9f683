package sandglass.unit;

/** A text that is not the quantity it should be; the message says what was found and what was expected. */
public final class QuantityException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public QuantityException(String message) {
        super(message);
    }
}
