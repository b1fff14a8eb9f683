package sandglass.platform;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sandglass.des.SsjTimeline;
import sandglass.policy.PolicyRegistry;
import sandglass.result.Clock;
import sandglass.result.Measurement;
import sandglass.result.Metric;
import sandglass.result.Series;
import sandglass.run.SsjStreams;
import sandglass.scenario.ArrivalProcess;
import sandglass.scenario.Boundary;
import sandglass.scenario.DiskImage;
import sandglass.scenario.Function;
import sandglass.scenario.Host;
import sandglass.scenario.Length;
import sandglass.scenario.Load;
import sandglass.scenario.MemoryImage;
import sandglass.scenario.Policies;
import sandglass.scenario.Policies.KeepAlive;
import sandglass.scenario.Scenario;
import sandglass.scenario.Stack;
import sandglass.scenario.Streams;
import sandglass.scenario.Work;

/** A tiny scenario with a scripted runtime: say what it is, run it, and read the log. All times are in ns. */
final class World {

    private static final Load.Burst ARRIVALS_AS_LISTED = new Load.Burst(1, 1, 0);

    private record Arrival(long timeNs, int function, long serviceNs) {}

    final ScriptedRuntime.Times times = new ScriptedRuntime.Times();
    final List<Function> functions = new ArrayList<>();
    final List<String> log = new ArrayList<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    Stack.Interchangeable interchangeable = Stack.Interchangeable.PER_FUNCTION;
    Stack.Recycle recycle = Stack.Recycle.KEEP;
    Scenario.Start start = Scenario.Start.CREATE;
    KeepAlive keepAlive = new KeepAlive.Forever();
    Policies.Reuse reuse = Policies.Reuse.NEWEST;
    int prewarm;
    Policies.Scope scope = Policies.Scope.FUNCTION;
    int limit = Integer.MAX_VALUE;
    Policies.AtLimit atLimit = Policies.AtLimit.QUEUE;
    Policies.Expiry expiry = Policies.Expiry.EXACT;
    Policies.AtHorizon atHorizon = Policies.AtHorizon.FINISH;
    Load load = ARRIVALS_AS_LISTED;
    Length.End end = new Length.End.LoadExhausted();
    long warmupNs;
    long seed = 1;
    /** For loads that do not say how long an invocation takes. */
    long serviceNs = 5;
    /** Whether no log is kept. */
    boolean quiet;
    Recorder recorder;
    Platform platform;

    World function(String name, String app, String runtime, long memoryBytes) {
        functions.add(new Function(name, app, runtime, new Work(List.of()), Optional.empty(), memoryBytes, 0, 0));
        return this;
    }

    /** Functions of one runtime, each an app of its own. */
    World functions(String... names) {
        for (String name : names) {
            function(name, name, "python", 1);
        }
        return this;
    }

    World arrive(long atNs, int function, long takesNs) {
        arrivals.add(new Arrival(atNs, function, takesNs));
        return this;
    }

    World pool(int held) {
        start = Scenario.Start.POOL;
        prewarm = held;
        return this;
    }

    Scenario scenario() {
        Stack stack = new Stack("scripted", "scripted", Boundary.PROCESS, Map.of(), Map.of(), new MemoryImage(List.of(),
            ""),
            new DiskImage(List.of()), Map.of(), "", Stack.GuestScheduler.HOST_ONLY, interchangeable, recycle);
        Policies policies = new Policies(keepAlive, reuse, prewarm, Policies.ColdService.ADDS, scope, limit, atLimit,
            expiry,
            new Policies.Sharing.None(), new Policies.Notification.Interrupt(), atHorizon);
        return new Scenario("world", "sha256:0", "worlds", Scenario.Role.VALIDATE, Map.of(), stack, start, functions,
            load,
            new Host(Host.UNLIMITED, Long.MAX_VALUE), policies, new Length(end, warmupNs,
            new Length.Repeat.Replications(1)), Map.of(),
            seed, "{}");
    }

    World run() {
        return run(load == ARRIVALS_AS_LISTED ? new Listed() : null);
    }

    World run(ArrivalProcess process) {
        if (functions.isEmpty()) {
            functions("f");
        }
        Scenario scenario = scenario();
        SsjTimeline timeline = new SsjTimeline();
        Streams streams = new SsjStreams(seed, 0);
        recorder = new Recorder(Clock.VIRTUAL, functions.size());
        platform = new Platform(scenario, functions, timeline, streams, PolicyRegistry.policiesOf(scenario, streams),
            recorder,
            listener -> new ServiceGiver(new ScriptedRuntime(times, functions, timeline, listener, quiet
            ? new Forgetful() : log)));
        platform.begin(process, timeline::stop);
        if (!platform.isDone()) {
            timeline.run();
        }
        platform.requireDone();
        return this;
    }

    /** The one value, or the first sample, of a metric. */
    double value(Metric metric) {
        return samples(metric)[0];
    }

    double[] samples(Metric metric) {
        Measurement found = recorder.measurements().stream().filter(m -> m.metric().equals(metric)).findFirst()
            .orElseThrow(() -> new AssertionError("no " + metric.id()));
        return ((sandglass.result.Samples.Raw) found.samples()).values();
    }

    boolean has(Metric metric) {
        return recorder.measurements().stream().anyMatch(m -> m.metric().equals(metric));
    }

    Series series(String id) {
        return recorder.series().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
    }

    /** Gives invocations of loads that do not say how long they take the world's service time. */
    private final class ServiceGiver implements SandboxRuntime {

        private final ScriptedRuntime runtime;

        ServiceGiver(ScriptedRuntime runtime) {
            this.runtime = runtime;
        }

        @Override
        public void start(Sandbox sandbox) {
            runtime.start(sandbox);
        }

        @Override
        public boolean admit(Sandbox sandbox, Invocation invocation) {
            return runtime.admit(sandbox, invocation);
        }

        @Override
        public void run(Sandbox sandbox, Invocation invocation) {
            if (invocation.serviceNs < 0) {
                invocation.serviceNs = serviceNs;
            }
            runtime.run(sandbox, invocation);
        }

        @Override
        public void recycle(Sandbox sandbox) {
            runtime.recycle(sandbox);
        }

        @Override
        public void evict(Sandbox sandbox) {
            runtime.evict(sandbox);
        }

        @Override
        public double sizeBytes(Sandbox sandbox) {
            return runtime.sizeBytes(sandbox);
        }

        @Override
        public void measuringBegins() {
            runtime.measuringBegins();
        }

        @Override
        public void measuringEnds() {
            runtime.measuringEnds();
        }
    }

    private static final class Forgetful extends AbstractList<String> {

        @Override
        public boolean add(String line) {
            return true;
        }

        @Override
        public String get(int index) {
            throw new IndexOutOfBoundsException(index);
        }

        @Override
        public int size() {
            return 0;
        }
    }

    private final class Listed implements ArrivalProcess {

        private int at = -1;

        @Override
        public List<Function> functions() {
            return functions;
        }

        @Override
        public boolean advance() {
            return ++at < arrivals.size();
        }

        @Override
        public long timeNs() {
            return arrivals.get(at).timeNs();
        }

        @Override
        public int function() {
            return arrivals.get(at).function();
        }

        @Override
        public long serviceNs() {
            return arrivals.get(at).serviceNs();
        }
    }
}
