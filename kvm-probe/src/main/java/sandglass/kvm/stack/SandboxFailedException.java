package sandglass.kvm.stack;

/** A sandbox could not be made, or did not come to wait for functions; says what it wrote meanwhile. */
public final class SandboxFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param log what the sandbox and its runtime wrote */
    public SandboxFailedException(String reason, String log, Throwable cause) {
        super(reason + "; its log: " + log, cause);
    }
}
