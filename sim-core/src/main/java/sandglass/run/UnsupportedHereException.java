package sandglass.run;

/** This host cannot run what was asked; says why and how to get it. */
public final class UnsupportedHereException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    public UnsupportedHereException(String reason, String remedy) {
        super(reason);
        this.remedy = remedy;
    }

    /** What the user can do about it. */
    public String remedy() {
        return remedy;
    }
}
