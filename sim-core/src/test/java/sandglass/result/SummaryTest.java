package sandglass.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.junit.jupiter.api.Test;
import sandglass.scenario.Scenario;

/** Rows of the summary against hand arithmetic and a second library. */
class SummaryTest {

    @Test
    void mergesReplicationsIntoOneRow() {
        // Oracle: by hand. Replication means 2 and 4; mean 3, deviation of means sqrt(2), t(1) = 12.7062, half-width 12.7062.
        SummaryRow row = Summary.rows(List.of(TestResults.run("sim", 0, TestResults.raw(Metrics.WAIT, 1, 3)),
                TestResults.run("sim", 1, TestResults.raw(Metrics.WAIT, 3, 5)))).get(0);

        assertThat(row.n()).isEqualTo(4);
        assertThat(row.replications()).isEqualTo(2);
        assertThat(row.mean()).isEqualTo(3);
        assertThat(row.sd()).isCloseTo(Math.sqrt(8.0 / 3), within(1e-12));
        assertThat(row.p50()).isEqualTo(3);
        assertThat(row.meanInterval().halfWidth()).isCloseTo(12.7062, within(1e-4));
        assertThat(row.meanInterval().method()).isEqualTo(Interval.Method.REPLICATIONS);
    }

    @Test
    void agreesWithASecondLibrary() {
        // Oracle: commons-math's descriptive statistics and its R-7 percentiles over the same values.
        SplittableRandom random = new SplittableRandom(3);
        double[][] values = new double[5][];
        DescriptiveStatistics second = new DescriptiveStatistics();
        RunResult[] runs = new RunResult[values.length];
        for (int r = 0; r < values.length; r++) {
            values[r] = random.doubles(40 + r).map(u -> -1e6 * Math.log(u)).toArray();
            for (double value : values[r]) {
                second.addValue(value);
            }
            runs[r] = TestResults.run("sim", r, TestResults.raw(Metrics.WAIT, values[r]));
        }
        Percentile r7 = new Percentile().withEstimationType(Percentile.EstimationType.R_7);
        r7.setData(second.getValues());

        SummaryRow row = Summary.rows(List.of(runs)).get(0);

        assertThat(row.mean()).isCloseTo(second.getMean(), within(1e-6));
        assertThat(row.sd()).isCloseTo(second.getStandardDeviation(), within(1e-6));
        assertThat(row.min()).isEqualTo(second.getMin());
        assertThat(row.max()).isEqualTo(second.getMax());
        assertThat(row.p50()).isCloseTo(r7.evaluate(50), within(1e-6));
        assertThat(row.p99()).isCloseTo(r7.evaluate(99), within(1e-6));
        assertThat(row.p999()).isCloseTo(r7.evaluate(99.9), within(1e-6));
        assertThat(row.meanInterval().contains(row.mean())).isTrue();
    }

    @Test
    void sketchesMergeAsTheirValuesWould() {
        // Oracle: the same values kept raw; quantiles within the sketch's 0.1 %, moments exact.
        SplittableRandom random = new SplittableRandom(4);
        double[] a = random.doubles(2000).map(u -> Math.rint(1e7 * u)).toArray();
        double[] b = random.doubles(500).map(u -> Math.rint(5e7 * u)).toArray();
        Pooled raw = Pooled.of(List.of(Samples.Raw.of(a), Samples.Raw.of(b)));
        Pooled mixed = Pooled.of(List.of(TestResults.sketch(a), Samples.Raw.of(b)));

        assertThat(mixed.n()).isEqualTo(raw.n());
        assertThat(mixed.mean()).isCloseTo(raw.mean(), within(1e-3));
        assertThat(mixed.sd()).isCloseTo(raw.sd(), within(1e-3));
        for (double p : new double[] {0.1, 0.5, 0.9, 0.99}) {
            assertThat(mixed.quantile(p) / raw.quantile(p)).isCloseTo(1, within(0.004));
        }
        assertThat(mixed.meanInterval(0.95).halfWidth()).isCloseTo(raw.meanInterval(0.95).halfWidth(), within(1.0));
        assertThat(mixed.quantileInterval(0.5, 0.95).high()).isCloseTo(raw.quantileInterval(0.5, 0.95).high(),
                within(0.004 * raw.quantile(0.5)));
    }

    @Test
    void doesNotDependOnTheOrderInWhichReplicationsEnded() {
        // Oracle: the same set of results in another order.
        RunResult first = TestResults.run("sim", 0, TestResults.raw(Metrics.WAIT, 0.1, 0.2, 0.7));
        RunResult second = TestResults.run("sim", 1, TestResults.raw(Metrics.WAIT, 0.3, 1e9));

        assertThat(Summary.rows(List.of(second, first))).isEqualTo(Summary.rows(List.of(first, second)));
    }

    @Test
    void keepsScenariosAndExecutorsApart() {
        // Oracle: conservation, one row for each pair of scenario and executor, each with its own samples.
        RunResult sim = TestResults.run("sim", 0, TestResults.raw(Metrics.WAIT, 1, 2));
        RunResult probe = TestResults.run("probe", 0, TestResults.raw(Metrics.WAIT, 3));
        RunResult other = TestResults.in(sim, "test.b-9", Scenario.Role.VALIDATE);

        assertThat(Summary.rows(List.of(sim, probe, other))).extracting(SummaryRow::n).containsExactly(2L, 1L, 2L);
    }

    @Test
    void metricsWithoutSamplesHaveNoRowAndSingleSketchesNoInterval() {
        // Oracle: the definition; an interval from a sketch would need the order of its samples.
        RunResult run = TestResults.run("sim", 0, TestResults.raw(Metrics.GET), new Measurement(Metrics.WAIT, Clock.VIRTUAL,
                TestResults.sketch(1, 2, 3)));

        List<SummaryRow> rows = Summary.rows(List.of(run));

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).meanInterval().known()).isFalse();
    }

    @Test
    void assumedShareIsOfTimeOverAllReplications() {
        // Oracle: by hand, 25 of 100 + 100 ns.
        RunResult run = TestResults.with(TestResults.with(TestResults.run("sim", 0, TestResults.raw(Metrics.WAIT, 1)),
                new ParameterUse("a", "assumed", 25)), new ParameterUse("b", "published", 75));
        RunResult next = TestResults.with(TestResults.run("sim", 1, TestResults.raw(Metrics.WAIT, 1)),
                new ParameterUse("b", "published", 100));

        assertThat(Summary.rows(List.of(run, next)).get(0).assumedShare()).isEqualTo(0.125);
    }

    @Test
    void csvColumnsAreTheContractAndOneAnAxis() {
        // Oracle: the documented list of columns.
        List<SummaryRow> rows = Summary.rows(List.of(TestResults.run("sim", 0, TestResults.raw(Metrics.WAIT, 1, 2.5))));
        List<String> columns = SummaryRow.columns(rows);

        assertThat(String.join(",", columns)).isEqualTo("experiment,scenario,stack,executor,metric,unit,n,mean,sd,min,p50,p90,p99,p999,"
                + "max,ci95_low,ci95_high,assumed_share,ci_method");
        assertThat(rows.get(0).cells(columns)).hasSameSizeAs(columns).startsWith("test", "test.a-12345678", "usetl", "sim", "wait", "ns", "2",
                "1.75");
    }
}
