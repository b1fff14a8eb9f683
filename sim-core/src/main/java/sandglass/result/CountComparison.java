package sandglass.result;

import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;

/**
 * Mode switches of one kind in one phase on both sides, summed over the replications that both have.
 *
 * @param judged whether the counts must be equal: not for asynchronous kinds, nor where a side says that it cannot count them
 * @param equal whether they are, replication by replication
 */
public record CountComparison(Phase phase, ModeSwitch kind, long a, long b, boolean judged, boolean equal) {}
