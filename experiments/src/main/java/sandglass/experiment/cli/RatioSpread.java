package sandglass.experiment.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How far predictions are from what was measured, whatever was tolerated.
 *
 * @param ratios predicted over measured, ascending; finite and above 0
 * @param tolerated share of them that is within the declared tolerance, whatever the noise
 */
record RatioSpread(double[] ratios, double tolerated) {

    private static final double MOST = 0.9;

    /** Of rows; a ratio of nothing, or to nothing, says nothing here. */
    static RatioSpread of(List<ValidationRow> rows) {
        List<ValidationRow> telling = rows.stream().filter(row -> row.ratio().isPresent() && row.ratio().get().value() > 0
                && Double.isFinite(row.ratio().get().value())).toList();
        return new RatioSpread(telling.stream().mapToDouble(row -> row.ratio().get().value()).sorted().toArray(),
                telling.stream().mapToInt(row -> row.ratio().get().within(row.tolerance(), 0) ? 1 : 0).average().orElse(0));
    }

    /** The one in the middle. */
    double median() {
        return at(ratios, 0.5);
    }

    /** The factor, 1 or more, by which this share of the ratios is off at most, one way or the other. */
    double within(double share) {
        return at(Arrays.stream(ratios).map(ratio -> Math.max(ratio, 1 / ratio)).sorted().toArray(), share);
    }

    /** For the end of a table; empty without ratios. */
    String sentence() {
        return ratios.length == 0 ? "" : String.format(Locale.ROOT, "Whatever the noise, %.0f %% of all predictions are within the declared "
                + "tolerance of what was measured, half within a factor of %.2f, nine in ten within %.2f, and the ratio in the middle is %.2f",
                100 * tolerated, within(0.5), within(MOST), median());
    }

    private static double at(double[] ascending, double share) {
        return ascending[(int) Math.ceil(share * ascending.length) - 1];
    }
}
