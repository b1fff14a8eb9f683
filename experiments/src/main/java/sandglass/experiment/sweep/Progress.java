package sandglass.experiment.sweep;

/** Hears how far a sweep has come; called from several threads. */
public interface Progress {

    /** So many runs are known to be needed; may grow while a sweep decides that it needs more, or shrink (negative). */
    void expect(long runs);

    /** A run has ended, or was found done. */
    void ended(String scenarioId);

    /** Tells nobody. */
    static Progress silent() {
        return new Progress() {
            @Override public void expect(long runs) {}

            @Override public void ended(String scenarioId) {}
        };
    }
}
