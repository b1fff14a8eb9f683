package sandglass.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sandglass.calibration.Calibration;
import sandglass.platform.Invocation;
import sandglass.platform.Sandbox;
import sandglass.platform.SandboxListener;
import sandglass.platform.SandboxRuntime;
import sandglass.platform.Timeline;
import sandglass.result.Clock;
import sandglass.result.Ledger;
import sandglass.result.Measurement;
import sandglass.result.Metric;
import sandglass.result.Metrics;
import sandglass.result.ParameterUse;
import sandglass.result.Samples;
import sandglass.scenario.Function;
import sandglass.scenario.Scenario;
import sandglass.scenario.Streams;

/** Carries sandboxes out on paper: each verb takes the time that the stack's steps and the function's ops cost on a contended host. */
public final class ModelRuntime implements SandboxRuntime {

    private final CostBook costs;
    private final Books books = new Books();
    private final Machine machine;

    /**
     * Resolves every cost that the scenario needs.
     *
     * @param functions what {@link Invocation#function} counts; the scenario's own, or a trace's
     * @throws sandglass.calibration.MissingCostException naming everything that the calibration lacks, one line each
     */
    public ModelRuntime(Scenario scenario, List<Function> functions, Calibration calibration, Timeline timeline, Streams streams,
            SandboxListener listener, ModelObserver observer) {
        costs = new CostBook(calibration);
        Plans plans = new Plans(scenario, functions, new PlanCompiler(scenario, costs, streams, books));
        costs.check();
        machine = new Machine(timeline, listener, observer, plans, books, new HostCpu(scenario.host()));
        if (scenario.length().warmupNs() > 0) {
            timeline.timer(this::forgetWarmup).at(scenario.length().warmupNs());
        }
    }

    @Override public void start(Sandbox sandbox) {
        Walk walk = machine.take();
        sandbox.attach(walk);
        walk.start(sandbox);
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

    /** The mode switches so far, since the end of the warm-up. */
    public Ledger ledger() {
        return books.ledger();
    }

    /** Time charged through each calibration parameter so far, since the end of the warm-up. */
    public List<ParameterUse> parameterUse() {
        return costs.uses();
    }

    /** Everything that the model knows at this time. */
    public ModelReport report() {
        List<Measurement> measurements = new ArrayList<>();
        measurements.add(value(Metrics.CPU_SWITCHES, books.ledger().totalNs()));
        if (books.completedCount() > 0) {
            measurements.add(value(Metrics.CPU_PER_INVOCATION, books.coreNs() / books.completedCount()));
        }
        return new ModelReport(measurements, List.of(), books.ledger().entries(), costs.uses(), List.of(), Map.of());
    }

    private void forgetWarmup() {
        books.forget();
        costs.forget();
    }

    private static Walk walk(Sandbox sandbox) {
        return (Walk) sandbox.attachment();
    }

    private static Measurement value(Metric metric, double value) {
        return new Measurement(metric, Clock.VIRTUAL, Samples.Raw.of(value));
    }
}
