package sandglass.workload.trace;

import java.util.Objects;
import java.util.Optional;
import sandglass.unit.Distribution;

/**
 * What a trace says about how long a function runs, without cold start.
 *
 * @param averageNs not negative
 * @param percentilesNs linear between the recorded percentiles, where there are any
 */
public record TracedDuration(double averageNs, Optional<Distribution> percentilesNs) {

    public TracedDuration {
        Objects.requireNonNull(percentilesNs);
        if (!(averageNs >= 0)) {
            throw new IllegalArgumentException("an average duration must not be negative, was " + averageNs + " ns");
        }
    }
}
