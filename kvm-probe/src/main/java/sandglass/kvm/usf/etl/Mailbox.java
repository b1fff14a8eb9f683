package sandglass.kvm.usf.etl;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;

/**
 * Notification by polling [USETL, section 3.2.1], the alternative to an exit: a page that guest and host both map. The
 * guest stores an argument, then a new request number, and reads until the response number is equal; a thread of the
 * host looks at the page every so often. One guest at a time.
 */
public final class Mailbox implements AutoCloseable {

    /** Byte offsets. The guest writes the first two, the host the others, in cache lines of their own. */
    private static final int REQUEST = 0;
    private static final int ARGUMENT = 8;
    private static final int RESPONSE = 64;
    private static final int ANSWER = 72;
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Mapping page = Linux.mapAnonymous(Linux.PAGE_BYTES);
    private final ByteBuffer words = page.bytes();
    private final LongUnaryOperator service;
    private final long intervalNs;
    private final Thread poller;
    private volatile boolean open = true;

    /**
     * Starts polling.
     *
     * @param service    turns a request's argument into the answer; must not throw
     * @param intervalNs how long the poller sleeps between two looks; 0 never sleeps
     */
    public Mailbox(LongUnaryOperator service, long intervalNs) {
        this.service = service;
        this.intervalNs = intervalNs;
        this.poller = new Thread(this::run, "mailbox poller");
        poller.setDaemon(true);
        poller.start();
    }

    private void run() {
        while (open) {
            if (!poll() && intervalNs > 0) {
                LockSupport.parkNanos(intervalNs);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** Serves the request that waits, if any. The numbers are the guest's, and are not trusted to mean anything. */
    private synchronized boolean poll() {
        long request = (long) WORD.getAcquire(words, REQUEST);
        if (request == (long) WORD.get(words, RESPONSE)) {
            return false;
        }
        WORD.set(words, ANSWER, service.applyAsLong((long) WORD.get(words, ARGUMENT)));
        WORD.setRelease(words, RESPONSE, request);
        return true;
    }

    /** Erases everything, for the next guest. */
    public synchronized void reset() {
        for (int at = 0; at < Linux.PAGE_BYTES; at += Long.BYTES) {
            words.putLong(at, 0);
        }
    }

    /** The page. */
    public Mapping page() {
        return page;
    }

    /** The thread that polls, for measuring what it costs. */
    public long pollerThreadId() {
        return poller.getId();
    }

    /** Stops polling and frees the page; no guest may have it any more. */
    @Override
    public void close() {
        open = false;
        LockSupport.unpark(poller);
        boolean interrupted = false;
        while (poller.isAlive()) {
            try {
                poller.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        page.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
