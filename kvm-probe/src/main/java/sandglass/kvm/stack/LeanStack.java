package sandglass.kvm.stack;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.LongSupplier;
import sandglass.kvm.doctor.CriuProgram;
import sandglass.kvm.image.ImageCache;
import sandglass.kvm.lean.ControlGroups;
import sandglass.kvm.lean.LeanHome;
import sandglass.kvm.lean.SeccompFilter;
import sandglass.kvm.leftovers.Journal;
import sandglass.kvm.net.Gate;
import sandglass.kvm.oci.Seccomp;
import sandglass.kvm.usf.file.FileImage;
import sandglass.kvm.usf.file.PythonImage;
import sandglass.run.UnsupportedHereException;

/**
 * Containers without a container runtime: forks of one warmed interpreter (SOCK: Oakes et al., "SOCK: Rapid Task Provisioning with
 * Serverless-Optimized Containers", USENIX ATC 2018, section 4.2), or restored copies of a checkpointed one. Each gets fresh namespaces and a
 * fresh control group.
 */
public final class LeanStack implements LiveStack {

    private static final int MOST_PROCESSES = 64;

    private final String name;
    private final LiveConfig config;
    private final LongSupplier clockNs;
    private final Journal journal;
    private final LeanHome home;
    private final Gate gate;
    private final Nursery nursery;
    private final Map<String, Long> preparationNs;
    private final SecureRandom random = new SecureRandom();
    private final ScheduledThreadPoolExecutor killer;
    private final Set<LeanSandbox> alive = ConcurrentHashMap.newKeySet();

    private interface NurseryMaker {
        Nursery make(LeanHome home, long fileBytes, List<String> arguments) throws UnsupportedHereException;
    }

    /**
     * Lays the image down, unless it is there, and prepares what containers come from.
     *
     * @param journal answers for everything that is made on the host; closed with this
     */
    private LeanStack(String name, LiveConfig config, LongSupplier clockNs, Journal journal, NurseryMaker maker)
            throws UnsupportedHereException {
        requireRoot(name);
        this.name = name;
        this.config = config;
        this.clockNs = clockNs;
        this.journal = journal;
        long beginNs = clockNs.getAsLong();
        PythonImage python = PythonImage.read(config.interpreter(), new FileImage.Builder());
        Path root = ImageCache.ofUser().root(ContainerStack.tree(python));
        long imageNs = clockNs.getAsLong() - beginNs;
        home = new LeanHome(journal, root, python.interpreterPath(), RunnerLink.runner(), SeccompFilter.hex(Seccomp.allowed()));
        gate = new Gate(home.listenForFunctions(), config.allowedHosts());
        List<String> arguments = new ArrayList<>(RunnerLink.arguments(config, ContainerStack.dataBytes(config)));
        arguments.addAll(List.of("gateway=" + LeanHome.gate(), "files=/etl"));
        killer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "time-limit");
            thread.setDaemon(true);
            return thread;
        });
        killer.setRemoveOnCancelPolicy(true);
        nursery = maker.make(home, config.memoryBytes() / 2, arguments);
        preparationNs = Map.of("image", imageNs, name, clockNs.getAsLong() - beginNs - imageNs);
    }

    /** @throws UnsupportedHereException without the rights of root, or without room */
    static LeanStack zygote(LiveConfig config, LongSupplier clockNs, Journal journal) throws UnsupportedHereException {
        return new LeanStack("zygote", config, clockNs, journal, ZygoteNursery::new);
    }

    /** @throws UnsupportedHereException without the rights of root, without room, or without a CRIU that works on this host */
    static LeanStack criu(LiveConfig config, LongSupplier clockNs, Journal journal) throws UnsupportedHereException {
        requireRoot("criu");
        Path program = CriuProgram.ofThisHost().find();
        LeanStack stack = new LeanStack("criu", config, clockNs, journal,
                (home, fileBytes, arguments) -> new CriuNursery(home, program, fileBytes, arguments));
        try {
            stack.create().close();
            return stack;
        } catch (IllegalStateException e) {
            stack.close();
            throw new UnsupportedHereException("CRIU cannot restore a container on this host: " + e.getMessage(),
                    "kvm-probe/newer-criu gets a newer one; the stack 'zygote' needs none");
        }
    }

    Nursery nursery() {
        return nursery;
    }

    static void requireRoot(String stack) throws UnsupportedHereException {
        if (!System.getProperty("user.name").equals("root")) {
            throw new UnsupportedHereException("the stack '" + stack
                    + "' makes namespaces, mounts and control groups, which takes the rights of root", "run it by sudo");
        }
    }

    ControlGroups controlGroups() {
        return new ControlGroups(journal, config.memoryBytes(), MOST_PROCESSES, 1);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public LeanSandbox create() {
        return new LeanSandbox(this);
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

    Path directory() {
        return home.directory();
    }

    String said() {
        return home.said();
    }

    byte[] seed(int lengthBytes) {
        byte[] seed = new byte[lengthBytes];
        random.nextBytes(seed);
        return seed;
    }

    void born(LeanSandbox sandbox) {
        alive.add(sandbox);
    }

    /** Whether it was there until now. */
    boolean gone(LeanSandbox sandbox) {
        return alive.remove(sandbox);
    }

    @Override
    public Map<String, Long> preparationNs() {
        return preparationNs;
    }

    @Override
    public Map<String, String> unsupported() {
        return Map.of("dirty_pages", "the host does not say which pages of a process a function wrote",
                "syscalls", "counting a process's system calls would need tracing, which slows each of them down");
    }

    @Override
    public void close() {
        List.copyOf(alive).forEach(LeanSandbox::close);
        killer.shutdownNow();
        nursery.close();
        gate.close();
        journal.close();
    }
}
