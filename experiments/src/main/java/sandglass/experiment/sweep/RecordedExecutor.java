package sandglass.experiment.sweep;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import sandglass.result.RunResult;
import sandglass.run.Executor;
import sandglass.run.UnsupportedHereException;
import sandglass.scenario.Scenario;

/** Plays back results that were recorded earlier, possibly on another host. The results stay as they are, host fingerprint and executor included. */
public final class RecordedExecutor implements Executor {

    private record Run(String digest, int replication) {}

    private final Map<Run, RunResult> runs = new HashMap<>();
    private final String scenarios;

    /** @param recorded the first result of a scenario and replication counts */
    public RecordedExecutor(List<RunResult> recorded) {
        recorded.forEach(result -> runs.putIfAbsent(new Run(result.digest(), result.replication()), result));
        scenarios = recorded.stream().map(RunResult::scenarioId).distinct().sorted().collect(Collectors.joining(", "));
    }

    @Override public String name() {
        return "recorded";
    }

    @Override public RunResult run(Scenario scenario, int replication) throws UnsupportedHereException {
        RunResult result = runs.get(new Run(scenario.digest(), replication));
        if (result == null) {
            throw new UnsupportedHereException("there is no recording of scenario " + scenario.id() + ", replication " + replication
                    + "; recorded are: " + (scenarios.isEmpty() ? "none" : scenarios),
                    "record it with --executor probe on a host that can run it, or leave the scenario out with --set");
        }
        return result;
    }
}
