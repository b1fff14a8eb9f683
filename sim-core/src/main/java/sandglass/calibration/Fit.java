package sandglass.calibration;

import sandglass.unit.Distribution;

/**
 * A distribution that stands for a sample.
 *
 * @param family   {@code lognormal} and so on; {@code empirical} for the sample's own quantiles
 * @param distance the greatest difference between the distribution's and the sample's cumulative shares (Kolmogorov-Smirnov)
 * @param why      one sentence: what was tried and why this was chosen, for the provenance
 */
public record Fit(Distribution distribution, String family, double distance, String why) {}
