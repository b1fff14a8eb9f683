package sandglass.kvm.stack;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import sandglass.kvm.leftovers.Journal;
import sandglass.kvm.measure.CountedProcess;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.measure.ProcessCounters;
import sandglass.kvm.measure.Smaps;
import sandglass.kvm.sys.ChildProcess;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.SystemCallException;
import sandglass.kvm.usf.Request;
import sandglass.scenario.Phase;

/**
 * One Python process that waits for functions. It leads a group of its own, so that it is ended together with whatever its
 * function started. Not a session: to each of these the kernel would give as much of the cores as to this whole program (autogroups, sched(7)).
 */
final class LiveProcess implements LiveSandbox {

    private static final long START_LIMIT_NS = 60_000_000_000L;

    private final ProcessStack stack;
    private final ChildProcess process;
    private final RunnerLink link;
    private final Map<Phase, Long> startNs;
    private final CountedProcess counted;
    /** As last read: a process that was ended takes the rest with it. */
    private long cpuNs;
    private final AtomicBoolean closed = new AtomicBoolean();

    LiveProcess(ProcessStack stack) {
        this.stack = stack;
        long beginNs = stack.clockNs().getAsLong();
        process = launch();
        long createdNs = stack.clockNs().getAsLong();
        stack.born(this);
        link = new RunnerLink(process.input(), process.output(), stack.killer(), process::kill);
        if (!link.awaitReady(START_LIMIT_NS)) {
            close();
            throw new IllegalStateException("the Python process " + process.pid() + " did not come to wait for a function");
        }
        startNs = Map.of(Phase.CREATE, createdNs - beginNs, Phase.INIT, stack.clockNs().getAsLong() - createdNs);
        counted = new CountedProcess(process.pid(), stack.clockNs());
    }

    private ChildProcess launch() {
        LiveConfig config = stack.config();
        List<String> command = new ArrayList<>(List.of(config.interpreter().toString(), "-I", "-S", "-B", "-c", stack.runner()));
        command.addAll(RunnerLink.arguments(config, config.memoryBytes()));
        return ChildProcess.start(command, Map.of("PATH", "/usr/bin", "HOME", "/", "LANG", "C.UTF-8", Journal.TOKEN, stack.token()));
    }

    @Override
    public Map<Phase, Long> startNs() {
        return startNs;
    }

    @Override
    public Call call(String source, String event) {
        return call(source, event, Imports.NONE);
    }

    @Override
    public Call call(String source, String event, Imports imports) {
        byte[] seed = stack.seed(Request.SEED_BYTES);
        ByteBuffer request = imports.isEmpty() ? RunnerLink.request(source, event, seed)
                : RunnerLink.request(source, event, seed, imports.store().toAbsolutePath().toString(), imports.modules());
        Call call = link.call(request, stack.config().timeLimit().toNanos(), stack.clockNs(), () -> "the process ended");
        if (!call.reusable()) {
            close();
            return call;
        }
        // Between two calls it only waits: what it did there belongs to the next.
        return call.withCounts(counts(counted.next()));
    }

    /** What was counted for a process, by the names under which it is reported. */
    static Map<String, Long> counts(ProcessCounters counted) {
        return Map.of("voluntary_context_switches", counted.voluntarySwitches(), "involuntary_context_switches",
                counted.involuntarySwitches(), "read_calls", counted.readCalls(), "write_calls", counted.writeCalls());
    }

    @Override
    public long cpuNs() {
        if (!closed.get()) {
            try {
                cpuNs = Linux.processCpuNs(process.pid());
            } catch (SystemCallException ended) {
                return cpuNs;
            }
        }
        return cpuNs;
    }

    /** A process cannot be cleaned: what a function left in it, the next one finds. */
    @Override
    public Cleanup recycle() {
        return new Cleanup(-1, 0);
    }

    @Override
    public Footprint footprint() {
        return Smaps.ofProcess(process.pid());
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        process.close();
        if (counted != null) {
            counted.close();
        }
        stack.gone(this);
    }
}
