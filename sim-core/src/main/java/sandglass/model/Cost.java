package sandglass.model;

import sandglass.calibration.Parameter;
import sandglass.scenario.Uniforms;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

/**
 * One calibration parameter in use: draws what a number of repetitions cost and keeps account of the time charged through
 * it.
 *
 * <p>A parameter in ns is the cost of one repetition, and repetitions are independent draws: summed one by one while they are
 * few, drawn from the normal distribution with the sum's mean and variance when they are many. A rate (ns/page, ns/B) is the
 * property of a whole operation: drawn once and multiplied.
 */
final class Cost {

    private final Parameter parameter;
    private final Distribution distribution;
    private final double mean;
    private final double variance;
    private final boolean constant;
    private final boolean rate;
    private double chargedNs;

    Cost(Parameter parameter) {
        this.parameter = parameter;
        distribution = parameter.distribution();
        mean = distribution.mean();
        variance = distribution.variance();
        constant = variance == 0;
        rate = parameter.unit() != Unit.NANOSECONDS;
    }

    Parameter parameter() {
        return parameter;
    }

    /** Whether no random number is needed to draw from it. */
    boolean constant() {
        return constant;
    }

    /** The expected value of one repetition. */
    double mean() {
        return mean;
    }

    /** The expected value as a whole number, for sizes. */
    long whole() {
        return Math.round(mean);
    }

    double chargedNs() {
        return chargedNs;
    }

    void forget() {
        chargedNs = 0;
    }

    /** One value, not charged. */
    double value(Uniforms uniforms) {
        return constant ? mean : distribution.quantile(uniforms.next());
    }

    /** The value at this share of the distribution, 0 to 1, not charged. */
    double valueAt(double share) {
        return distribution.quantile(share);
    }

    /** Charges time that was computed rather than drawn. */
    void charge(double ns) {
        chargedNs += ns;
    }

    /**
     * Draws and charges what {@code repetitions} cost in all, in whole ns.
     *
     * @param uniforms used unless the parameter is {@link #constant}
     */
    long draw(double repetitions, Uniforms uniforms) {
        long ns = Math.round(constant ? repetitions * mean : random(repetitions, uniforms));
        chargedNs += ns;
        return ns;
    }

    private double random(double repetitions, Uniforms uniforms) {
        return rate
                ? repetitions * distribution.quantile(uniforms.next())
                : Sums.draw(distribution, mean, variance, repetitions, uniforms);
    }
}
