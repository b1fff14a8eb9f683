package sandglass.kvm.usf.etl;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/** Connections to servers, kept for a moment after an answer that allows it. Safe for use by several threads. */
final class Connections implements AutoCloseable {

    private static final int MAX_IDLE = 16;
    /** Servers close idle connections after some seconds; one that is about to be closed must not be used. */
    private static final long MAX_IDLE_NS = 1_000_000_000;
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+\\]");

    private final LongSupplier clockNs;
    private final Deque<Idle> idle = new ArrayDeque<>();
    /** Looking up a name cannot be interrupted, so that another thread does it. */
    private final ExecutorService lookups = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "name-lookup");
        thread.setDaemon(true);
        return thread;
    });

    private record Idle(String host, int port, Connection connection, long sinceNs) {
    }

    Connections(LongSupplier clockNs) {
        this.clockNs = clockNs;
    }

    /** A kept connection that is still good, or null. */
    synchronized Connection takeIdle(String host, int port, Deadline deadline) {
        expire();
        for (Iterator<Idle> all = idle.iterator(); all.hasNext();) {
            Idle one = all.next();
            if (one.port == port && one.host.equals(host)) {
                all.remove();
                if (isGood(one.connection)) {
                    one.connection.setDeadline(deadline);
                    return one.connection;
                }
                close(one.connection);
            }
        }
        return null;
    }

    private static boolean isGood(Connection connection) {
        try {
            return connection.isQuiet();
        } catch (IOException broken) {
            return false;
        }
    }

    /** A new connection to the first of the host's addresses that accepts one. */
    Connection open(String host, int port, Deadline deadline) throws IOException {
        IOException first = null;
        for (InetAddress address : addresses(host, deadline)) {
            try {
                return Connection.open(new InetSocketAddress(address, port), deadline);
            } catch (IOException e) {
                deadline.leftNs();
                first = first == null ? e : first;
            }
        }
        throw first == null ? new UnknownHostException(host) : first;
    }

    private InetAddress[] addresses(String host, Deadline deadline) throws IOException {
        if (LITERAL.matcher(host).matches()) {
            return InetAddress.getAllByName(host);
        }
        Future<InetAddress[]> found = lookups.submit(() -> InetAddress.getAllByName(host));
        try {
            return found.get(deadline.leftNs(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new SocketTimeoutException("does not answer in time: its name is still being looked up");
        } catch (ExecutionException e) {
            throw new UnknownHostException(host + ": the name is not known");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Keeps a connection for the next exchange with the same server. */
    synchronized void give(String host, int port, Connection connection) {
        expire();
        if (idle.size() >= MAX_IDLE) {
            close(idle.removeLast().connection);
        }
        idle.addFirst(new Idle(host, port, connection, clockNs.getAsLong()));
    }

    private void expire() {
        while (!idle.isEmpty() && clockNs.getAsLong() - idle.getLast().sinceNs > MAX_IDLE_NS) {
            close(idle.removeLast().connection);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a connection", e);
        }
    }

    @Override
    public synchronized void close() {
        idle.forEach(one -> close(one.connection));
        idle.clear();
        lookups.shutdownNow();
    }
}
