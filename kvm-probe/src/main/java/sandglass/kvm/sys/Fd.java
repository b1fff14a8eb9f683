package sandglass.kvm.sys;

import java.util.concurrent.atomic.AtomicInteger;

/** An open file descriptor and its only owner: closing it twice closes it once. */
public final class Fd implements AutoCloseable {

    private static final int CLOSED = -1;

    private final AtomicInteger number;
    private final String name;

    /**
     * Takes ownership of a descriptor.
     *
     * @param number what the kernel gave us
     * @param name   what it is, for error messages: {@code /dev/kvm}, {@code vcpu 0}
     */
    public Fd(int number, String name) {
        this.number = new AtomicInteger(number);
        this.name = name;
    }

    /** The number, or -1 after closing, which every call answers with EBADF. */
    public int number() {
        return number.get();
    }

    @Override
    public void close() {
        int open = number.getAndSet(CLOSED);
        if (open != CLOSED) {
            Linux.close(open, name);
        }
    }

    @Override
    public String toString() {
        return name + " (fd " + number.get() + ")";
    }
}
