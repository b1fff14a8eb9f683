package sandglass.kvm.sys;

import com.kenai.jffi.Library;

/**
 * A signal whose only effect is to interrupt a thread's blocking system call with EINTR. It needs a handler that does
 * nothing: an ignored signal would not interrupt, one without handler would end the process (signal(7)). The handler is
 * the C library's {@code abs(int)}, which takes the signal's number, touches no memory and returns; a handler in Java
 * would wake the JVM's signal dispatcher at each kick, and no Java code may run inside a signal handler.
 */
public final class WakeSignal {

    /** A real-time signal: the C library uses 32 and 33, HotSpot SIGUSR2, and nobody this one. */
    private static final int NUMBER = 40;

    private WakeSignal() {
    }

    /** Installs the handler in this process; doing it again changes nothing. */
    public static WakeSignal install() {
        long handler = Library.getCachedInstance("libc.so.6", Library.LAZY).getSymbolAddress("abs");
        if (handler == 0) {
            throw new IllegalStateException("the C library has no abs(3)");
        }
        Linux.handleSignal(NUMBER, handler);
        return new WakeSignal();
    }

    /** Interrupts one thread of this process; does nothing if it has ended. */
    public void send(int thread) {
        Linux.signalThread(thread, NUMBER);
    }
}
