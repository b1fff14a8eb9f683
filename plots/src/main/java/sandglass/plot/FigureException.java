package sandglass.plot;

/** A figure cannot be drawn from these results; the message names the figure, what it asked for and what there is. */
public final class FigureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public FigureException(String message) {
        super(message);
    }
}
