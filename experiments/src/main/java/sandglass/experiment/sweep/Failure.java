package sandglass.experiment.sweep;

/** A run that did not end in a result. */
public record Failure(String scenarioId, int replication, long seed, Exception cause) {

    /** {@code scenario ID, replication N, seed S: what happened}. */
    public String describe() {
        return "scenario " + scenarioId + ", replication " + replication + ", seed " + seed + ": "
                + (cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }
}
