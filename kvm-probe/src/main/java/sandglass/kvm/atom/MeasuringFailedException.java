package sandglass.kvm.atom;

/** A function or guest that measures something did not come to its end, as on a host that is busy with other things. */
final class MeasuringFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MeasuringFailedException(String message) {
        super(message);
    }
}
