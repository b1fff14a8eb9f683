package sandglass.kvm.soak;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Whether something grew over a soak. The line through the samples has the median slope of all pairs (Theil 1950, Sen 1968), which a
 * third of outliers does not move; its rise over the samples is the growth. Samples of the warm-up do not count.
 *
 * @param name    of what was sampled
 * @param unit    of its values
 * @param from    median of the first ten samples that count
 * @param to      median of the last ten
 * @param growth  rise of the line from the first sample that counts to the last
 * @param allowed growth up to which it counts as none
 * @param samples how many counted; with fewer than {@value #FEWEST} nothing is said
 */
public record Trend(String name, String unit, double from, double to, double growth, double allowed, int samples) {

    /** Fewer samples say nothing of a trend. */
    public static final int FEWEST = 10;
    /** Until then the compiler, the pools and the allocators are still filling up. */
    static final long WARM_UP_INVOCATIONS = 20_000;
    private static final int WARM_UP_SHARE = 5;
    private static final double MIB = 1 << 20;

    /** The trends of all that is sampled. */
    static List<Trend> of(List<ProcessState> samples) {
        long end = samples.isEmpty() ? 0 : samples.get(samples.size() - 1).invocations();
        long begin = samples.isEmpty() ? 0 : samples.get(0).invocations();
        long warm = begin + Math.max(WARM_UP_INVOCATIONS, (end - begin) / WARM_UP_SHARE);
        List<ProcessState> counted = samples.stream().filter(sample -> sample.invocations() >= warm).toList();
        return List.of(of("machines", "", 1, counted, ProcessState::machines, 0.5),
                of("descriptors", "", 1, counted, ProcessState::descriptors, 4),
                of("mappings", "", 1, counted, ProcessState::mappings, 64),
                of("threads", "", 1, counted, ProcessState::threads, 4),
                of("pss less heap", "MiB", MIB, counted, ProcessState::pssBytes, 16),
                of("java heap", "MiB", MIB, counted, ProcessState::heapBytes, 4));
    }

    private static Trend of(String name, String unit, double scale, List<ProcessState> samples, ToLongFunction<ProcessState> value,
            double allowed) {
        double[] x = samples.stream().mapToDouble(ProcessState::invocations).toArray();
        double[] y = samples.stream().mapToDouble(sample -> value.applyAsLong(sample) / scale).toArray();
        return of(name, unit, x, y, allowed);
    }

    /** The trend of values over a rising axis. */
    static Trend of(String name, String unit, double[] x, double[] y, double allowed) {
        int n = x.length;
        double growth = n < 2 ? 0 : slope(x, y) * (x[n - 1] - x[0]);
        return new Trend(name, unit, median(Arrays.copyOf(y, Math.min(n, FEWEST))),
                median(Arrays.copyOfRange(y, Math.max(0, n - FEWEST), n)), growth, allowed, n);
    }

    private static double slope(double[] x, double[] y) {
        double[] slopes = new double[x.length * (x.length - 1) / 2];
        int count = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < i; j++) {
                slopes[count++] = (y[i] - y[j]) / (x[i] - x[j]);
            }
        }
        return median(slopes);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int n = values.length;
        return n == 0 ? 0 : (values[(n - 1) / 2] + values[n / 2]) / 2;
    }

    /** Whether there are enough samples to say anything. */
    public boolean isKnown() {
        return samples >= FEWEST;
    }

    /** Whether it grew by more than is allowed; never if nothing can be said. */
    public boolean grows() {
        return isKnown() && growth > allowed;
    }
}
