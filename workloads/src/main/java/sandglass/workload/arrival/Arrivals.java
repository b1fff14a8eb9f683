package sandglass.workload.arrival;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import sandglass.scenario.ArrivalProcess;
import sandglass.scenario.ArrivalSource;
import sandglass.scenario.Function;
import sandglass.scenario.Load;
import sandglass.scenario.Scenario;
import sandglass.scenario.Streams;
import sandglass.workload.trace.RecordedTrace;
import sandglass.workload.trace.TraceException;
import sandglass.workload.trace.TraceFormat;

/**
 * Makes the arrival process of an open load, a burst or a trace. A trace is read once and kept, since every stack,
 * policy and replication of an experiment replays the same one. Safe for use by several threads; each process
 * belongs to one.
 */
public final class Arrivals implements ArrivalSource {

    private record TraceKey(String format, String path, int day) {}

    private record PlanKey(Load.Trace load, Optional<Function> template) {}

    private final Map<TraceKey, RecordedTrace> traces = new ConcurrentHashMap<>();
    private final Map<PlanKey, ReplayPlan> plans = new ConcurrentHashMap<>();

    /**
     * {@inheritDoc}
     *
     * @throws TraceException if the load is a trace that cannot be read
     */
    @Override
    public ArrivalProcess open(Scenario scenario, Streams streams) {
        if (scenario.load() instanceof Load.Open open) {
            return new OpenArrivals(open, scenario.functions(), streams);
        }
        if (scenario.load() instanceof Load.Burst burst) {
            return new BurstArrivals(burst, scenario.functions());
        }
        if (scenario.load() instanceof Load.Trace trace) {
            return replay(plan(trace, template(scenario)), streams);
        }
        throw new IllegalArgumentException("scenario " + scenario.id() + ": a load of kind "
                + scenario.load().getClass().getSimpleName() + " follows completions and has no arrival process");
    }

    /**
     * What of its trace a scenario replays.
     *
     * @throws IllegalArgumentException if its load is no trace
     * @throws TraceException if the trace cannot be read
     */
    public TraceCoverage coverage(Scenario scenario) {
        if (scenario.load() instanceof Load.Trace trace) {
            return plan(trace, template(scenario)).coverage();
        }
        throw new IllegalArgumentException("scenario " + scenario.id() + " replays no trace");
    }

    private static Optional<Function> template(Scenario scenario) {
        return scenario.functions().stream().findFirst();
    }

    private ReplayPlan plan(Load.Trace load, Optional<Function> template) {
        return plans.computeIfAbsent(new PlanKey(load, template), key -> new ReplayPlan(load, trace(load), template));
    }

    private RecordedTrace trace(Load.Trace load) {
        return traces.computeIfAbsent(new TraceKey(load.format(), load.path(), load.day()),
                key -> format(key).read(Path.of(key.path()), key.day()));
    }

    private static TraceFormat format(TraceKey key) {
        return Arrays.stream(TraceFormat.values()).filter(known -> known.id().equals(key.format())).findFirst()
                .orElseThrow(() -> TraceException.of(key.path(), "trace.format '" + key.format() + "'", "one of "
                        + Arrays.stream(TraceFormat.values()).map(TraceFormat::id).collect(Collectors.joining(", "))));
    }

    private static ArrivalProcess replay(ReplayPlan plan, Streams streams) {
        if (plan.trace() instanceof RecordedTrace.Minutes minutes) {
            return new MinuteReplay(plan, minutes.counts(), streams);
        }
        if (plan.trace() instanceof RecordedTrace.Events events) {
            return new EventReplay(plan, events.events());
        }
        throw new IllegalStateException("a kind of trace without a replay: " + plan.trace().getClass());
    }
}
