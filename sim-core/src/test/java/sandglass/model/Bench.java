package sandglass.model;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import sandglass.calibration.Calibration;
import sandglass.calibration.Parameter;
import sandglass.calibration.Provenance;
import sandglass.des.SsjTimeline;
import sandglass.platform.Invocation;
import sandglass.platform.Sandbox;
import sandglass.platform.SandboxListener;
import sandglass.platform.Sandboxes;
import sandglass.run.SsjStreams;
import sandglass.scenario.Boundary;
import sandglass.scenario.DiskImage;
import sandglass.scenario.Function;
import sandglass.scenario.Host;
import sandglass.scenario.IoPath;
import sandglass.scenario.Length;
import sandglass.scenario.Load;
import sandglass.scenario.MemoryImage;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Op;
import sandglass.scenario.Phase;
import sandglass.scenario.Policies;
import sandglass.scenario.Region;
import sandglass.scenario.Scenario;
import sandglass.scenario.Server;
import sandglass.scenario.Stack;
import sandglass.scenario.Step;
import sandglass.scenario.Work;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

/** A small world around a {@link ModelRuntime}: says what stack, work and host there are, plays the platform, and writes down what is reported. */
final class Bench implements SandboxListener, ModelObserver {

    /** One report: what, about which sandbox, when, and how long. */
    record Seen(String what, long sandbox, long atNs, long ns) {}

    final SsjTimeline timeline = new SsjTimeline();
    final Map<String, Parameter> parameters = new TreeMap<>();
    final Map<Phase, List<Step>> lifecycle = new EnumMap<>(Phase.class);
    final Map<String, IoPath> paths = new TreeMap<>();
    final Map<ModeSwitch, String> switchCosts = new EnumMap<>(ModeSwitch.class);
    final List<Region> regions = new ArrayList<>();
    final List<DiskImage.Part> disk = new ArrayList<>();
    final List<Op> ops = new ArrayList<>();
    final List<Seen> seen = new ArrayList<>();
    final List<Sandbox> sandboxes = new ArrayList<>();
    String dirtied = "";
    String firstTouched = "";
    String fetchedKept = "";
    String sentKept = "";
    String computeOverhead = "";
    Stack.GuestScheduler guestScheduler = Stack.GuestScheduler.HOST_ONLY;
    Stack.Interchangeable interchangeable = Stack.Interchangeable.PER_FUNCTION;
    Stack.Recycle recycle = Stack.Recycle.RESTORE;
    Host host = new Host(Host.UNLIMITED, Long.MAX_VALUE);
    Policies.ColdService coldService = Policies.ColdService.ADDS;
    Policies.Sharing sharing = new Policies.Sharing.None();
    Policies.Notification notification = new Policies.Notification.Interrupt();
    Optional<Distribution> coldServiceNs = Optional.empty();
    Load load = new Load.Burst(1, 1, 0);
    int perProcess = 1;
    /** Whether sandboxes are made for a pool, and warmed. */
    boolean warmed;
    long memoryBytes;
    long codeBytes;
    int modules;
    long warmupNs;
    ModelRuntime runtime;
    Consumer<Seen> then = any -> { };

    Bench constant(String name, Unit unit, double value) {
        return parameter(name, unit, new Distribution.Constant(value));
    }

    Bench ns(String name, double value) {
        return constant(name, Unit.NANOSECONDS, value);
    }

    Bench parameter(String name, Unit unit, Distribution distribution) {
        parameters.put(name, new Parameter(name, unit, distribution, new Provenance.Assumed("chosen for a test")));
        return this;
    }

    Bench step(Phase phase, Server server, String cost, double times, Step.Per per, Map<ModeSwitch, Integer> switches) {
        return step(phase, server, cost, times, per, 0, switches);
    }

    Bench step(Phase phase, Server server, String cost, double times, Step.Per per, int wakeUps, Map<ModeSwitch, Integer> switches) {
        List<Step> steps = lifecycle.computeIfAbsent(phase, any -> new ArrayList<>());
        steps.add(new Step(phase.name().toLowerCase(Locale.ROOT) + steps.size(), times, per, cost, server, wakeUps, switches, ""));
        return this;
    }

    Bench step(Phase phase, Server server, String cost) {
        return step(phase, server, cost, 1, Step.Per.ONCE, Map.of());
    }

    /** A region that only some invocations meet. */
    Bench met(String name, Region.Sharing sharedAs, int others, Region.MetBy metBy, long bytes) {
        regions.add(new Region(name, "size." + name, Region.Backing.ANONYMOUS, sharedAs, "", 0, false, others, metBy, ""));
        return constant("size." + name, Unit.BYTES, bytes);
    }

    Bench region(String name, Region.Sharing sharedAs, double volatileShare, boolean kernel, long bytes) {
        regions.add(new Region(name, "size." + name, Region.Backing.ANONYMOUS, sharedAs, "", volatileShare, kernel, ""));
        return constant("size." + name, Unit.BYTES, bytes);
    }

    /** A region whose pages all have one content. */
    Bench alike(String name, long bytes) {
        regions.add(new Region(name, "size." + name, Region.Backing.ANONYMOUS, Region.Sharing.COPY_ON_WRITE, "", 0, false, 0, Region.MetBy.ALL, true,
                ""));
        return constant("size." + name, Unit.BYTES, bytes);
    }

    /** One copy in the page cache, of which each sandbox has its own where nothing is shared. */
    Bench file(String name, long bytes) {
        region(name, Region.Sharing.SHARED, 0, false, bytes);
        regions.set(regions.size() - 1, new Region(name, "size." + name, Region.Backing.FILE, Region.Sharing.SHARED, "", 0, false, ""));
        return this;
    }

    Function function() {
        return new Function("f", "app", "python", new Work(ops), coldServiceNs, memoryBytes, codeBytes, modules);
    }

    Stack stack() {
        return new Stack("bench", "bench", Boundary.PROCESS, lifecycle, paths,
                new MemoryImage(regions, dirtied, firstTouched, "", fetchedKept, sentKept), new DiskImage(disk),
                switchCosts, computeOverhead, guestScheduler, interchangeable, recycle, warmed, perProcess);
    }

    Scenario scenario() {
        Policies policies = new Policies(new Policies.KeepAlive.Forever(), Policies.Reuse.NEWEST, 0, coldService, Policies.Scope.FUNCTION,
                Integer.MAX_VALUE, Policies.AtLimit.QUEUE, Policies.Expiry.EXACT, sharing, notification);
        Length length = new Length(new Length.End.LoadExhausted(), warmupNs, new Length.Repeat.Replications(1));
        return new Scenario("s", "sha256:0", "e", Scenario.Role.VALIDATE, Map.of(), stack(),
                warmed ? Scenario.Start.POOL : Scenario.Start.CREATE, List.of(function()), load, host, policies, length, Map.of(), 1, "{}");
    }

    Calibration calibration() {
        return new Calibration("test", "sha256:0", parameters);
    }

    /** Builds the runtime; nothing may be said about the world any more. */
    Bench build() {
        runtime = new ModelRuntime(scenario(), List.of(function()), calibration(), timeline, new SsjStreams(1, 0), this, this);
        return this;
    }

    Sandbox start() {
        Sandbox sandbox = Sandboxes.sandbox(sandboxes.size(), function());
        sandboxes.add(sandbox);
        runtime.start(sandbox);
        return sandbox;
    }

    /** Starts a sandbox and waits until it is ready. */
    Sandbox ready() {
        Sandbox sandbox = start();
        timeline.run();
        return sandbox;
    }

    Invocation invocation(double draw) {
        Invocation invocation = new Invocation();
        invocation.serviceNs = -1;
        invocation.draw = draw;
        return invocation;
    }

    /** Serves one invocation from beginning to end. */
    Bench serve(Sandbox sandbox) {
        runtime.run(sandbox, invocation(0.5));
        timeline.run();
        return this;
    }

    /** When this was last reported, in ns. */
    long when(String what) {
        return last(what).atNs;
    }

    /** How long what was last reported took, in ns. */
    long took(String what) {
        return last(what).ns;
    }

    /** How long each report of this took, in ns, in the order of the reports. */
    List<Long> durations(String what) {
        return seen.stream().filter(s -> s.what.equals(what)).map(Seen::ns).toList();
    }

    long count(String what) {
        return durations(what).size();
    }

    private Seen last(String what) {
        return seen.stream().filter(s -> s.what.equals(what)).reduce((a, b) -> b)
                .orElseThrow(() -> new AssertionError("never reported: " + what + " among " + seen));
    }

    double measured(String metric) {
        return runtime.report().measurements().stream().filter(m -> m.metric().id().equals(metric)).findFirst()
                .orElseThrow(() -> new AssertionError("no measurement of " + metric)).samples().mean();
    }

    private void note(String what, Sandbox sandbox, long ns) {
        Seen one = new Seen(what, sandbox == null ? -1 : sandbox.id(), timeline.nowNs(), ns);
        seen.add(one);
        then.accept(one);
    }

    @Override public void phaseEnded(Sandbox sandbox, Phase phase, long ns) {
        note(phase.name(), sandbox, ns);
    }

    @Override public void started(Sandbox sandbox) {
        note("started", sandbox, 0);
    }

    @Override public void running(Sandbox sandbox, Invocation invocation) {
        note("running", sandbox, 0);
    }

    @Override public void completed(Sandbox sandbox, Invocation invocation) {
        note("completed", sandbox, 0);
    }

    @Override public void recycled(Sandbox sandbox) {
        note("recycled", sandbox, 0);
    }

    @Override public void evicted(Sandbox sandbox) {
        note("evicted", sandbox, 0);
    }

    @Override public void refused(Sandbox sandbox) {
        note("refused", sandbox, 0);
    }

    @Override public void failed(Sandbox sandbox, String reason) {
        note("failed: " + reason, sandbox, 0);
    }

    @Override public void transfer(Op op, long ns) {
        note(op instanceof Op.Get ? "get" : "post", null, ns);
    }
}
