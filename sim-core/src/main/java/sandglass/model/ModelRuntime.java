package sandglass.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import sandglass.calibration.Calibration;
import sandglass.calibration.WellKnown;
import sandglass.platform.Invocation;
import sandglass.platform.Sandbox;
import sandglass.platform.SandboxListener;
import sandglass.platform.SandboxRuntime;
import sandglass.platform.Timeline;
import sandglass.scenario.Function;
import sandglass.scenario.Host;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Policies;
import sandglass.scenario.Scenario;
import sandglass.scenario.Server;
import sandglass.scenario.Stack;
import sandglass.scenario.Step;
import sandglass.scenario.Streams;
import sandglass.scenario.Uniforms;
import sandglass.unit.Unit;

/** Carries sandboxes out on paper: each verb takes the time that the stack's steps and the function's ops cost on a contended host. */
public final class ModelRuntime implements SandboxRuntime {

    private static final Set<Step.Per> COOLS = EnumSet.of(Step.Per.COOLED, Step.Per.DISPLACED, Step.Per.COOLED_ARRIVAL,
            Step.Per.COOLED_COPIED_PAGE);

    private final Scenario scenario;
    private final Books books;
    private final CostBook costs;
    private final StageMaker make;
    private final SandboxListener listener;
    private final Machine machine;
    private final Reporter reporter;
    private ModelReport atEnd;

    /**
     * Resolves every cost that the scenario needs.
     *
     * @param functions what {@link Invocation#function} counts; the scenario's own, or a trace's
     * @throws sandglass.calibration.MissingCostException naming everything that the calibration lacks, one line each
     */
    public ModelRuntime(Scenario scenario, List<Function> functions, Calibration calibration, Timeline timeline, Streams streams,
            SandboxListener listener, ModelObserver observer) {
        this.scenario = scenario;
        this.listener = listener;
        Tenants tenants = new Tenants(functions);
        books = new Books(tenants.count());
        costs = new CostBook(calibration);
        make = new StageMaker(scenario, costs, streams, books);
        HostCpu.Quanta quanta = quanta();
        HostCpu cpu = new HostCpu(scenario.host(), timeline, quanta, slices());
        Poller poller = poller(cpu);
        ImageLayout layout = new ImageLayout(scenario.stack().memory(), costs);
        Sharing sharing = sharing(layout);
        SharedByScanning scanned = sharing instanceof SharedByScanning scanning ? scanning : null;
        KsmScanner scanner = scanner(timeline, cpu, scanned);
        Place computing = quanta == null ? make.place(Server.CPU) : Place.GUEST;
        Plans plans = new Plans(scenario, functions,
                new PlanCompiler(scenario, costs, make, new PathCompiler(costs, make, poller), computing));
        DiskSizes disk = DiskSizes.of(scenario.stack().disk(), costs);
        Machine.Cooling cooling = cooling();
        long graceMemoryNs = graceMemoryNs();
        costs.check();

        int endless = scenario.host().neighbours() + (poller == null ? 0 : 1);
        for (int i = 0; i < endless; i++) {
            cpu.background(1);
        }
        HostMemory memory = new HostMemory(timeline, scenario.host().memoryBytes(), layout, sharing, scanner);
        machine = new Machine(scenario, timeline, listener, observer, plans, books, tenants, cpu, quanta != null, memory, poller, cooling,
                graceMemoryNs, make.exclusiveShare());
        reporter = new Reporter(costs, books, cpu, memory, poller, scanner, scanned, disk, functions.size());
    }

    @Override public void start(Sandbox sandbox) {
        Walk walk = machine.take();
        sandbox.attach(walk);
        if (!walk.start(sandbox)) {
            machine.refused(walk);
            listener.refused(sandbox);
        }
    }

    @Override public boolean admit(Sandbox sandbox, Invocation invocation) {
        return walk(sandbox).admit(invocation);
    }

    @Override public void run(Sandbox sandbox, Invocation invocation) {
        walk(sandbox).run(invocation);
    }

    @Override public void recycle(Sandbox sandbox) {
        walk(sandbox).recycle();
    }

    @Override public void evict(Sandbox sandbox) {
        walk(sandbox).evict();
    }

    @Override public double sizeBytes(Sandbox sandbox) {
        return Math.max(1, machine.memory().freedBytes(walk(sandbox).footprint()));
    }

    @Override public void measuringBegins() {
        reporter.restart();
    }

    @Override public void measuringEnds() {
        atEnd = reporter.report();
        books.end(scenario.policies().atHorizon() == Policies.AtHorizon.CUT);
    }

    /** Everything that the model knows of the measured time: until its end, or until now if it has not ended. */
    public ModelReport report() {
        return atEnd == null ? reporter.report() : atEnd.withLedger(reporter.ledger());
    }

    private static Walk walk(Sandbox sandbox) {
        return (Walk) sandbox.attachment();
    }

    /** The quanta of scheduling twice, or null where only the host schedules or the calibration does not say how. */
    private HostCpu.Quanta quanta() {
        Stack stack = scenario.stack();
        boolean twice = stack.guestScheduler() != Stack.GuestScheduler.HOST_ONLY && scenario.host().cores() != Host.UNLIMITED
                && costs.has(WellKnown.HOST_QUANTUM) && costs.has(WellKnown.GUEST_QUANTUM);
        if (!twice) {
            return null;
        }
        String neededBy = "the guest-scheduler of stack " + stack.name();
        return new HostCpu.Quanta(costs.require(WellKnown.HOST_QUANTUM, neededBy, Unit.NANOSECONDS).whole(),
                costs.require(WellKnown.GUEST_QUANTUM, neededBy, Unit.NANOSECONDS).whole(),
                make.switchCost(ModeSwitch.CONTEXT_SWITCH, neededBy).whole(),
                stack.guestScheduler() == Stack.GuestScheduler.TENANT_AND_HOST
                        ? (int) costs.require(WellKnown.GUEST_CORES, neededBy, Unit.CORES).whole() : 1);
    }

    /**
     * How the host gives out slices, if the calibration knows it and nobody computes for part of the time or without an end at a share of its own:
     * a poller and the samepage scanner take theirs evenly.
     */
    private HostCpu.Slices slices() {
        boolean even = scenario.policies().notification() instanceof Policies.Notification.Polling
                || scenario.policies().sharing() instanceof Policies.Sharing.Ksm;
        if (even || !costs.has(WellKnown.SLICE)) {
            return null;
        }
        long sliceNs = costs.require(WellKnown.SLICE, "the host's cores", Unit.NANOSECONDS).whole();
        return new HostCpu.Slices(sliceNs, !costs.has(WellKnown.WAKE_GRACE) ? sliceNs
                : costs.require(WellKnown.WAKE_GRACE, "the host's cores", Unit.NANOSECONDS).whole(), lateWakes(),
                !costs.has(WellKnown.SLICE_LOSS) ? null : costs.require(WellKnown.SLICE_LOSS, "the host's cores", Unit.RATIO));
    }

    private HostCpu.Late lateWakes() {
        if (!costs.has(WellKnown.LATE_WAKE)) {
            return new HostCpu.Late(() -> 0, () -> 0, 0);
        }
        LongSupplier late = draws(WellKnown.LATE_WAKE);
        return new HostCpu.Late(late, costs.has(WellKnown.DISPLACING_WAKE) ? draws(WellKnown.DISPLACING_WAKE) : late,
                !costs.has(WellKnown.LATE_WAKE_AHEAD) ? 1
                        : costs.require(WellKnown.LATE_WAKE_AHEAD, "the host's cores", Unit.COUNT).whole());
    }

    private LongSupplier draws(String parameter) {
        Cost cost = costs.require(parameter, "the host's cores", Unit.NANOSECONDS);
        Uniforms uniforms = make.stream(parameter, cost);
        return () -> Math.round(cost.value(uniforms));
    }

    /** Needed only where a stack says what cold caches cost. */
    private Machine.Cooling cooling() {
        Stack stack = scenario.stack();
        boolean cools = stack.lifecycle().values().stream().flatMap(List::stream).anyMatch(step -> COOLS.contains(step.per()));
        if (!cools) {
            return new Machine.Cooling(0, 0, 0);
        }
        String neededBy = "a step per cooled of stack " + stack.name();
        double ns = costs.require(WellKnown.COOLING_TIME, neededBy, Unit.NANOSECONDS).mean();
        return new Machine.Cooling(ns, coolingNs(WellKnown.RECYCLE_COOLING_TIME, neededBy, ns),
                coolingNs(WellKnown.PLATFORM_COOLING_TIME, neededBy, ns));
    }

    private double coolingNs(String parameter, String neededBy, double otherwiseNs) {
        return costs.has(parameter) ? costs.require(parameter, neededBy, Unit.NANOSECONDS).mean() : otherwiseNs;
    }

    /** Needed only where a step waits so. */
    private long graceMemoryNs() {
        Stack stack = scenario.stack();
        boolean waits = stack.lifecycle().values().stream().flatMap(List::stream).anyMatch(step -> step.server() == Server.GRACE_PERIOD);
        return waits ? costs.require(WellKnown.GRACE_MEMORY, "a step at the grace-period of stack " + stack.name(), Unit.NANOSECONDS).whole() : 0;
    }

    private Poller poller(HostCpu cpu) {
        if (scenario.policies().notification() instanceof Policies.Notification.Polling polling) {
            Cost look = costs.require(WellKnown.POLLING_LOOK, "policy notification: polling", Unit.NANOSECONDS);
            return new Poller(cpu, polling, look, make.stream("polling.look", look), make.stream("polling.wait"));
        }
        return null;
    }

    private Sharing sharing(ImageLayout layout) {
        Policies.Sharing policy = scenario.policies().sharing();
        if (policy instanceof Policies.Sharing.None) {
            return Unshared.of(layout);
        }
        return policy instanceof Policies.Sharing.ByConstruction ? new SharedByConstruction(layout) : new SharedByScanning(layout);
    }

    private KsmScanner scanner(Timeline timeline, HostCpu cpu, SharedByScanning scanned) {
        if (scenario.policies().sharing() instanceof Policies.Sharing.Ksm ksm) {
            Cost page = costs.require(WellKnown.KSM_SCAN_PAGE, "policy sharing: ksm", Unit.NANOSECONDS_PER_PAGE, Unit.NANOSECONDS);
            Cost merge = !costs.has(WellKnown.KSM_MERGE_PAGE) ? null
                    : costs.require(WellKnown.KSM_MERGE_PAGE, "policy sharing: ksm", Unit.NANOSECONDS_PER_PAGE, Unit.NANOSECONDS);
            Cost wakeUp = !costs.has(WellKnown.KSM_WAKE_UP) ? null
                    : costs.require(WellKnown.KSM_WAKE_UP, "policy sharing: ksm", Unit.NANOSECONDS);
            long oversleepNs = !costs.has(WellKnown.KSM_OVERSLEEP) ? 0
                    : costs.require(WellKnown.KSM_OVERSLEEP, "policy sharing: ksm", Unit.NANOSECONDS).whole();
            return new KsmScanner(timeline, ksm, scanned, cpu,
                    new KsmScanner.Costs(page, make.stream("ksm.scan-page", page), merge, wakeUp, oversleepNs));
        }
        return null;
    }
}
