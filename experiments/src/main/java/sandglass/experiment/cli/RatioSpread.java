package sandglass.experiment.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How far predictions are from what was measured, whatever was tolerated.
 *
 * @param ratios predicted over measured, ascending; finite and above 0
 */
record RatioSpread(double[] ratios) {

    private static final double MOST = 0.9;

    /** Of rows; a ratio of nothing, or to nothing, says nothing here. */
    static RatioSpread of(List<ValidationRow> rows) {
        return new RatioSpread(rows.stream().flatMap(row -> row.ratio().stream()).mapToDouble(ratio -> ratio.value())
                .filter(value -> value > 0 && Double.isFinite(value)).sorted().toArray());
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
        return ratios.length == 0 ? "" : String.format(Locale.ROOT, "Half of all predictions are within a factor of %.2f of what was measured, "
                + "nine in ten within %.2f, and the ratio in the middle is %.2f", within(0.5), within(MOST), median());
    }

    private static double at(double[] ascending, double share) {
        return ascending[(int) Math.ceil(share * ascending.length) - 1];
    }
}
