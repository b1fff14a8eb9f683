package sandglass.kvm.lean;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A directory that becomes the /run of one container, in which a socket waits for it alone. */
public final class Waiting implements AutoCloseable {

    private static final long PAUSE_NS = 100_000;
    private static final long NS_PER_S = 1_000_000_000;

    private final Path run;
    private final ServerSocketChannel listener;

    Waiting(Path run, ServerSocketChannel listener) {
        this.run = run;
        this.listener = listener;
    }

    /** The directory. */
    public Path run() {
        return run;
    }

    /** The container's connection, or null if it does not come in time. */
    public SocketChannel accept(long limitS) throws IOException {
        listener.configureBlocking(false);
        long begunNs = System.nanoTime();
        SocketChannel connection = listener.accept();
        while (connection == null && System.nanoTime() - begunNs < limitS * NS_PER_S) {
            LockSupport.parkNanos(PAUSE_NS);
            connection = listener.accept();
        }
        return connection;
    }

    /** Nobody else is to come. */
    @Override
    public void close() throws IOException {
        listener.close();
        Files.deleteIfExists(run.resolve(LeanHome.CHANNEL));
    }
}
