package sandglass.experiment.cli;

/** What the process tells its caller. */
final class ExitCode {

    static final int DONE = 0;
    /** The question was answered, and the answer is no. */
    static final int NO = 1;
    static final int BAD_INPUT = 2;
    /** This host cannot run what was asked. */
    static final int LACKING = 3;
    /** A mistake in Sandglass (EX_SOFTWARE of sysexits.h). */
    static final int INTERNAL = 70;

    private ExitCode() {}
}
