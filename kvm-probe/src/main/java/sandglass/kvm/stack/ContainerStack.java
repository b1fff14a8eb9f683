package sandglass.kvm.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.LongSupplier;
import sandglass.kvm.image.ImageCache;
import sandglass.kvm.image.ImageTree;
import sandglass.kvm.leftovers.Journal;
import sandglass.kvm.leftovers.Kind;
import sandglass.kvm.measure.ControlGroup;
import sandglass.kvm.net.Gate;
import sandglass.kvm.net.PrivateNetwork;
import sandglass.kvm.oci.ContainerSpec;
import sandglass.kvm.oci.Runc;
import sandglass.kvm.usf.file.FileImage;
import sandglass.kvm.usf.file.PythonImage;
import sandglass.run.UnsupportedHereException;

/**
 * Containers of runc, without a daemon. What all of them share: the root directory that none can write, a network namespace for the
 * host's ends of their Ethernet pairs, a gate to allowed hosts, a parent control group.
 */
public final class ContainerStack implements LiveStack {

    private static final Path RUN = Path.of("/run");
    private static final Path HOST_CERTIFICATES = Path.of("/etc/ssl/certs/ca-certificates.crt");
    private static final String CERTIFICATES = "/usr/lib/ssl/cert.pem";
    private static final String RUNNER = "/sandglass/live_runner.py";
    private static final String USERS = "nobody:x:65534:65534:nobody:/tmp:/bin/false\n";
    /** What the kernel and the runner's code take of a container's memory, at least, beside data: a part of the whole and a fixed size. */
    private static final int RESERVED_PART = 16;
    private static final long RESERVED_BYTES = 6L << 20;

    private final LiveConfig config;
    private final LongSupplier clockNs;
    private final Journal journal;
    private final Runc runc;
    private final PrivateNetwork network;
    private final Gate gate;
    private final Path root;
    private final String interpreter;
    private final Path directory;
    private final String cgroup;
    private final long imageNs;
    private final boolean cgroupVersion2 = ControlGroup.isVersion2();
    private final SecureRandom random = new SecureRandom();
    private final ScheduledThreadPoolExecutor killer;
    private final Set<ContainerSandbox> alive = ConcurrentHashMap.newKeySet();
    private final Set<String> direct = new HashSet<>();

    /**
     * Lays the image down, unless it is there, and makes what containers share.
     *
     * @param journal answers for everything that is made on the host; closed with this
     * @throws UnsupportedHereException without runc, without the rights of root, or without room
     */
    public ContainerStack(LiveConfig config, LongSupplier clockNs, Journal journal) throws UnsupportedHereException {
        this.config = config;
        this.clockNs = clockNs;
        this.journal = journal;
        Path program = Runc.find();
        long beginNs = clockNs.getAsLong();
        PythonImage python = PythonImage.read(config.interpreter(), new FileImage.Builder());
        root = ImageCache.ofUser().root(tree(python));
        interpreter = python.interpreterPath();
        imageNs = clockNs.getAsLong() - beginNs;
        network = PrivateNetwork.open();
        gate = new Gate(network.listen(0), config.allowedHosts());
        String name = journal.name("sgc");
        cgroup = "/" + name;
        directory = RUN.resolve(name);
        try {
            for (Path hierarchy : ControlGroup.trees()) {
                journal.add(Kind.CGROUP, hierarchy.resolve(name).toString());
            }
            journal.add(Kind.DIRECTORY, directory.toString());
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            gate.close();
            network.close();
            throw new UnsupportedHereException("cannot make what containers share: " + e, "run it as root, with room in /run");
        }
        runc = new Runc(program, directory.resolve("runc"), journal);
        killer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "time-limit");
            thread.setDaemon(true);
            return thread;
        });
        killer.setRemoveOnCancelPolicy(true);
    }

    /** What every container, however it is made, has as its root. */
    static ImageTree tree(PythonImage python) throws UnsupportedHereException {
        ImageTree.Builder tree = ImageTree.of(python).file(RUNNER, RunnerLink.runner().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .file("/etc/passwd", USERS.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        try {
            if (Files.isReadable(HOST_CERTIFICATES)) {
                tree.file(CERTIFICATES, Files.readAllBytes(HOST_CERTIFICATES));
            }
        } catch (IOException e) {
            throw new UnsupportedHereException("cannot read " + HOST_CERTIFICATES + ": " + e, "sudo apt-get install --reinstall -y ca-certificates");
        }
        return tree.build();
    }

    @Override
    public String name() {
        return "container";
    }

    /** The server's port is opened in the containers' network, too, so that its bytes go through nothing but the Ethernet pair. */
    @Override
    public void reach(DocumentServer server) {
        server.serveAt(network.listen(server.port()));
        direct.add(server.hostAndPort());
    }

    @Override
    public ContainerSandbox create() {
        return new ContainerSandbox(this);
    }

    /** How much of a container's memory is for data. */
    static long dataBytes(LiveConfig config) {
        return config.memoryBytes() - RESERVED_BYTES - config.memoryBytes() / RESERVED_PART;
    }

    ContainerSpec spec(String id, Path channel, String socket) {
        List<String> arguments = new ArrayList<>(List.of(interpreter, "-I", "-S", "-B", RUNNER));
        arguments.addAll(RunnerLink.arguments(config, dataBytes(config)));
        arguments.addAll(List.of("channel=" + socket, "gateway=" + PrivateNetwork.GATEWAY + ":" + gate.port(), "files=/etl"));
        direct.forEach(server -> arguments.add("direct=" + server));
        return new ContainerSpec(arguments, Map.of("PATH", "/usr/bin", "HOME", "/tmp", "LANG", "C.UTF-8"), root, channel,
                cgroup + "/" + id, config.memoryBytes(), 1, id);
    }

    LiveConfig config() {
        return config;
    }

    LongSupplier clockNs() {
        return clockNs;
    }

    Journal journal() {
        return journal;
    }

    Runc runc() {
        return runc;
    }

    PrivateNetwork network() {
        return network;
    }

    Path directory() {
        return directory;
    }

    boolean cgroupVersion2() {
        return cgroupVersion2;
    }

    ScheduledExecutorService killer() {
        return killer;
    }

    byte[] seed(int lengthBytes) {
        byte[] seed = new byte[lengthBytes];
        random.nextBytes(seed);
        return seed;
    }

    void born(ContainerSandbox sandbox) {
        alive.add(sandbox);
    }

    void gone(ContainerSandbox sandbox) {
        alive.remove(sandbox);
    }

    @Override
    public Map<String, Long> preparationNs() {
        return Map.of("image", imageNs);
    }

    @Override
    public Map<String, String> unsupported() {
        return Map.of("dirty_pages", "the host does not say which pages of a container a function wrote",
                "syscalls", "counting a process's system calls would need tracing, which slows each of them down");
    }

    @Override
    public void close() {
        List.copyOf(alive).forEach(ContainerSandbox::close);
        killer.shutdownNow();
        gate.close();
        network.close();
        journal.close();
    }
}
