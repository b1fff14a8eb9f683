package sandglass.kvm.usf.etl;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.usf.call.HostServices.Document;
import sandglass.kvm.usf.call.HostServices.EtlException;
import sandglass.kvm.vm.GuestFaultException;
import sandglass.kvm.vm.GuestMemory;

/**
 * GET and POST of one unikernel without an exit: a page at the start of its window, in which the guest describes a call and counts its number up, and
 * reads until the host has counted as far. What stands in the page is the guest's word, read once and checked like the arguments of a system call.
 */
public final class PolledCalls implements AutoCloseable {

    /** Byte offsets; the guest writes these ... */
    private static final int REQUEST = 0;
    private static final int OPERATION = 8;
    private static final int URL_BYTES = 16;
    private static final int BODY_ADDRESS = 24;
    private static final int BODY_BYTES = 32;
    private static final int URL = 1024;
    /** ... and the host these. */
    private static final int RESPONSE = 64;
    private static final int ERROR = 72;
    private static final int OFFSET = 80;
    private static final int SIZE = 88;
    private static final int MESSAGE_BYTES = 96;
    private static final int MESSAGE = 2048;

    private static final int MAX_URL_BYTES = 1000;
    private static final int MAX_MESSAGE_BYTES = 1000;
    private static final long GET = 1;
    private static final long POST = 2;
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Mapping page = Linux.mapAnonymous(Linux.PAGE_BYTES);
    private final ByteBuffer words = page.bytes();
    private final Poller poller;
    private final GuestMemory memory;
    private final Windows windows;
    private final EtlGateway gateway;
    private final LongSupplier clockNs;
    private boolean active;
    private long taken;
    private volatile long deadlineNs;
    private boolean running;
    private Thread server;
    /** A fault of this program's in a call: the function is let go on, and whoever runs it is told. */
    private Throwable fault;

    /**
     * Puts the page into the window; nothing else may be there yet.
     *
     * @throws EtlException if the window has no room
     */
    public PolledCalls(Poller poller, GuestMemory memory, Windows windows, EtlGateway gateway, LongSupplier clockNs) throws EtlException {
        this.poller = poller;
        this.memory = memory;
        this.windows = windows;
        this.gateway = gateway;
        this.clockNs = clockNs;
        windows.pin(page);
        poller.add(this);
    }

    /** A function begins: what it writes into the page counts until {@link #end}. */
    public synchronized void begin(long untilNs) {
        for (int at = 0; at < Linux.PAGE_BYTES; at += Long.BYTES) {
            words.putLong(at, 0);
        }
        taken = 0;
        deadlineNs = untilNs;
        active = true;
    }

    /**
     * The function has ended: a call under way is broken off, and nothing of it happens after this.
     *
     * @throws IllegalStateException if a call failed by a fault of this program's
     */
    public synchronized void end() {
        idle();
        Throwable cause = fault;
        fault = null;
        if (cause != null) {
            throw new IllegalStateException("a polled call could not be carried out", cause);
        }
    }

    private synchronized void idle() {
        active = false;
        boolean interrupted = false;
        while (running) {
            if (server != null) {
                server.interrupt();
            }
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Called by the poller: takes a new request, if there is one. */
    synchronized boolean look() {
        if (!active || running || (long) WORD.getAcquire(words, REQUEST) == taken) {
            return false;
        }
        taken = (long) WORD.getAcquire(words, REQUEST);
        running = true;
        try {
            poller.serve(this::serve);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // No thread for it. The poller must live: all other functions' calls are seen by it alone.
            broken(e);
            answered();
        }
        return true;
    }

    /** Answers whatever happens: a function waits for as long as it may run, and its end for the answer. */
    private void serve() {
        try {
            if (begun()) {
                carryOut();
                words.putLong(ERROR, 0);
            }
        } catch (EtlException e) {
            failed(e.errno(), e.getMessage());
        } catch (GuestFaultException e) {
            failed(Errno.EFAULT, "the data is not in memory of the function");
        } catch (RuntimeException | Error e) {
            broken(e);
        } finally {
            answered();
        }
    }

    private synchronized void broken(Throwable cause) {
        fault = cause;
        failed(Errno.EIO, "the call could not be carried out");
    }

    private synchronized void answered() {
        server = null;
        running = false;
        WORD.setRelease(words, RESPONSE, taken);
        notifyAll();
    }

    private synchronized boolean begun() {
        server = Thread.currentThread();
        return active;
    }

    private void carryOut() throws EtlException {
        long timeNs = deadlineNs - clockNs.getAsLong();
        long operation = words.getLong(OPERATION);
        long urlBytes = words.getLong(URL_BYTES);
        if (urlBytes < 0 || urlBytes > MAX_URL_BYTES) {
            throw new EtlException(Errno.ENAMETOOLONG, "url of " + urlBytes + " bytes, at most " + MAX_URL_BYTES);
        }
        byte[] url = new byte[(int) urlBytes];
        words.get(URL, url);
        String text = new String(url, StandardCharsets.UTF_8);
        if (operation == GET) {
            Document document = gateway.get(text, windows, timeNs);
            words.putLong(OFFSET, document.windowOffset());
            words.putLong(SIZE, document.sizeBytes());
        } else if (operation == POST) {
            ByteBuffer body = memory.view(words.getLong(BODY_ADDRESS), words.getLong(BODY_BYTES));
            gateway.post(text, new ByteBuffer[] {body}, timeNs);
        } else {
            throw new EtlException(Errno.EINVAL, "no operation " + operation);
        }
    }

    private void failed(int errno, String message) {
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        int count = Math.min(text.length, MAX_MESSAGE_BYTES);
        words.put(MESSAGE, text, 0, count);
        words.putLong(MESSAGE_BYTES, count);
        words.putLong(ERROR, errno);
    }

    /** Frees the page; the machine must have been closed. */
    @Override
    public void close() {
        poller.remove(this);
        idle();
        // The poller may be looking at this moment; it does so inside of the lock.
        synchronized (this) {
            page.close();
        }
    }
}
