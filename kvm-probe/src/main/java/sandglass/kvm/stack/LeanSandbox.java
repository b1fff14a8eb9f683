package sandglass.kvm.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import sandglass.kvm.lean.ControlGroups;
import sandglass.kvm.measure.CountedProcess;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.measure.Smaps;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.usf.Request;
import sandglass.scenario.Phase;

/** One lean container. A process cannot be cleaned, so recycling it means another container in its place. */
final class LeanSandbox implements LiveSandbox {

    private static final long START_LIMIT_NS = 60_000_000_000L;
    /** With the time at which it came there. */
    private static final byte ENCLOSED = 'N';
    private static final int END_LIMIT_MS = 60_000;
    private static final String RUNNER = "runner";

    private final LeanStack stack;
    private final Map<Phase, Long> startNs;
    private Map<String, Step> steps;
    private Instance instance;
    private CountedProcess counted;
    private long cpuNs;

    LeanSandbox(LeanStack stack) {
        this.stack = stack;
        instance = new Instance(stack);
        steps = instance.making.steps();
        long initNs = steps.get(RUNNER).ns();
        startNs = Map.of(Phase.CREATE, instance.making.elapsedNs() - initNs, Phase.INIT, initNs);
        stack.born(this);
        count();
    }

    /** Between two calls a container only waits: what it did there belongs to the next. */
    private void count() {
        counted = new CountedProcess(instance.pid, stack.clockNs());
        cpuNs = instance.groups.counters().cpuNs().orElse(0);
    }

    /** One container and what is its own on the host. */
    private static final class Instance {

        private final ControlGroups groups;
        private final long pid;
        private final Fd process;
        private final RunnerLink link;
        private final SocketChannel connection;
        private final Runnable forget;
        private final StepClock making;
        private final LongSupplier clockNs;

        /** In its groups before it does anything, behind its namespaces before it runs the runner. */
        Instance(LeanStack stack) {
            clockNs = stack.clockNs();
            making = new StepClock(clockNs);
            stack.nursery().watched().ifPresent(making::watch);
            groups = stack.controlGroups();
            Nursery.Begun begun;
            try {
                begun = stack.nursery().begin(groups, making);
            } catch (IOException | UncheckedIOException e) {
                groups.close();
                throw new IllegalStateException("a container did not begin: " + e.getMessage(), e);
            }
            pid = begun.pid();
            connection = begun.connection();
            forget = begun.forget();
            process = Linux.process(pid).orElseThrow(() -> new IllegalStateException("process " + pid + " ended at once: " + stack.said()));
            InputStream answers = Channels.newInputStream(connection);
            link = new RunnerLink(Channels.newOutputStream(connection), answers, stack.killer(), this::end);
            String failure;
            try {
                byte[] said = answers.readNBytes(1 + Long.BYTES);
                boolean enclosed = said.length == 1 + Long.BYTES && said[0] == ENCLOSED;
                failure = enclosed ? "" : "did not come behind its namespaces";
                making.endedBefore(enclosed ? ByteBuffer.wrap(said, 1, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong() : clockNs.getAsLong(),
                        "enclose");
                failure = !failure.isEmpty() || link.awaitReady(START_LIMIT_NS) ? failure : "did not come to wait for a function";
            } catch (IOException e) {
                failure = "is gone, " + e;
            }
            making.ended(RUNNER);
            if (!failure.isEmpty()) {
                String said = stack.said();
                remove();
                throw new IllegalStateException("process " + pid + " " + failure + ": " + said);
            }
        }

        /** The first process of a process namespace takes all others with it. */
        private void end() {
            Linux.kill(process);
        }

        Map<String, Step> remove() {
            StepClock ending = new StepClock(clockNs).watch(groups.counters());
            end();
            Linux.awaitEnd(process, END_LIMIT_MS);
            ending.ended("exit");
            try {
                connection.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot hang up", e);
            }
            groups.close();
            process.close();
            forget.run();
            ending.ended("remove");
            return ending.steps();
        }
    }

    @Override
    public Map<Phase, Long> startNs() {
        return startNs;
    }

    @Override
    public Map<String, Step> steps() {
        return steps;
    }

    @Override
    public Call call(String source, String event) {
        Call call = instance.link.call(RunnerLink.request(source, event, stack.seed(Request.SEED_BYTES)),
                stack.config().timeLimit().toNanos(), stack.clockNs(), () -> "the container ended");
        if (!call.reusable()) {
            return call;
        }
        Map<String, Long> counts = new TreeMap<>(LiveProcess.counts(counted.next()));
        instance.groups.counters().cpuNs().ifPresent(nowNs -> {
            counts.put("cpu_ns", nowNs - cpuNs);
            cpuNs = nowNs;
        });
        return call.withCounts(counts);
    }

    /** Kills it and makes another one. */
    @Override
    public Cleanup recycle() {
        long beginNs = stack.clockNs().getAsLong();
        counted.close();
        instance.remove();
        instance = new Instance(stack);
        count();
        return new Cleanup(-1, stack.clockNs().getAsLong() - beginNs);
    }

    /** Of its first process, which is where functions run; what it still shares with the zygote is in the proportional part only. */
    @Override
    public Footprint footprint() {
        return Smaps.ofProcess(instance.pid);
    }

    @Override
    public void close() {
        if (stack.gone(this)) {
            counted.close();
            steps = instance.remove();
        }
    }
}
