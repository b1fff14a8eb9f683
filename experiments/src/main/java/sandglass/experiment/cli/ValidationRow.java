package sandglass.experiment.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sandglass.result.Comparison;
import sandglass.result.CountComparison;
import sandglass.result.MetricComparison;
import sandglass.result.MetricComparison.Finding;
import sandglass.result.MetricComparison.Ratio;
import sandglass.unit.Quantities;
import sandglass.unit.Unit;

/**
 * One thing that was predicted and measured: a median, a 99th percentile or a count of one scenario.
 *
 * @param id of the metric, or phase and kind of what was counted
 * @param ratio of prediction to measurement; empty for a count
 */
record ValidationRow(Comparison comparison, String id, Statistic statistic, String predicted, String measured, Optional<Ratio> ratio,
        double noise, double tolerance, Outcome outcome) {

    /** What of the samples is compared. */
    enum Statistic {
        P50, P99, COUNT
    }

    /** What came out. */
    enum Outcome {
        AGREES("agrees"),
        WITHIN_NOISE("within noise"),
        /** The ratio's interval reaches into the tolerance. */
        UNDECIDED("undecided"),
        DIFFERS("DIFFERS"),
        EQUAL("equal"),
        DIFFERENT("DIFFERENT");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }

        boolean agrees() {
            return this == AGREES || this == WITHIN_NOISE || this == EQUAL;
        }
    }

    /** Everything of a comparison that is judged; what is zero on both sides says nothing. */
    static List<ValidationRow> of(Comparison c) {
        List<ValidationRow> rows = new ArrayList<>();
        for (MetricComparison m : c.metrics()) {
            if (m.finding() != Finding.REPORTED && !(m.median().a() == 0 && m.median().b() == 0)) {
                rows.add(row(c, m, Statistic.P50, m.median(), m.noise().median(), m.tolerance()));
                if (Math.min(m.nA(), m.nB()) >= MetricComparison.P99_LEAST) {
                    rows.add(row(c, m, Statistic.P99, m.p99(), m.noise().p99(), m.p99Tolerance()));
                }
            }
        }
        for (CountComparison count : c.counts()) {
            if (count.judged()) {
                rows.add(new ValidationRow(c, ValidationText.kebab(count.phase()) + " " + ValidationText.kebab(count.kind()), Statistic.COUNT,
                        Long.toString(count.a()), Long.toString(count.b()), Optional.empty(), 0, 0,
                        count.equal() ? Outcome.EQUAL : Outcome.DIFFERENT));
            }
        }
        return rows;
    }

    private static ValidationRow row(Comparison c, MetricComparison m, Statistic statistic, Ratio ratio, double noise, double tolerance) {
        Unit unit = m.metric().unit();
        return new ValidationRow(c, m.metric().id(), statistic, Quantities.print(ratio.a(), unit), Quantities.print(ratio.b(), unit),
                Optional.of(ratio), noise, tolerance, outcome(ratio, noise, tolerance));
    }

    private static Outcome outcome(Ratio ratio, double noise, double tolerance) {
        if (ratio.within(tolerance, noise)) {
            return noise > tolerance ? Outcome.WITHIN_NOISE : Outcome.AGREES;
        }
        return ratio.beyond(tolerance, noise) ? Outcome.DIFFERS : Outcome.UNDECIDED;
    }
}
