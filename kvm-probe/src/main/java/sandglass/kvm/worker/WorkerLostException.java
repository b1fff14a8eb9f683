package sandglass.kvm.worker;

/** A worker process ended, or could not do what it was asked; only the invocations it was busy with are affected. */
public final class WorkerLostException extends RuntimeException {

    WorkerLostException(String reason) {
        super(reason);
    }

    WorkerLostException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
