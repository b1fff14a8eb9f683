package sandglass.workload.trace;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Mean and quantiles of a set of values; a quantile q is the smallest value that at least a share q of all do not
 * exceed.
 *
 * @param n how many values; all others are NaN if it is 0
 */
public record ValueSummary(long n, double mean, double min, double p25, double p50, double p75, double p90, double p99,
        double max) {

    /** Of these values, in any order; the array is not changed. */
    public static ValueSummary of(double[] values) {
        if (values.length == 0) {
            return new ValueSummary(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN,
                    Double.NaN, Double.NaN);
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new ValueSummary(sorted.length, Arrays.stream(sorted).average().getAsDouble(), sorted[0],
                quantile(sorted, 0.25),
                quantile(sorted, 0.5), quantile(sorted, 0.75), quantile(sorted, 0.9), quantile(sorted, 0.99),
                sorted[sorted.length - 1]);
    }

    /** The quantile q of values in rising order, by the definition above. */
    static double quantile(double[] sorted, double q) {
        return sorted[Math.max(0, (int) Math.ceil(q * sorted.length) - 1)];
    }

    /** Names and values, for a JSON object; without values only {@code n}. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("n", n);
        if (n > 0) {
            json.put("mean", mean);
            json.put("min", min);
            json.put("p25", p25);
            json.put("p50", p50);
            json.put("p75", p75);
            json.put("p90", p90);
            json.put("p99", p99);
            json.put("max", max);
        }
        return json;
    }
}
