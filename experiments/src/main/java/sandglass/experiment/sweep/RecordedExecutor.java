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

    /** How many of the recorded scenarios an error names. */
    private static final int NAMED = 5;

    private record Run(String digest, int replication) {}

    private final Map<Run, RunResult> runs = new HashMap<>();
    private final List<String> scenarios;

    /** @param recorded the first result of a scenario and replication counts */
    public RecordedExecutor(List<RunResult> recorded) {
        recorded.forEach(result -> runs.putIfAbsent(new Run(result.digest(), result.replication()), result));
        scenarios = recorded.stream().map(RunResult::scenarioId).distinct().sorted().toList();
    }

    @Override public String name() {
        return "recorded";
    }

    @Override public RunResult run(Scenario scenario, int replication) throws UnsupportedHereException {
        RunResult result = runs.get(new Run(scenario.digest(), replication));
        if (result == null) {
            throw new UnsupportedHereException("there is no recording of scenario " + scenario.id() + ", replication " + replication
                    + "; " + instead(scenario),
                    "record it with --executor probe on a host that can run it, or leave the scenario out with --set");
        }
        return result;
    }

    /** What is recorded instead: other replications, the scenario as it was before something of it changed, or some of all. */
    private String instead(Scenario scenario) {
        if (runs.keySet().stream().anyMatch(run -> run.digest.equals(scenario.digest()))) {
            return "only other replications of it are";
        }
        List<String> earlier = scenarios.stream().filter(other -> withoutDigest(other).equals(withoutDigest(scenario.id()))).toList();
        if (!earlier.isEmpty()) {
            return "something of it has changed since it was recorded as " + String.join(", ", earlier);
        }
        String some = scenarios.stream().limit(NAMED).collect(Collectors.joining(", "));
        return scenarios.isEmpty() ? "nothing is recorded"
                : scenarios.size() + " scenarios are recorded: " + some + (scenarios.size() > NAMED ? " and others" : "");
    }

    /** A scenario's name ends with a part of its digest. */
    private static String withoutDigest(String id) {
        return id.substring(0, Math.max(0, id.lastIndexOf('-')));
    }
}
