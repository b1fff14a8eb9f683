package sandglass.kvm.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.OptionalLong;
import sandglass.kvm.lean.ControlGroups;
import sandglass.kvm.lean.LeanHome;

/** Forks of one warmed interpreter, which share its memory until they write to it. */
final class ZygoteNursery implements Nursery {

    private static final byte READY = 'S';
    private static final byte FORK = 'F';
    private static final byte GO = 'G';

    private final LeanHome home;
    private final ServerSocketChannel channel;
    private final Process zygote;

    /**
     * Warms the interpreter.
     *
     * @param arguments of the runner
     */
    ZygoteNursery(LeanHome home, long fileBytes, List<String> arguments) {
        this.home = home;
        channel = home.listenForContainers();
        zygote = home.enter("zygote", fileBytes, arguments);
        zygote.onExit().thenRun(this::stopListening);
        if (!saysReady()) {
            String said = home.said();
            close();
            throw new IllegalStateException("the zygote did not come to wait for orders: " + said);
        }
    }

    private boolean saysReady() {
        try {
            return zygote.getInputStream().read() == READY;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public OptionalLong watched() {
        return OptionalLong.of(zygote.pid());
    }

    @Override
    public Begun begin(ControlGroups groups, StepClock making) throws IOException {
        making.ended("control-group");
        Begun begun = fork();
        making.watchNew(begun.pid());
        making.ended("fork");
        groups.admit(begun.pid());
        making.ended("admit");
        begun.connection().write(ByteBuffer.wrap(new byte[] {GO}));
        return begun;
    }

    /** One at a time, since the zygote is one process. */
    private synchronized Begun fork() throws IOException {
        zygote.getOutputStream().write(FORK);
        zygote.getOutputStream().flush();
        SocketChannel connection = channel.accept();
        byte[] pid = zygote.getInputStream().readNBytes(Integer.BYTES);
        if (pid.length < Integer.BYTES) {
            connection.close();
            throw new IOException("the zygote has ended: " + home.said());
        }
        return new Begun(ByteBuffer.wrap(pid).order(ByteOrder.LITTLE_ENDIAN).getInt(), connection, () -> { });
    }

    private void stopListening() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop listening", e);
        }
    }

    @Override
    public void close() {
        zygote.destroyForcibly();
        zygote.onExit().join();
        stopListening();
    }
}
