package sandglass.kvm.usf.call;

import java.nio.ByteBuffer;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.sys.Mapping;

/**
 * What a process gets from outside itself. One object a process; a test may give it any world it likes.
 */
public interface HostServices {

    /** Nanoseconds since 1970. */
    long wallClockNs();

    /** Nanoseconds since some fixed instant; never goes back. */
    long monotonicNs();

    /** Nanoseconds of a core that were spent on the process since some fixed instant. */
    default long coreTimeNs() {
        return monotonicNs();
    }

    /** Fills an array with bytes that nobody can predict. */
    void random(byte[] bytes);

    /**
     * Lets time pass on the calling thread.
     *
     * @return false if the process's time was up before
     */
    boolean sleep(long durationNs);

    /**
     * GET: fetches a document into memory that the guest can see.
     *
     * @return where it is
     * @throws EtlException if it could not be fetched; the message is for the function
     */
    Document get(String url) throws EtlException;

    /**
     * POST: sends guest memory.
     *
     * @param body parts of guest memory, not to be kept
     * @throws EtlException if it could not be sent; the message is for the function
     */
    void post(String url, ByteBuffer[] body) throws EtlException;

    /**
     * Makes memory of the host visible in the window, read-only.
     *
     * @param offset    where it starts, page aligned
     * @param sizeBytes its length, positive
     * @return the guest address
     * @throws EtlException if there is no room, or this host shares nothing
     */
    default long share(Mapping memory, long offset, long sizeBytes) throws EtlException {
        throw new EtlException(Errno.ENODEV, "nothing is shared here");
    }

    /**
     * Makes the mailbox's page visible in the window, writable.
     *
     * @return the guest address
     * @throws EtlException if there is no room, or this host has no mailbox
     */
    default long mailbox() throws EtlException {
        throw new EtlException(Errno.ENODEV, "no mailbox here");
    }

    /** A fetched document: where in the window and how long. */
    record Document(long windowOffset, long sizeBytes) {
    }

    /** GET or POST failed. */
    final class EtlException extends Exception {

        private final int errno;

        /**
         * @param errno  what the system call answers
         * @param reason what the function is told
         */
        public EtlException(int errno, String reason) {
            super(reason, null, false, false);
            this.errno = errno;
        }

        /** What the system call answers. */
        public int errno() {
            return errno;
        }
    }
}
