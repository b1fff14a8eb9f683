package sandglass.kvm.stack;

import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.LongSupplier;
import sandglass.kvm.leftovers.Journal;
import sandglass.kvm.sys.ChildProcess;
import sandglass.run.UnsupportedHereException;

/** Python as an ordinary process of the host: the least that any stack can cost, and no isolation to speak of. */
public final class ProcessStack implements LiveStack {

    private final LiveConfig config;
    private final LongSupplier clockNs;
    private final String runner;
    private final SecureRandom random = new SecureRandom();
    private final ScheduledThreadPoolExecutor killer;
    private final Set<LiveProcess> alive = ConcurrentHashMap.newKeySet();
    private final Journal journal;
    private final String token;

    /**
     * Takes ownership of a journal.
     *
     * @throws UnsupportedHereException if the interpreter is not there, or the C library too old
     */
    ProcessStack(LiveConfig config, LongSupplier clockNs, Journal journal) throws UnsupportedHereException {
        if (!Files.isExecutable(config.interpreter())) {
            throw new UnsupportedHereException("no Python at " + config.interpreter(), "sudo apt-get install -y python3");
        }
        if (!ChildProcess.isSupported()) {
            throw new UnsupportedHereException("the C library cannot start a program without this one's descriptors"
                    + " (posix_spawn_file_actions_addclosefrom_np)", "use glibc 2.34 or newer, as in Debian 12");
        }
        this.config = config;
        this.clockNs = clockNs;
        this.journal = journal;
        this.token = journal.addProcess().name();
        this.runner = RunnerLink.runner();
        killer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "time-limit");
            thread.setDaemon(true);
            return thread;
        });
        killer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public String name() {
        return "process";
    }

    @Override
    public LiveProcess create() {
        return new LiveProcess(this);
    }

    LiveConfig config() {
        return config;
    }

    LongSupplier clockNs() {
        return clockNs;
    }

    String runner() {
        return runner;
    }

    /** By which processes of this stack are known, and all that functions start, also outside their group. */
    String token() {
        return token;
    }

    ScheduledExecutorService killer() {
        return killer;
    }

    byte[] seed(int lengthBytes) {
        byte[] seed = new byte[lengthBytes];
        random.nextBytes(seed);
        return seed;
    }

    void born(LiveProcess process) {
        alive.add(process);
    }

    void gone(LiveProcess process) {
        alive.remove(process);
    }

    private void endAll() {
        alive.forEach(LiveProcess::close);
    }

    @Override
    public Map<String, Long> preparationNs() {
        return Map.of();
    }

    @Override
    public Map<String, String> unsupported() {
        return Map.of("files", "a process's files are the host's own: nothing limits their number",
                "dirty_pages", "the host does not say which pages of a process a function wrote",
                "syscalls", "counting a process's system calls would need tracing, which slows each of them down");
    }

    @Override
    public void close() {
        endAll();
        killer.shutdownNow();
        journal.close();
    }
}
