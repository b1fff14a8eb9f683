package sandglass.experiment.cli;

import sandglass.experiment.sweep.Progress;

/**
 * Progress over all real runs of a validation, which are known from the start, so that the time left can be told. Those of the simulator
 * take next to no time and are left out.
 */
final class Announced implements Progress {

    private final Progress progress;

    Announced(Progress progress) {
        this.progress = progress;
    }

    /** So many runs are to come; fewer than was said, if negative. */
    void announce(long runs) {
        progress.expect(runs);
    }

    @Override public void expect(long runs) {
        // announced already
    }

    @Override public void ended(String scenarioId) {
        progress.ended(scenarioId);
    }
}
