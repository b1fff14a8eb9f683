package sandglass.kvm.sys;

/** The host kernel refused a call: which one, on what, and why. */
public final class SystemCallException extends RuntimeException {

    private final String call;
    private final int errno;

    /**
     * @param call   the call as a reader would look it up: {@code open}, {@code ioctl KVM_RUN}
     * @param errno  the error number, see {@link Errno}
     * @param object what it was called on, such as a path or {@code fd 7}
     */
    public SystemCallException(String call, int errno, String object) {
        super(call + " on " + object + ": " + Errno.name(errno));
        this.call = call;
        this.errno = errno;
    }

    /** The call that failed. */
    public String call() {
        return call;
    }

    /** Why it failed, see {@link Errno}. */
    public int errno() {
        return errno;
    }
}
