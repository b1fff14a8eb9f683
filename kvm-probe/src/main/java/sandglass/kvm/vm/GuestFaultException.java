package sandglass.kvm.vm;

/** A guest named memory that it does not have. Carries no stack trace: hostile guests cause it at will. */
public final class GuestFaultException extends RuntimeException {

    GuestFaultException(long address, long lengthBytes) {
        super("guest range 0x" + Long.toHexString(address) + " + " + Long.toUnsignedString(lengthBytes), null, false,
                false);
    }
}
