package sandglass.platform;

import java.util.ArrayList;
import java.util.List;
import sandglass.result.Clock;
import sandglass.result.Measurement;
import sandglass.result.Metric;
import sandglass.result.Samples;
import sandglass.result.Series;

/** Measurements and series in the making. */
final class Report {

    private final Clock clock;
    private final List<Measurement> measurements = new ArrayList<>();
    private final List<Series> series = new ArrayList<>();

    /** @param clock that times are taken with */
    Report(Clock clock) {
        this.clock = clock;
    }

    /** A single number that no clock was needed for. */
    void count(Metric metric, double value) {
        measurements.add(new Measurement(metric, Clock.NONE, Samples.Raw.of(value)));
    }

    /** A mean that no clock was needed for, with the means of its batches. */
    void count(Metric metric, double mean, double[] batchMeans) {
        measurements.add(new Measurement(metric, Clock.NONE, Samples.Raw.mean(mean, batchMeans)));
    }

    /** A mean that depends on the clock, with the means of its batches. */
    void timed(Metric metric, double mean, double[] batchMeans) {
        measurements.add(new Measurement(metric, clock, Samples.Raw.mean(mean, batchMeans)));
    }

    /** Samples that no clock was needed for. */
    void counts(Metric metric, double[] values) {
        measurements.add(new Measurement(metric, Clock.NONE, new Samples.Raw(values)));
    }

    /** Times, if there are any. */
    void times(Metric metric, SampleCollector times) {
        if (!times.isEmpty()) {
            measurements.add(new Measurement(metric, clock, times.samples()));
        }
    }

    void series(Series one) {
        series.add(one);
    }

    List<Measurement> measurements() {
        return measurements;
    }

    List<Series> series() {
        return series;
    }
}
