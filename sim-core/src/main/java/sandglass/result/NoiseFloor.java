package sandglass.result;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * By how much two measurements of the same scenario differ on a host, for each metric of each stack: the root mean square, over the scenarios
 * that were measured twice, of the logarithm of the ratio of the two. One pair alone is a poor estimate: of the differences of two measurements
 * with a Gaussian error every fourth is less than a third of the root mean square, so that a prediction without any error of its own
 * would be refused every other time. An experiment of {@value #OWN} or more scenarios on a stack has a floor of its own, since open loads near
 * saturation differ from themselves by more than single calls do; the smaller ones share one. Made of measurements only; no prediction
 * has a part in it.
 */
public final class NoiseFloor {

    /** Nothing was measured twice. */
    public static final NoiseFloor NONE = new NoiseFloor(Map.of());

    /** The experiment of a floor that several of them share. */
    public static final String SHARED = "";

    private static final double FAR = 0.99;
    private static final int OWN = 10;

    /**
     * A scenario measured twice.
     *
     * @param once, again replications of the two; the second empty if there was none
     */
    public record Twice(List<RunResult> once, List<RunResult> again) {
        public Twice {
            once = List.copyOf(once);
            again = List.copyOf(again);
        }
    }

    /**
     * One line of the floor: {@code pairs} measurements of a metric on a stack; {@code pairsOfP99s} had samples enough for that.
     *
     * @param experiment whose scenarios they are; {@link #SHARED} of those that have too few
     */
    public record Entry(String stack, String metric, String experiment, long pairs, long pairsOfP99s, MetricComparison.Noise noise) {}

    private record Key(String metric, String stack, String experiment) implements Comparable<Key> {

        private static final Comparator<Key> ORDER = Comparator.comparing(Key::metric).thenComparing(Key::stack).thenComparing(Key::experiment);

        Key shared() {
            return new Key(metric, stack, SHARED);
        }

        @Override public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private final Map<Key, Entry> entries;

    private NoiseFloor(Map<Key, Entry> entries) {
        this.entries = entries;
    }

    /** Of all that was measured on one host. */
    public static NoiseFloor of(List<Twice> scenarios) {
        Map<Key, List<Pair>> byExperiment = new TreeMap<>();
        for (Twice scenario : scenarios) {
            scenario.once().stream().flatMap(run -> run.measurements().stream()).map(m -> m.metric().id()).distinct()
                    .forEach(metric -> Pair.of(scenario, metric).ifPresent(pair ->
                            byExperiment.computeIfAbsent(key(scenario, metric), any -> new ArrayList<>()).add(pair)));
        }
        Map<Key, List<Pair>> pairs = new TreeMap<>();
        byExperiment.forEach((key, some) ->
                pairs.computeIfAbsent(some.size() < OWN ? key.shared() : key, any -> new ArrayList<>()).addAll(some));
        Map<Key, Entry> entries = new TreeMap<>();
        pairs.forEach((key, all) -> {
            List<Pair> enough = all.stream().filter(pair -> pair.n() >= MetricComparison.P99_LEAST).toList();
            entries.put(key, new Entry(key.stack(), key.metric(), key.experiment(), all.size(), enough.size(),
                    new MetricComparison.Noise(typical(all.stream().map(Pair::median)), typical(enough.stream().map(Pair::p99)))));
        });
        return new NoiseFloor(entries);
    }

    private static Key key(Twice scenario, String metric) {
        return new Key(metric, scenario.once().get(0).stack(), scenario.once().get(0).experiment());
    }

    /** {@code |ratio - 1|} of two measurements, whichever way round, as the root mean square of logarithms has it. */
    private static double typical(Stream<Double> logarithms) {
        return Math.expm1(Math.sqrt(logarithms.filter(Double::isFinite).mapToDouble(log -> log * log).average().orElse(0)));
    }

    /**
     * The floor for one scenario's metric: what such measurements differ by on this host, or what the two of this very scenario differ by
     * where that is more.
     */
    MetricComparison.Noise of(Twice scenario, String metric) {
        MetricComparison.Noise own = Pair.of(scenario, metric).map(pair -> new MetricComparison.Noise(
                Math.expm1(Math.abs(pair.median())), Math.expm1(Math.abs(pair.p99())))).orElse(MetricComparison.Noise.UNKNOWN);
        if (scenario.once().isEmpty()) {
            return own;
        }
        Key key = key(scenario, metric);
        Entry entry = entries.getOrDefault(key, entries.get(key.shared()));
        return entry == null ? own
                : new MetricComparison.Noise(Math.max(own.median(), entry.noise().median()), Math.max(own.p99(), entry.noise().p99()));
    }

    /** All of it, by metric, stack and experiment. */
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /** Logarithms of the ratios of two measurements, and the smaller number of samples. */
    private record Pair(double median, double p99, long n) {

        static Optional<Pair> of(Twice scenario, String metric) {
            Pooled once = pooled(scenario.once(), metric);
            Pooled again = pooled(scenario.again(), metric);
            return once.n() == 0 || again.n() == 0 ? Optional.empty()
                    : Optional.of(new Pair(log(once, again, 0.5), log(once, again, FAR), Math.min(once.n(), again.n())));
        }

        private static Pooled pooled(List<RunResult> runs, String metric) {
            return Pooled.of(runs.stream().flatMap(run -> run.measurement(metric).stream()).map(Measurement::samples).toList());
        }

        private static double log(Pooled once, Pooled again, double quantile) {
            double a = once.quantile(quantile);
            double b = again.quantile(quantile);
            return a == b ? 0 : Math.log(a / b);
        }
    }
}
