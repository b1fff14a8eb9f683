package sandglass.workload.trace;

/** A trace in memory, immutable: either counts per minute, or single events. */
public sealed interface RecordedTrace {

    /** Functions, length and quirks. */
    TraceFacts facts();

    /** How many invocations the trace holds. */
    long invocations();

    /** A trace that only counts: where in its minute an invocation came is unknown. */
    record Minutes(TraceFacts facts, MinuteCounts counts) implements RecordedTrace {
        @Override
        public long invocations() {
            return counts.total();
        }
    }

    /** A trace that records each invocation. */
    record Events(TraceFacts facts, EventLog events) implements RecordedTrace {
        @Override
        public long invocations() {
            return events.size();
        }
    }
}
