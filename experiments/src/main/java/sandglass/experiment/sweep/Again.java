package sandglass.experiment.sweep;

import java.util.List;
import sandglass.result.RunResult;
import sandglass.run.Executor;
import sandglass.run.UnsupportedHereException;
import sandglass.scenario.Scenario;

/** The second time that somebody runs a scenario: by how much it differs from the first is the noise of the machine. */
public final class Again implements Executor {

    /** What results of the second time say of their executor. */
    public static final String NAME = "again";

    private final Executor executor;

    public Again(Executor executor) {
        this.executor = executor;
    }

    @Override public String name() {
        return NAME;
    }

    @Override public RunResult run(Scenario scenario, int replication) throws UnsupportedHereException {
        return named(NAME, executor.run(scenario, replication));
    }

    /** Those results that are, or are not, of the second time. */
    public static List<RunResult> select(List<RunResult> results, boolean again) {
        return results.stream().filter(result -> result.executor().equals(NAME) == again).toList();
    }

    private static RunResult named(String executor, RunResult r) {
        return new RunResult(r.scenarioId(), r.digest(), r.experiment(), r.stack(), r.role(), r.axes(), r.spec(), r.tolerances(), r.seed(),
                r.replication(), executor, r.provenance(), r.measurements(), r.series(), r.ledger(), r.guards(), r.unsupported(),
                r.parameters(), r.facts(), r.warnings());
    }
}
