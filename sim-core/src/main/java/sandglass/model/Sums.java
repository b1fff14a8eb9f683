package sandglass.model;

import sandglass.scenario.Uniforms;
import sandglass.unit.Distribution;
import umontreal.ssj.probdist.NormalDist;

/** Sums of independent draws from one distribution. */
final class Sums {

    /** Up to so many draws are summed one by one; the central limit theorem serves beyond. */
    static final int ONE_BY_ONE = 32;

    private Sums() {}

    /** The sum of {@code n} draws, never negative; a part of a draw counts in part. */
    static double draw(Distribution distribution, double mean, double variance, double n, Uniforms uniforms) {
        if (n > ONE_BY_ONE && Double.isFinite(variance)) {
            return Math.max(0, n * mean + Math.sqrt(n * variance) * NormalDist.inverseF01(uniforms.next()));
        }
        long whole = (long) n;
        double sum = 0;
        for (long i = 0; i < whole; i++) {
            sum += distribution.quantile(uniforms.next());
        }
        return whole == n ? sum : sum + (n - whole) * distribution.quantile(uniforms.next());
    }
}
