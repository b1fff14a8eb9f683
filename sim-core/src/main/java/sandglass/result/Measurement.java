package sandglass.result;

import java.util.Objects;

/** Samples of one metric, with the clock they were taken by. */
public record Measurement(Metric metric, Clock clock, Samples samples) {
    public Measurement {
        Objects.requireNonNull(metric);
        Objects.requireNonNull(clock);
        Objects.requireNonNull(samples);
    }
}
