package sandglass.kvm.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.LongSupplier;
import sandglass.run.UnsupportedHereException;

/** Python as an ordinary process of the host: the least that any stack can cost, and no isolation to speak of. */
public final class ProcessStack implements LiveStack {

    private static final String RUNNER = "process_runner.py";

    private final LiveConfig config;
    private final LongSupplier clockNs;
    private final String runner;
    private final SecureRandom random = new SecureRandom();
    private final ScheduledThreadPoolExecutor killer;
    private final Set<LiveProcess> alive = ConcurrentHashMap.newKeySet();
    private final Thread atExit = new Thread(this::endAll, "end-processes");

    /** @throws UnsupportedHereException if the interpreter is not there */
    public ProcessStack(LiveConfig config, LongSupplier clockNs) throws UnsupportedHereException {
        if (!Files.isExecutable(config.interpreter())) {
            throw new UnsupportedHereException("no Python at " + config.interpreter(), "sudo apt-get install -y python3");
        }
        this.config = config;
        this.clockNs = clockNs;
        this.runner = readRunner();
        killer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "time-limit");
            thread.setDaemon(true);
            return thread;
        });
        killer.setRemoveOnCancelPolicy(true);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    private static String readRunner() {
        try (InputStream stream = ProcessStack.class.getResourceAsStream(RUNNER)) {
            if (stream == null) {
                throw new IllegalStateException("this program was built without its resource " + RUNNER);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + RUNNER, e);
        }
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
        return Map.of("dirty_pages", "the host does not say which pages of a process a function wrote",
                "syscalls", "counting a process's system calls would need tracing, which slows each of them down");
    }

    @Override
    public void close() {
        endAll();
        killer.shutdownNow();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
