package sandglass.kvm.stack.vm;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import sandglass.kvm.leftovers.Entry;
import sandglass.kvm.leftovers.Journal;

/** A running QEMU and what it says. Ending it ends its guest. */
final class QemuProcess {

    static final String PROGRAM = "qemu-system-x86_64";
    /** What QEMU prints when KVM gives up on a guest; it then waits for ever with the guest paused. */
    private static final String GIVEN_UP = "KVM internal error";
    private static final int KEPT_BYTES = 4096;
    private static final long END_LIMIT_S = 30;

    private final Process process;
    private final Entry entry;
    private final StringBuilder said = new StringBuilder();
    private final Thread listener = new Thread(this::listen, "qemu-output");

    private QemuProcess(Process process, Entry entry) {
        this.process = process;
        this.entry = entry;
        listener.setDaemon(true);
        listener.start();
    }

    /** What went wrong with a machine, and the end of what QEMU and its guest's kernel printed. */
    static final class FailedException extends Exception {

        private static final long serialVersionUID = 1L;

        private final String reason;
        private final String log;

        FailedException(String reason, String log) {
            super(log.isEmpty() ? reason : reason + "; its log: " + log);
            this.reason = reason;
            this.log = log;
        }

        String reason() {
            return reason;
        }

        String log() {
            return log;
        }
    }

    /**
     * Starts QEMU.
     *
     * @param network where it shall run, if it is not the host's own
     * @throws FailedException if it cannot be started
     */
    static QemuProcess start(List<String> arguments, Optional<GuestNetwork> network, Journal journal) throws FailedException {
        List<String> command = new ArrayList<>(network.map(GuestNetwork::prefix).orElse(List.of()));
        command.add(PROGRAM);
        command.addAll(arguments);
        Entry entry = journal.addProcess();
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectInput(Path.of("/dev/null").toFile());
            builder.environment().put(Journal.TOKEN, entry.name());
            Process process = builder.start();
            entry.started(process.pid());
            return new QemuProcess(process, entry);
        } catch (IOException e) {
            entry.done();
            throw new FailedException("cannot start " + PROGRAM + ": " + e.getMessage(), "");
        }
    }

    /** Keeps the end of the output, so that a guest that prints without end fills nothing. */
    private void listen() {
        byte[] part = new byte[KEPT_BYTES];
        try (InputStream output = process.getInputStream()) {
            for (int length = output.read(part); length >= 0; length = output.read(part)) {
                synchronized (said) {
                    said.append(new String(part, 0, length, StandardCharsets.ISO_8859_1));
                    if (said.length() > 2 * KEPT_BYTES) {
                        said.delete(0, said.length() - KEPT_BYTES);
                    }
                }
                if (said().contains(GIVEN_UP)) {
                    process.destroyForcibly();
                }
            }
        } catch (IOException e) {
            process.destroyForcibly();
        }
    }

    private String said() {
        synchronized (said) {
            return said.toString();
        }
    }

    /** The error that this machine's end or silence stands for. */
    FailedException failed(String what) {
        try {
            listener.join(TimeUnit.SECONDS.toMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String end = said().replaceAll("[^\\n\\x20-\\x7E]", "").strip();
        String exit = process.isAlive() ? "" : ", QEMU's exit code is " + process.exitValue();
        return new FailedException(what + exit, end.isEmpty() ? "nothing" : end.substring(Math.max(0, end.length() - KEPT_BYTES / 4))
                .replace('\n', '|'));
    }

    /** Waits until QEMU connects to one of its sockets, which it does before its guest runs. */
    SocketChannel accept(Listener socket) throws FailedException {
        AtomicReference<ServerSocketChannel> open = new AtomicReference<>(socket.channel());
        process.onExit().thenRun(() -> closeQuietly(open.get()));
        try {
            SocketChannel connection = socket.channel().accept();
            open.set(null);
            return connection;
        } catch (IOException e) {
            throw failed("QEMU ended before its guest could begin");
        } finally {
            socket.close();
        }
    }

    private static void closeQuietly(ServerSocketChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it at once, so that its streams break off; may be called by several threads. */
    void kill() {
        process.destroyForcibly();
    }

    /** Ends it and waits until nothing of it is left. */
    void end() {
        kill();
        try {
            if (process.waitFor(END_LIMIT_S, TimeUnit.SECONDS)) {
                entry.done();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A socket in the file system that QEMU will connect to. */
    record Listener(ServerSocketChannel channel, Path path) implements AutoCloseable {

        static Listener at(Path path) throws FailedException {
            try {
                ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                try {
                    channel.bind(UnixDomainSocketAddress.of(path));
                } catch (IOException e) {
                    channel.close();
                    throw e;
                }
                return new Listener(channel, path);
            } catch (IOException e) {
                throw new FailedException("cannot listen at " + path + ": " + e.getMessage(), "");
            }
        }

        @Override
        public void close() {
            closeQuietly(channel);
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
