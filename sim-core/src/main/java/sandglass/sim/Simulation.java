package sandglass.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sandglass.calibration.Calibration;
import sandglass.des.SsjTimeline;
import sandglass.model.ModelReport;
import sandglass.model.ModelRuntime;
import sandglass.platform.Platform;
import sandglass.platform.Recorder;
import sandglass.platform.SandboxListener;
import sandglass.policy.PolicyRegistry;
import sandglass.result.Clock;
import sandglass.result.Measurement;
import sandglass.result.RunProvenance;
import sandglass.result.RunResult;
import sandglass.result.Series;
import sandglass.run.SsjStreams;
import sandglass.scenario.ArrivalProcess;
import sandglass.scenario.ArrivalSource;
import sandglass.scenario.Function;
import sandglass.scenario.Load;
import sandglass.scenario.Op;
import sandglass.scenario.Scenario;
import sandglass.scenario.Streams;

/** One replication of one scenario: its parts put together, run and read out. */
final class Simulation {

    private final Scenario scenario;
    private final int replication;
    private final Calibration calibration;
    private final String version;
    private final SsjTimeline timeline = new SsjTimeline();
    private final ArrivalProcess arrivals;
    private final Recorder recorder;
    private final Platform platform;
    private ModelRuntime model;

    /**
     * @param workload    the replication whose arrivals, work and pauses it has
     * @param replication the one whose draws of costs it has, and by which it is known
     */
    Simulation(Scenario scenario, int workload, int replication, Calibration calibration, ArrivalSource source, String version) {
        this.scenario = scenario;
        this.replication = replication;
        this.calibration = calibration;
        this.version = version;
        Streams streams = new SsjStreams(scenario.seed(), workload);
        Streams costs = new SsjStreams(scenario.seed(), replication);
        arrivals = followsCompletions(scenario.load()) ? null : source.open(scenario, streams);
        List<Function> functions = arrivals == null ? scenario.functions() : arrivals.functions();
        recorder = new Recorder(Clock.VIRTUAL, functions.size());
        platform = new Platform(scenario, functions, timeline, streams, PolicyRegistry.policiesOf(scenario, streams),
            recorder,
            listener -> model = model(functions, costs, listener));
    }

    private static boolean followsCompletions(Load load) {
        return load instanceof Load.Closed || load instanceof Load.Population;
    }

    private ModelRuntime model(List<Function> functions, Streams streams, SandboxListener listener) {
        return new ModelRuntime(scenario, functions, calibration, timeline, streams, listener, this::transfer);
    }

    private void transfer(Op op, long ns) {
        if (op instanceof Op.Get) {
            recorder.got(ns);
        } else {
            recorder.posted(ns);
        }
    }

    /** Runs to the end; the model may have timers that never end, so the platform says when. */
    void run() {
        try {
            platform.begin(arrivals, timeline::stop);
            if (!platform.isDone()) {
                timeline.run();
            }
            platform.requireDone();
        } catch (IllegalStateException e) {
            throw new IllegalStateException("replication " + replication + ": " + e.getMessage(), e);
        }
    }

    /** How many events it took. */
    long events() {
        return timeline.eventCount();
    }

    RunResult result() {
        ModelReport report = model.report();
        List<Measurement> measurements = new ArrayList<>(recorder.measurements());
        measurements.addAll(report.measurements());
        List<Series> series = new ArrayList<>(recorder.series());
        series.addAll(report.series());
        Map<String, String> facts = new HashMap<>(report.facts());
        if (arrivals != null) {
            facts.putAll(arrivals.facts());
        }
        RunProvenance provenance = new RunProvenance(version, Integer.toString(Runtime.version().feature()), Map.of(),
            calibration.digest());
        return new RunResult(scenario.id(), scenario.digest(), scenario.experiment(), scenario.stack().name(),
            scenario.role(),
            scenario.axes(), scenario.spec(), scenario.tolerances(), scenario.seed(), replication, "sim", provenance,
            measurements,
            series, report.ledger(), List.of(), report.unsupported(), report.parameters(), facts, platform.warnings());
    }
}
