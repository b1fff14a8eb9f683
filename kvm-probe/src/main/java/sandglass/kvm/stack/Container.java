package sandglass.kvm.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import sandglass.kvm.leftovers.Entry;
import sandglass.kvm.leftovers.Kind;
import sandglass.kvm.measure.ControlGroup;
import sandglass.kvm.net.PrivateNetwork;
import sandglass.kvm.oci.ContainerSpec;
import sandglass.kvm.oci.Runc;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.NetworkNamespace;
import sandglass.kvm.sys.SystemCallException;

/**
 * One container from its making to its end. All that is made on the host for it is made and removed here. Its steps: {@code bundle} (its
 * directory, configuration and socket), {@code runc-create} (namespaces, control groups, mounts), {@code network} (the Ethernet pair),
 * {@code runc-start} (exec of the interpreter), {@code interpreter} (until the runner waits for functions).
 */
final class Container {

    private static final long START_LIMIT_NS = 60_000_000_000L;
    private static final int END_LIMIT_MS = 60_000;
    private static final int LOOK_MS = 20;
    private static final String SOCKET = "socket";
    /** Where the container sees the directory of its socket. */
    private static final String CHANNEL = "/run/" + SOCKET;

    private final ContainerStack stack;
    private final String id;
    private final Entry entry;
    private final Path bundle;
    private final Path log;
    private final ControlGroup group;
    private final StepClock making;
    private Map<String, LiveSandbox.Step> ending = Map.of();
    private Fd process;
    private long pid;
    private PrivateNetwork.Link link;
    private SocketChannel connection;
    private RunnerLink runner;

    /**
     * Makes one that waits for functions.
     *
     * @throws SandboxFailedException if it does not come to that; nothing of it is left then
     */
    Container(ContainerStack stack) {
        this.stack = stack;
        making = new StepClock(stack.clockNs());
        id = stack.journal().name("sgc");
        entry = stack.journal().add(Kind.CONTAINER, id, stack.runc().root().toString());
        bundle = stack.directory().resolve(id);
        log = bundle.resolve("log");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            group = new ControlGroup(prepareBundle(listener));
            making.ended("bundle");
            pid = stack.runc().create(id, bundle, log);
            process = Linux.process(pid).orElseThrow(() -> new IOException("its first process has ended"));
            making.watchNew(pid);
            making.ended("runc-create");
            try (NetworkNamespace inside = NetworkNamespace.ofProcess(pid)) {
                link = stack.network().join(inside);
            }
            making.ended("network");
            stack.runc().start(id, log);
            making.ended("runc-start");
            connection = accept(listener);
            runner = new RunnerLink(Channels.newOutputStream(connection), Channels.newInputStream(connection), stack.killer(), this::kill);
            if (!runner.awaitReady(START_LIMIT_NS)) {
                throw new IOException("its runner does not answer");
            }
            making.ended("interpreter");
        } catch (IOException | Runc.RuncException | SystemCallException e) {
            throw failed(e);
        }
    }

    private String prepareBundle(ServerSocketChannel listener) throws IOException {
        Path channel = bundle.resolve("channel");
        Files.createDirectory(bundle);
        Files.createDirectory(channel);
        ContainerSpec spec = stack.spec(id, channel, CHANNEL);
        Files.writeString(bundle.resolve("config.json"), spec.json(stack.cgroupVersion2()));
        Path socket = channel.resolve(SOCKET);
        listener.bind(UnixDomainSocketAddress.of(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        return spec.cgroup();
    }

    /** Waits for the runner to connect, as long as it is there. */
    private SocketChannel accept(ServerSocketChannel listener) throws IOException {
        long untilNs = stack.clockNs().getAsLong() + START_LIMIT_NS;
        listener.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            listener.register(selector, SelectionKey.OP_ACCEPT);
            while (selector.select(LOOK_MS) == 0) {
                if (Linux.awaitEnd(process, 0)) {
                    throw new IOException("its first process has ended" + reason());
                }
                if (stack.clockNs().getAsLong() > untilNs) {
                    throw new IOException("it is not ready after " + START_LIMIT_NS / 1_000_000_000L + " s");
                }
            }
            return listener.accept();
        }
    }

    private SandboxFailedException failed(Exception cause) {
        String said = Runc.tail(log);
        try {
            remove();
        } catch (SandboxFailedException | UncheckedIOException e) {
            cause.addSuppressed(e);
        }
        return new SandboxFailedException("the container " + id + " could not be made: " + cause.getMessage(), said, cause);
    }

    /** The steps of its making, in their order. */
    Map<String, LiveSandbox.Step> making() {
        return making.steps();
    }

    /** The steps of its ending, once it is removed. */
    Map<String, LiveSandbox.Step> ending() {
        return ending;
    }

    RunnerLink runner() {
        return runner;
    }

    long pid() {
        return pid;
    }

    PrivateNetwork.Link link() {
        return link;
    }

    ControlGroup group() {
        return group;
    }

    /** Why it ended, as far as its control group tells; begins with a colon, or is empty. */
    String reason() {
        return group != null && group.killedForMemory() > 0 ? ": the memory limit is reached, the kernel killed it" : "";
    }

    /** Stops it where it is; ns. */
    long pauseNs() {
        long beginNs = stack.clockNs().getAsLong();
        stack.runc().pause(id, log);
        return stack.clockNs().getAsLong() - beginNs;
    }

    /** Lets it go on; ns. */
    long resumeNs() {
        long beginNs = stack.clockNs().getAsLong();
        stack.runc().resume(id, log);
        return stack.clockNs().getAsLong() - beginNs;
    }

    /** Ends all its processes; nothing else. */
    void kill() {
        if (process != null) {
            Linux.kill(process);
        }
    }

    /** Ends it and takes away everything that was made for it. */
    void remove() {
        StepClock clock = new StepClock(stack.clockNs());
        if (group != null) {
            clock.watch(group);
        }
        kill();
        boolean ended = process != null && Linux.awaitEnd(process, END_LIMIT_MS);
        clock.ended("exit");
        try {
            if (connection != null) {
                connection.close();
            }
            if (ended) {
                stack.runc().delete(id, log);
            } else {
                stack.runc().deleteByForce(id, log);
            }
            deleteBundle();
        } catch (Runc.RuncException e) {
            throw new SandboxFailedException("the container " + id + " could not be removed: " + e.getMessage(), Runc.tail(log), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + bundle, e);
        } finally {
            if (process != null) {
                process.close();
            }
            if (link != null) {
                link.close();
            }
        }
        entry.done();
        clock.ended("delete");
        ending = clock.steps();
    }

    private void deleteBundle() throws IOException {
        for (Path directory : new Path[] {bundle.resolve("channel"), bundle}) {
            if (Files.isDirectory(directory)) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                    for (Path file : files) {
                        Files.delete(file);
                    }
                }
                Files.delete(directory);
            }
        }
    }
}
