package sandglass.result;

import java.util.List;
import java.util.stream.Collectors;
import sandglass.scenario.Length.Repeat.UntilHalfWidth;

/** Decides after each replication whether more are needed. */
public final class Stopping {

    /** What to do next. */
    public enum Decision {
        /** Run another replication. */
        CONTINUE,
        /** The interval is narrow enough. */
        PRECISE,
        /** The most replications allowed were run and the interval is still wider than asked. */
        EXHAUSTED
    }

    private Stopping() {}

    /**
     * Whether the interval of the mean over these replications of one scenario is narrow enough. The estimated relative half-width is held
     * against {@code w / (1 + w)}, so that the true relative error stays below the {@code w} asked for (Law, Simulation Modeling and Analysis,
     * section 9.4.1).
     *
     * @throws IllegalArgumentException if a run lacks the metric; the message lists what there is
     */
    public static Decision decide(UntilHalfWidth rule, List<RunResult> runs) {
        for (RunResult run : runs) {
            if (run.measurement(rule.metric()).isEmpty()) {
                throw new IllegalArgumentException("scenario " + run.scenarioId() + " has no metric '" + rule.metric()
                        + "' to stop by; it has " + run.measurements().stream().map(m -> m.metric().id()).collect(Collectors.joining(", ")));
            }
        }
        if (runs.size() < rule.least()) {
            return Decision.CONTINUE;
        }
        Pooled pooled = Pooled.of(runs.stream().map(run -> run.measurement(rule.metric()).orElseThrow().samples()).toList());
        double asked = rule.relativeHalfWidth() / (1 + rule.relativeHalfWidth());
        Interval interval = pooled.meanInterval(rule.confidence());
        if (interval.known() && interval.halfWidth() <= asked * Math.abs(pooled.mean())) {
            return Decision.PRECISE;
        }
        return runs.size() >= rule.most() ? Decision.EXHAUSTED : Decision.CONTINUE;
    }
}
