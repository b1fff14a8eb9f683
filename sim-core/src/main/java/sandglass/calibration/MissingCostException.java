package sandglass.calibration;

/** A calibration lacks a parameter, or has it in the wrong unit; the message names the step, hop or region that needs it. */
public final class MissingCostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MissingCostException(String message) {
        super(message);
    }
}
