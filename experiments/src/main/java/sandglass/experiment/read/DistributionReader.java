package sandglass.experiment.read;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import sandglass.unit.Distribution;
import sandglass.unit.Quantities;
import sandglass.unit.Unit;

/** Reads a distribution: a bare value is a constant, a mapping names the family. */
final class DistributionReader {

    private DistributionReader() {}

    /** Values are durations for nanoseconds, sizes for bytes, plain numbers in {@code unit} otherwise. */
    static Distribution read(Node node, Unit unit) {
        ToDoubleFunction<Node> value = value(unit);
        if (!node.isMapping()) {
            return constant(node, value);
        }
        return new Variants<Distribution>()
                .only("constant", inner -> constant(inner, value))
                .only("exponential", inner -> inner.record(f -> exponential(f, value)))
                .only("lognormal", inner -> inner.record(f -> logNormal(f, value)))
                .only("normal", inner -> inner.record(f -> two(f, "mean", "sd", value, Distribution.Normal::new)))
                .only("gamma", inner -> inner.record(f -> gamma(f, value)))
                .only("shifted-exponential", inner -> inner.record(f -> two(f, "low", "excess", value, Distribution.ShiftedExponential::new)))
                .only("weibull", inner -> inner.record(f -> weibull(f, value)))
                .only("uniform", inner -> inner.record(f -> two(f, "low", "high", value, Distribution.Uniform::new)))
                .only("quantiles", inner -> inner.record(f -> quantiles(f, value)))
                .read(node);
    }

    /** A duration in ns, where a mapping is a distribution of it. */
    static Distribution durationNs(Node node) {
        return read(node, Unit.NANOSECONDS);
    }

    private static ToDoubleFunction<Node> value(Unit unit) {
        return switch (unit) {
            case NANOSECONDS -> node -> node.quantity(Quantities::fractionalNs, "a duration such as 10ms", 0.0);
            case BYTES -> node -> node.quantity(Quantities::fractionalBytes, "a size such as 128MiB", 0.0);
            default -> Node::nonNegative;
        };
    }

    private static Distribution constant(Node node, ToDoubleFunction<Node> value) {
        return node.make(value::applyAsDouble, Distribution.Constant::new);
    }

    private static Supplier<Distribution> exponential(Fields f, ToDoubleFunction<Node> value) {
        double mean = number(f, "mean", value);
        return () -> new Distribution.Exponential(mean);
    }

    private static Supplier<Distribution> logNormal(Fields f, ToDoubleFunction<Node> value) {
        if (f.has("median")) {
            double median = number(f, "median", value);
            double p99 = number(f, "p99", value);
            return () -> positive(median, p99) ? Distribution.LogNormal.ofMedianAndP99(median, p99) : null;
        }
        if (f.has("mu")) {
            double mu = number(f, "mu", Node::number);
            double sigma = number(f, "sigma", Node::nonNegative);
            return () -> new Distribution.LogNormal(mu, sigma);
        }
        if (f.has("mean")) {
            double mean = number(f, "mean", value);
            double sd = number(f, "sd", value);
            double variance = Math.log1p(sd * sd / (mean * mean));
            return () -> positive(mean, mean) ? new Distribution.LogNormal(Math.log(mean) - variance / 2, Math.sqrt(variance)) : null;
        }
        f.node().problem("expected median and p99, mu and sigma, or mean and sd");
        return () -> null;
    }

    private static boolean positive(double middle, double upper) {
        if (!(middle > 0) || upper < middle) {
            throw new IllegalArgumentException("a log-normal has a median above zero and a p99 not below it");
        }
        return true;
    }

    private static Supplier<Distribution> weibull(Fields f, ToDoubleFunction<Node> value) {
        double shape = number(f, "shape", Node::nonNegative);
        double scale = number(f, "scale", value);
        return () -> new Distribution.Weibull(shape, scale);
    }

    private static Supplier<Distribution> gamma(Fields f, ToDoubleFunction<Node> value) {
        double shape = number(f, "shape", Node::nonNegative);
        double scale = number(f, "scale", value);
        return () -> new Distribution.Gamma(shape, scale);
    }

    private interface OfTwo {
        Distribution make(double first, double second);
    }

    private static Supplier<Distribution> two(Fields f, String first, String second, ToDoubleFunction<Node> value, OfTwo family) {
        double one = number(f, first, value);
        double other = number(f, second, value);
        return () -> family.make(one, other);
    }

    private static Supplier<Distribution> quantiles(Fields f, ToDoubleFunction<Node> value) {
        double[] shares = numbers(f, "shares", Node::share);
        double[] values = numbers(f, "values", value);
        return () -> new Distribution.Quantiles(shares, values);
    }

    private static double number(Fields f, String key, ToDoubleFunction<Node> value) {
        Double number = f.required(key, value::applyAsDouble);
        return number == null ? 0 : number;
    }

    private static double[] numbers(Fields f, String key, ToDoubleFunction<Node> value) {
        List<Double> list = f.requiredWhole(key, node -> node.list(value::applyAsDouble));
        return list == null ? new double[0] : list.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
