package sandglass.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import sandglass.calibration.Calibration;
import sandglass.calibration.Parameter;
import sandglass.calibration.Provenance;
import sandglass.result.Metric;
import sandglass.result.Metrics;
import sandglass.result.RunResult;
import sandglass.scenario.ArrivalSource;
import sandglass.scenario.Boundary;
import sandglass.scenario.DiskImage;
import sandglass.scenario.Function;
import sandglass.scenario.Host;
import sandglass.scenario.Length;
import sandglass.scenario.Load;
import sandglass.scenario.MemoryImage;
import sandglass.scenario.Op;
import sandglass.scenario.Phase;
import sandglass.scenario.Policies;
import sandglass.scenario.Scenario;
import sandglass.scenario.Server;
import sandglass.scenario.Stack;
import sandglass.scenario.Step;
import sandglass.scenario.Work;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

/**
 * How fast the whole simulator is, ledger, statistics and identities included, on two workloads that other simulators
 * were timed with.
 */
public final class SpeedBenchmark {

    /** A workload of which each sandbox is kept for ten minutes after its last use. */
    public enum Workload {
        /**
         * One function, Poisson arrivals of 0.9/s, exponential service of mean 1.991 s when warm and 2.244 s when cold,
         * for 10^6 s: the example of SimFaaS (Mahmoudi and Khazaei, 2021), about 0.9 million invocations.
         */
        W1(1, 0, 0.9, 1_000_000, new Distribution.Exponential(1.991e9),
            Optional.of(new Distribution.Exponential(2.244e9))),
        /**
         * A thousand functions by Zipf's law, 100/s in all, log-normal service, cold starts of 0.5 s: 1 million
         * invocations.
         */
        W2(1000, 1, 100, 10_000, new Distribution.LogNormal(Math.log(0.3e9), 1), Optional.empty()),
        /** The same ten times as long: 10 million invocations. */
        W2_LONG(1000, 1, 100, 100_000, new Distribution.LogNormal(Math.log(0.3e9), 1), Optional.empty());

        private final int functions;
        private final double zipf;
        private final double perSecond;
        private final long seconds;
        private final Distribution serviceNs;
        private final Optional<Distribution> coldServiceNs;

        Workload(int functions, double zipf, double perSecond, long seconds, Distribution serviceNs,
                Optional<Distribution> coldServiceNs) {
            this.functions = functions;
            this.zipf = zipf;
            this.perSecond = perSecond;
            this.seconds = seconds;
            this.serviceNs = serviceNs;
            this.coldServiceNs = coldServiceNs;
        }
    }

    /**
     * What one run took and gave.
     *
     * @param cpuSeconds CPU time of the thread that simulated
     * @param peakResidentBytes most memory that the process has had resident so far; -1 where the system does not say
     */
    public record Figures(Workload workload, long seed, long invocations, long events, double cpuSeconds,
        long peakResidentBytes,
            double coldShare, double sandboxes, double running, double idle, double lifespanSeconds) {

        public double millionInvocationsPerCpuSecond() {
            return invocations / cpuSeconds / 1e6;
        }

        /** One line for people. */
        public String text() {
            return String.format(Locale.ROOT,
                "%-7s seed %d: %,d invocations, %,d events in %.2f CPU s: %.2f M invocations/CPU s, "
                    + "%.2f M events/CPU s; peak resident %d MB; "
                    + "cold share %.6f, sandboxes %.4f (running %.4f, idle %.4f), lifespan %.1f s",
                workload, seed, invocations, events, cpuSeconds, millionInvocationsPerCpuSecond(),
                events / cpuSeconds / 1e6,
                peakResidentBytes >> 20, coldShare, sandboxes, running, idle, lifespanSeconds);
        }
    }

    private static final String COLD_START = "cold-start";
    private static final int UNCOUNTED_ROUNDS = 5;
    private static final long TTL_NS = 600_000_000_000L;

    private final SimExecutor executor;

    /** @param arrivals makes the arrivals of an open load */
    public SpeedBenchmark(ArrivalSource arrivals) {
        Parameter coldStart = new Parameter(COLD_START, Unit.NANOSECONDS, new Distribution.Constant(0.5e9),
            new Provenance.Assumed("given by the workload"));
        executor = new SimExecutor(new Calibration("benchmark", "", Map.of(COLD_START, coldStart)), arrivals);
    }

    /** Runs a workload once. */
    public Figures run(Workload workload, long seed) {
        Scenario scenario = scenario(workload, seed);
        long beforeNs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Simulation simulation = executor.simulate(scenario, 0);
        RunResult result = simulation.result();
        double cpuSeconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - beforeNs) / 1e9;
        return new Figures(workload, seed, (long) mean(result, Metrics.INVOCATIONS), simulation.events(), cpuSeconds,
            peakResidentBytes(), mean(result, Metrics.COLD_SHARE), mean(result, Metrics.SANDBOXES_MEAN),
            mean(result, Metrics.SANDBOXES_RUNNING), mean(result, Metrics.SANDBOXES_IDLE), mean(result,
            Metrics.LIFESPAN) / 1e9);
    }

    private static double mean(RunResult result, Metric metric) {
        return result.measurement(metric.id()).map(m -> m.samples().mean()).orElse(Double.NaN);
    }

    /** The scenario behind a workload. */
    static Scenario scenario(Workload workload, long seed) {
        boolean replaces = workload.coldServiceNs.isPresent();
        List<Function> functions = IntStream.range(0, workload.functions).mapToObj(i -> function(workload, i)).toList();
        Map<Phase, List<Step>> lifecycle = replaces ? Map.of() : Map.of(Phase.CREATE,
            List.of(new Step("create", 1, Step.Per.ONCE, COLD_START, Server.DELAY, 0, Map.of(), "given by the workload")));
        Stack stack = new Stack("benchmark", "benchmark", Boundary.PROCESS, lifecycle, Map.of(),
            new MemoryImage(List.of(), ""),
            new DiskImage(List.of()), Map.of(), "", Stack.GuestScheduler.HOST_ONLY, Stack.Interchangeable.PER_FUNCTION,
            Stack.Recycle.KEEP);
        Policies policies = new Policies(new Policies.KeepAlive.Ttl(TTL_NS, true), Policies.Reuse.NEWEST, 0,
            replaces ? Policies.ColdService.REPLACES : Policies.ColdService.ADDS, Policies.Scope.FUNCTION,
            Integer.MAX_VALUE,
            Policies.AtLimit.REJECT, Policies.Expiry.EXACT, new Policies.Sharing.None(),
            new Policies.Notification.Interrupt());
        Length length = new Length(new Length.End.Duration(workload.seconds * 1_000_000_000L), 0,
            new Length.Repeat.Replications(1));
        Load load = new Load.Open(new Distribution.Exponential(1e9 / workload.perSecond), workload.zipf);
        return new Scenario("benchmark." + workload, "", "benchmark", Scenario.Role.VALIDATE, Map.of(), stack,
            Scenario.Start.CREATE,
            functions, load, new Host(Host.UNLIMITED, Long.MAX_VALUE), policies, length, Map.of(), seed, "{}");
    }

    private static Function function(Workload workload, int number) {
        String name = "f" + number;
        return new Function(name, name, "any", new Work(List.of(new Op.Wait(workload.serviceNs))),
            workload.coldServiceNs, 0, 0, 0);
    }

    /** The high-water mark of resident memory (Linux, proc_pid_status(5), VmHWM). */
    private static long peakResidentBytes() {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return -1;
        }
        try {
            return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024).findFirst().orElse(-1);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + status, e);
        }
    }

    /**
     * Runs every workload and returns the figures in order, after runs that are not counted: the short workload needs a few until the
     * just-in-time compiler is done with it.
     */
    public List<Figures> runAll(long seed) {
        run(Workload.W2, seed + 1);
        for (int round = 1; round <= UNCOUNTED_ROUNDS; round++) {
            run(Workload.W1, seed + round);
        }
        List<Figures> all = new ArrayList<>();
        for (Workload workload : Workload.values()) {
            all.add(run(workload, seed));
        }
        return all;
    }
}
