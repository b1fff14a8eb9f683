package sandglass.kvm.vm;

/**
 * This host's KVM cannot be used: it is missing, closed to this user, or lacks a capability. The message says which.
 */
public final class KvmUnavailableException extends RuntimeException {

    /** @param reason what is missing, and how to get it where that is known */
    public KvmUnavailableException(String reason) {
        super(reason);
    }
}
