package sandglass.kvm.measure;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.NativeBuffer;
import sandglass.kvm.sys.SystemCallException;

/**
 * A process whose counters are read after each call, by two system calls on files that stay open: what comes next on the same sandbox waits
 * for the reading. For one thread at a time.
 */
public final class CountedProcess implements AutoCloseable {

    private static final String STATE = "\nState:\t";
    private static final String VOLUNTARY = "\nvoluntary_ctxt_switches:\t";
    private static final String INVOLUNTARY = "\nnonvoluntary_ctxt_switches:\t";
    private static final String READS = "syscr: ";
    private static final String WRITES = "syscw: ";
    /** Status, the longer one, has 1.4 kB on a host of two processors; masks and groups make it longer. */
    private static final int FILE_BYTES = 8192;
    private static final long PATIENCE_NS = 2_000_000_000;
    private static final long PAUSE_NS = 50_000;

    private final LongSupplier clockNs;
    private final NativeBuffer buffer = NativeBuffer.ofSize(FILE_BYTES);
    private final Optional<Fd> status;
    private final Optional<Fd> io;
    private ProcessCounters counted;

    /** Begins to count; for a process that has ended, nothing. */
    public CountedProcess(long pid, LongSupplier clockNs) {
        this.clockNs = clockNs;
        status = open("/proc/" + pid + "/status");
        io = open("/proc/" + pid + "/io");
        counted = waiting();
    }

    private static Optional<Fd> open(String path) {
        try {
            return Optional.of(Linux.open(path, Linux.Access.READ_ONLY));
        } catch (SystemCallException ended) {
            return Optional.empty();
        }
    }

    /**
     * What was counted since the last reading, as soon as the process waits: what it has just done, such as writing an answer that is already
     * here, is counted then. One that does not come to wait within two seconds is read as it is; one that has ended counts nothing more.
     */
    public ProcessCounters next() {
        ProcessCounters now = waiting();
        ProcessCounters since = now.equals(ProcessCounters.NONE) ? now : now.since(counted);
        counted = now;
        return since;
    }

    private ProcessCounters waiting() {
        long beginNs = clockNs.getAsLong();
        String text = read(status);
        while (works(text) && clockNs.getAsLong() - beginNs < PATIENCE_NS) {
            LockSupport.parkNanos(PAUSE_NS);
            text = read(status);
        }
        String calls = read(io);
        return new ProcessCounters(number(text, VOLUNTARY), number(text, INVOLUNTARY), number(calls, READS), number(calls, WRITES));
    }

    private static boolean works(String statusText) {
        int at = statusText.indexOf(STATE);
        char state = at < 0 ? 'Z' : statusText.charAt(at + STATE.length());
        return state == 'R' || state == 'D';
    }

    /** Nothing of a process that has ended. */
    private String read(Optional<Fd> file) {
        if (file.isEmpty()) {
            return "";
        }
        try {
            byte[] text = new byte[Linux.pread(file.get(), buffer, FILE_BYTES, 0)];
            buffer.bytes().get(0, text);
            return new String(text, StandardCharsets.ISO_8859_1);
        } catch (SystemCallException ended) {
            return "";
        }
    }

    private static long number(String text, String name) {
        int at = text.indexOf(name);
        if (at < 0) {
            return 0;
        }
        long value = 0;
        for (int i = at + name.length(); i < text.length() && Character.isDigit(text.charAt(i)); i++) {
            value = value * 10 + text.charAt(i) - '0';
        }
        return value;
    }

    @Override
    public void close() {
        status.ifPresent(Fd::close);
        io.ifPresent(Fd::close);
    }
}
