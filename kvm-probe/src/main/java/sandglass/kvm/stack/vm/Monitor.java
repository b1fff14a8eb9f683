package sandglass.kvm.stack.vm;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * QEMU's control channel (QEMU Machine Protocol): commands and their answers, one JSON object a line, and events between them. A line begins
 * with its kind, so nothing is parsed.
 */
final class Monitor implements AutoCloseable {

    /** State that is shared with other machines stays where it is (Kata Containers' templates work so). */
    private static final String SHARED_MEMORY_STAYS = "{\"execute\": \"migrate-set-capabilities\", \"arguments\": {\"capabilities\": "
            + "[{\"capability\": \"x-ignore-shared\", \"state\": true}]}}";

    private final SocketChannel channel;
    private final BufferedReader in;
    private final BufferedWriter out;
    private boolean resumed;

    /** @param channel QEMU's end of it has just been connected */
    Monitor(SocketChannel channel) throws IOException {
        this.channel = channel;
        in = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
        out = new BufferedWriter(new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8));
        line();
        execute("{\"execute\": \"qmp_capabilities\"}");
    }

    private String line() throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new IOException("QEMU has ended");
        }
        return line;
    }

    private String execute(String command) throws IOException {
        out.write(command + "\n");
        out.flush();
        while (true) {
            String line = line();
            if (line.startsWith("{\"return\"")) {
                return line;
            }
            if (line.startsWith("{\"error\"")) {
                throw new IOException("QEMU refuses " + command + ": " + line);
            }
            resumed |= line.contains("\"event\": \"RESUME\"");
        }
    }

    /**
     * Gives the state of the processor and the devices; the machine stands still for good. It must not be stopped before: a machine
     * that is restored goes on as the other one was found.
     *
     * @param socket a free path
     */
    byte[] freeze(Path socket) throws IOException {
        execute(SHARED_MEMORY_STAYS);
        try (QemuProcess.Listener listener = QemuProcess.Listener.at(socket)) {
            execute("{\"execute\": \"migrate\", \"arguments\": {\"uri\": \"unix:" + socket + "\"}}");
            try (SocketChannel state = listener.channel().accept(); InputStream stream = Channels.newInputStream(state)) {
                byte[] bytes = stream.readAllBytes();
                String status = execute("{\"execute\": \"query-migrate\"}");
                while (status.contains("\"status\": \"active\"") || status.contains("\"status\": \"setup\"")) {
                    Thread.onSpinWait();
                    status = execute("{\"execute\": \"query-migrate\"}");
                }
                if (!status.contains("\"status\": \"completed\"")) {
                    throw new IOException("QEMU did not save the machine's state: " + status);
                }
                return bytes;
            }
        } catch (QemuProcess.FailedException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Gives a machine that was started with {@code -incoming defer} a state, and waits until it runs.
     *
     * @param socket a free path
     */
    void restore(byte[] state, Path socket) throws IOException {
        execute(SHARED_MEMORY_STAYS);
        execute("{\"execute\": \"migrate-incoming\", \"arguments\": {\"uri\": \"unix:" + socket + "\"}}");
        try (SocketChannel connection = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            connection.connect(UnixDomainSocketAddress.of(socket));
            OutputStream stream = Channels.newOutputStream(connection);
            stream.write(state);
            stream.flush();
            connection.shutdownOutput();
            // The machine runs from here on; what it is told before is lost.
            while (!resumed) {
                resumed = line().contains("\"event\": \"RESUME\"");
            }
        } finally {
            java.nio.file.Files.deleteIfExists(socket);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
