package sandglass.experiment.cli;

import java.util.List;
import java.util.Set;
import sandglass.experiment.read.ExperimentFile;
import sandglass.experiment.sweep.Progress;
import sandglass.scenario.Length;
import sandglass.scenario.Scenario;

/** Progress over all runs of a validation, which are known from the start, so that the time left can be told. */
final class Announced implements Progress {

    private final Progress progress;

    /** @param times how often each replication is run, by whomever */
    Announced(Progress progress, List<ExperimentFile.Experiment> members, Set<String> stacks, int times) {
        this.progress = progress;
        members.forEach(member -> Validation.wanted(member, stacks).forEach(scenario -> progress.expect((long) times * replications(scenario))));
    }

    private static int replications(Scenario scenario) {
        return scenario.length().repeat() instanceof Length.Repeat.UntilHalfWidth until ? until.least()
                : ((Length.Repeat.Replications) scenario.length().repeat()).count();
    }

    @Override public void expect(long runs) {
        // announced already
    }

    @Override public void ended(String scenarioId) {
        progress.ended(scenarioId);
    }
}
