package sandglass.kvm.atom;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import sandglass.kvm.measure.KernelCounters;
import sandglass.kvm.measure.Clocks;
import sandglass.kvm.stack.Call;
import sandglass.kvm.stack.DescribedWork;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.stack.LiveStacks;
import sandglass.run.UnsupportedHereException;
import sandglass.scenario.Phase;

/** One sandbox at a time of a real stack, used through the threads of a real run, with KVM's own counters summed up beside. */
final class LiveBench implements AutoCloseable {

    /** The function of scenarios that describe their work. */
    static final String WORK = DescribedWork.source();
    static final String NOTHING = DescribedWork.nothing();

    /** Before each call that counts: calls come at times of their own, not in a loop. */
    static final long PAUSE_NS = 15_000_000;

    /** After so long an idle host has forgotten what it will forget. */
    static final long COLD_PAUSE_NS = 50_000_000;

    /** Stacks that can only be cleaned by making another sandbox. */
    private static final Set<String> REPLACED = Set.of("container", "zygote", "criu", "vm", "vm-snapshot");

    /** Each exit makes KVM carry out at most the instruction that caused it. */
    private static final double EMULATED_AN_EXIT = 1;

    private final Bench bench;
    private final LiveStack stack;
    private final Workers workers;
    private LiveSandbox sandbox;
    private KernelCounters kernel = KernelCounters.NONE;
    private long exits;
    private long pauseNs;

    /**
     * A call.
     *
     * @param cpuNs  core time of the calling thread and of the sandbox's own processes, with reading their clocks
     * @param exits  to the monitor, 0 without a guest
     * @param faults as KVM counted them
     */
    record Served(Call call, long ns, long cpuNs, long handOverNs, long exits, long faults) {
    }

    /** @param dirtyPages -1 if the stack cannot tell */
    record Cleaned(long ns, long dirtyPages) {
    }

    LiveBench(Bench bench, LiveConfig config, String name) throws UnsupportedHereException {
        this(bench, config, name, Optional.empty());
    }

    /** @param server that functions use */
    LiveBench(Bench bench, LiveConfig config, String name, Optional<DocumentServer> server) throws UnsupportedHereException {
        this.bench = bench;
        this.stack = LiveStacks.open(name, config, bench.clockNs());
        server.ifPresent(stack::reach);
        this.workers = new Workers(bench.clockNs());
        renew();
    }

    /** The event of work that consists of one op without transfers. */
    static String op(String name, long amount) {
        return DescribedWork.event("", List.of(DescribedWork.op(name, amount)));
    }

    LiveSandbox sandbox() {
        return sandbox;
    }

    LiveStack stack() {
        return stack;
    }

    Workers workers() {
        return workers;
    }

    /** Destroys the sandbox, if there is one, and makes another. */
    void renew() {
        destroyIfAny();
        workers.performAfter(pauseNs, () -> sandbox = stack.create());
    }

    void destroyIfAny() {
        if (sandbox != null) {
            destroy();
        }
    }

    /** How long the phases of the sandbox's making took. */
    long startNs(Phase phase) {
        return sandbox.startNs().getOrDefault(phase, 0L);
    }

    /** Destroys the sandbox; gives how long that took. */
    long destroy() {
        LiveSandbox gone = sandbox;
        sandbox = null;
        return workers.perform(gone::close).ns();
    }

    /** Calls a function, which must succeed. Its time is the call's own, as in a real run: counters are read after its end. */
    Served call(String source, String event) {
        return callAfter(pauseNs, source, event);
    }

    /** The same after another pause than {@link #PAUSE_NS}. */
    Served callAfter(long pauseBeforeNs, String source, String event) {
        Call[] result = new Call[1];
        LiveSandbox live = sandbox;
        long[] cpuNs = new long[1];
        Workers.Took took = workers.performAfter(pauseBeforeNs, () -> {
            long beforeNs = Clocks.threadCpuNs() + Math.max(0, live.cpuNs());
            result[0] = live.call(source, event);
            cpuNs[0] = Clocks.threadCpuNs() + Math.max(0, live.cpuNs()) - beforeNs;
        });
        Call call = result[0];
        if (!(call.ending() instanceof Call.Ending.Returned)) {
            throw new MeasuringFailedException("a measuring function failed: " + call.error());
        }
        long own = call.exits().values().stream().mapToLong(Integer::longValue).sum();
        exits += own;
        kernel = kernel.plus(call.kernel());
        return new Served(call, call.runNs(), cpuNs[0], took.handOverNs(), own, call.kernel().faults());
    }

    /** As scenarios do where one keeps it; recycling a container would be making another. */
    Cleaned recycle() {
        if (REPLACED.contains(stack.name())) {
            return new Cleaned(0, -1);
        }
        LiveSandbox.Cleanup[] result = new LiveSandbox.Cleanup[1];
        LiveSandbox live = sandbox;
        Workers.Took took = workers.perform(() -> result[0] = live.recycle());
        return new Cleaned(took.ns(), result[0].dirtyPages());
    }

    /** Lets the program's own code be compiled before anything counts, as a real run does. */
    void settle(String server, int calls) {
        pauseNs = 0;
        String transfer = server.isEmpty() ? NOTHING : DescribedWork.event(server, List.of(DescribedWork.op("get", 100_000)));
        int each = Math.max(1, bench.rounds(calls) / 4);
        for (int i = 0; i < 4; i++) {
            renew();
            for (int c = 0; c < each; c++) {
                call(WORK, c % 4 == 0 ? transfer : NOTHING);
                recycle();
            }
        }
        kernel = KernelCounters.NONE;
        exits = 0;
        pauseNs = PAUSE_NS;
    }

    /** From now on each making and each call comes so long after what was before, ns. */
    void comeAfter(long idleNs) {
        pauseNs = idleNs;
    }

    /** Adds the checks by KVM's own counters over all calls so far; none without a guest. */
    Sample guarded(Sample sample) {
        return exits == 0 ? sample : sample.atMost("emulated instructions an exit", (double) kernel.emulated() / exits, EMULATED_AN_EXIT);
    }

    @Override
    public void close() {
        workers.close();
        if (sandbox != null) {
            sandbox.close();
        }
        stack.close();
    }
}
