package sandglass.model;

import java.util.List;
import sandglass.calibration.Calibration;
import sandglass.calibration.WellKnown;
import sandglass.platform.Invocation;
import sandglass.platform.Sandbox;
import sandglass.platform.SandboxListener;
import sandglass.platform.SandboxRuntime;
import sandglass.platform.Timeline;
import sandglass.result.Ledger;
import sandglass.result.ParameterUse;
import sandglass.scenario.Function;
import sandglass.scenario.Host;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Policies.Notification.Polling;
import sandglass.scenario.Scenario;
import sandglass.scenario.Stack;
import sandglass.scenario.Streams;
import sandglass.unit.Unit;

/** Carries sandboxes out on paper: each verb takes the time that the stack's steps and the function's ops cost on a contended host. */
public final class ModelRuntime implements SandboxRuntime {

    private final CostBook costs;
    private final Books books = new Books();
    private final SandboxListener listener;
    private final Machine machine;
    private final Reporter reporter;

    /**
     * Resolves every cost that the scenario needs.
     *
     * @param functions what {@link Invocation#function} counts; the scenario's own, or a trace's
     * @throws sandglass.calibration.MissingCostException naming everything that the calibration lacks, one line each
     */
    public ModelRuntime(Scenario scenario, List<Function> functions, Calibration calibration, Timeline timeline, Streams streams,
            SandboxListener listener, ModelObserver observer) {
        this.listener = listener;
        costs = new CostBook(calibration);
        StageMaker make = new StageMaker(scenario, costs, streams, books);
        HostCpu.Quanta quanta = quanta(scenario, make);
        HostCpu cpu = new HostCpu(scenario.host(), timeline, quanta);
        Poller poller = poller(scenario, timeline, cpu, make);
        ImageLayout layout = new ImageLayout(scenario.stack().memory(), costs);
        Place computing = quanta != null ? Place.GUEST : make.place(sandglass.scenario.Server.CPU);
        PlanCompiler compiler = new PlanCompiler(scenario, costs, make, new PathCompiler(costs, make, poller), computing);
        Plans plans = new Plans(scenario, functions, compiler);
        DiskSizes disk = DiskSizes.of(scenario.stack().disk(), costs);
        costs.check();

        HostMemory memory = new HostMemory(timeline, scenario.host().memoryBytes(), layout, sharing(scenario, layout));
        machine = new Machine(scenario, timeline, listener, observer, plans, books, cpu, quanta != null, memory, poller);
        reporter = new Reporter(costs, books, cpu, memory, poller, disk);
    }

    @Override public void start(Sandbox sandbox) {
        Walk walk = machine.take();
        sandbox.attach(walk);
        if (!walk.start(sandbox)) {
            machine.refused(walk);
            listener.refused(sandbox);
        }
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
        return machine.memory().freedBytes(walk(sandbox).footprint());
    }
}
