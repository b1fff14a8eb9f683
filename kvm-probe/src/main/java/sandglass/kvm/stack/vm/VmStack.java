package sandglass.kvm.stack.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sandglass.kvm.leftovers.Journal;
import sandglass.kvm.leftovers.Kind;
import sandglass.kvm.measure.Fingerprint;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.stack.RunnerLink;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.run.UnsupportedHereException;

/** Virtual machines of QEMU, each booted for itself, or all restored from the state of one that has booted. */
public final class VmStack implements LiveStack {

    private static final Path SCRATCH = Path.of("/var/tmp");
    private static final String NO_QEMU = "sudo apt-get install -y qemu-system-x86";
    private static final long VERSION_LIMIT_S = 10;
    private static final long READY_LIMIT_NS = 120_000_000_000L;
    private static final int SEED_BYTES = 32;

    private final boolean restores;
    private final LiveConfig config;
    private final LongSupplier clockNs;
    private final Journal journal;
    private final Blueprint blueprint;
    private final String qemuVersion;
    private final GuestNetwork network;
    private final boolean hasDisk;
    private final MachineRoom room;
    private final SecureRandom random = new SecureRandom();
    private final ScheduledThreadPoolExecutor killer;
    private final Set<VmSandbox> alive = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> preparationNs = new TreeMap<>();
    private Fd memory;
    private MachineRoom.Snapshot snapshot;

    /**
     * Finds a kernel, makes the image, finds the accelerator and the network; unless an earlier stack of this user did.
     *
     * @param restores whether sandboxes are restored; then the first one makes the snapshot
     * @param journal  answers for everything that is made on the host; closed with this
     * @throws UnsupportedHereException without QEMU, a kernel, room, or an accelerator that works
     */
    public VmStack(boolean restores, LiveConfig config, LongSupplier clockNs, Journal journal) throws UnsupportedHereException {
        this.restores = restores;
        this.config = config;
        this.clockNs = clockNs;
        this.journal = journal;
        qemuVersion = qemuVersion();
        Path caches = caches();
        long beginNs = clockNs.getAsLong();
        // The script backend-check keeps the same kernels at the same place.
        GuestKernel kernel = GuestKernel.of(caches.resolve("backend"));
        GuestImage image = GuestImage.of(kernel, config.interpreter());
        preparationNs.put("image", clockNs.getAsLong() - beginNs);
        killer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "time-limit");
            thread.setDaemon(true);
            return thread;
        });
        killer.setRemoveOnCancelPolicy(true);
        Path directory = SCRATCH.resolve(journal.name("sgv"));
        journal.add(Kind.DIRECTORY, directory.toString());
        Optional<ScratchDisk> disk;
        try {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            disk = ScratchDisk.make(directory, config.maxDocumentBytes());
        } catch (IOException e) {
            throw new UnsupportedHereException("cannot make what virtual machines share: " + e, "make room in " + SCRATCH);
        }
        hasDisk = disk.isPresent();
        Blueprint untried = new Blueprint(kernel, image, new Accelerator(Accelerator.Kind.TCG, 0, 0, ""),
                Blueprint.ramBytes(image, config.memoryBytes()));
        blueprint = untried.withAccelerator(new Trial(caches.resolve("vm"), directory, journal, killer, clockNs)
                .find(untried, Fingerprint.ofThisHost(config.interpreter()), qemuVersion));
        network = network(config, directory);
        room = new MachineRoom(blueprint, network, disk, directory, journal, killer, clockNs);
    }

    private static Path caches() {
        return Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).filter(text -> text.startsWith("/")).map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache")).resolve("sandglass");
    }

    /**
     * What this host's trial boot found, for people: the accelerator, how long it took, and why it is not KVM.
     *
     * @return empty if none was made yet
     */
    public static Optional<String> trialBoot() {
        return Trial.latest(caches().resolve("vm"), Fingerprint.ofThisHost(LiveConfig.defaults().interpreter()));
    }

    private static String qemuVersion() throws UnsupportedHereException {
        try {
            String text = HostCommand.run(VERSION_LIMIT_S, Path.of("/"), QemuProcess.PROGRAM, "--version");
            return text.lines().findFirst().orElse("").replace("QEMU emulator version ", "");
        } catch (HostCommand.FailedException e) {
            throw new UnsupportedHereException("no QEMU: " + e.getMessage(), NO_QEMU);
        }
    }

    private static GuestNetwork network(LiveConfig config, Path directory) throws UnsupportedHereException {
        if (Files.isWritable(Path.of("/dev/net/tun")) && Files.isWritable(Path.of("/proc/sys/kernel/ns_last_pid"))) {
            return new TapNetwork(config.allowedHosts());
        }
        return new UserNetwork(config.allowedHosts(), config.interpreter(), directory);
    }

    @Override
    public String name() {
        return restores ? "vm-snapshot" : "vm";
    }

    @Override
    public void reach(DocumentServer server) {
        network.reach(server);
    }

    @Override
    public VmSandbox create() {
        return new VmSandbox(this);
    }

    /** Boots or restores a machine. */
    MachineRoom.Made machine() throws QemuProcess.FailedException {
        return restores ? room.restore(snapshot()) : room.boot();
    }

    /** Made when the first sandbox is, because only then all servers are known; it is no part of that sandbox's start. */
    private synchronized MachineRoom.Snapshot snapshot() throws QemuProcess.FailedException {
        if (snapshot == null) {
            long beginNs = clockNs.getAsLong();
            memory = Linux.memoryFile("sandglass-vm", blueprint.ramBytes());
            snapshot = room.snapshot("/proc/" + ProcessHandle.current().pid() + "/fd/" + memory.number());
            preparationNs.put("snapshot", clockNs.getAsLong() - beginNs);
        }
        return snapshot;
    }

    /** What the guest's first program is told: how to become the runner, the time, randomness, its network. */
    String order(GuestNetwork.Attachment attachment, boolean withDisk) {
        List<String> arguments = new ArrayList<>(RunnerLink.arguments(config, config.memoryBytes()));
        arguments.addAll(attachment.runner());
        if (withDisk) {
            arguments.add("files=/files");
        }
        long nowMs = System.currentTimeMillis();
        String rest = attachment.addresses().entrySet().stream().map(e -> ", \"" + e.getKey() + "\": \"" + e.getValue() + '"')
                .collect(Collectors.joining());
        return String.format(Locale.ROOT, "{\"time\": %d.%03d, \"seed\": \"%s\", \"arguments\": [%s]%s}", nowMs / 1000, nowMs % 1000,
                HexFormat.of().formatHex(seed(SEED_BYTES)), arguments.stream().map(a -> '"' + a.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                        .collect(Collectors.joining(", ")), rest);
    }

    LiveConfig config() {
        return config;
    }

    LongSupplier clockNs() {
        return clockNs;
    }

    ScheduledExecutorService killer() {
        return killer;
    }

    /** How long the runner may take from its order to its first word. */
    long readyLimitNs() {
        return READY_LIMIT_NS;
    }

    boolean hasTap() {
        return network.name().equals("tap");
    }

    byte[] seed(int lengthBytes) {
        byte[] seed = new byte[lengthBytes];
        random.nextBytes(seed);
        return seed;
    }

    void born(VmSandbox sandbox) {
        alive.add(sandbox);
    }

    void gone(VmSandbox sandbox) {
        alive.remove(sandbox);
    }

    @Override
    public synchronized Map<String, Long> preparationNs() {
        return Map.copyOf(preparationNs);
    }

    @Override
    public Map<String, String> fingerprint() {
        return Map.of("accel", blueprint.accelerator().kind().id(), "qemu", qemuVersion, "guest-kernel", blueprint.kernel().release(),
                "guest-network", network.name());
    }

    @Override
    public Map<String, String> unsupported() {
        Map<String, String> missing = new TreeMap<>();
        missing.put("dirty_pages", "QEMU does not say which pages of its guest a function wrote");
        missing.put("syscalls", "a guest's system calls do not leave it, so the host cannot count them");
        if (blueprint.accelerator().kind() == Accelerator.Kind.TCG) {
            missing.put("exits", "the guest is translated, not run by KVM: " + firstLine(blueprint.accelerator().reason()));
        } else if (!Files.isReadable(Path.of("/sys/kernel/debug/kvm"))) {
            missing.put("exits", "KVM shows another process's counters in debugfs only: sudo mount -t debugfs none /sys/kernel/debug");
        }
        if (!hasTap()) {
            missing.put("packets", "without a tap (root and /dev/net/tun) QEMU plays the network itself and counts nothing");
        }
        if (!hasDisk) {
            missing.put("disk", "no mkfs.ext4, so etl.file puts documents into the guest's memory: sudo apt-get install -y e2fsprogs");
        }
        return missing;
    }

    private static String firstLine(String text) {
        return Stream.of(text.split("; its log")).findFirst().orElse("");
    }

    @Override
    public void close() {
        List.copyOf(alive).forEach(VmSandbox::close);
        killer.shutdownNow();
        network.close();
        if (memory != null) {
            memory.close();
        }
        journal.close();
    }
}
