package sandglass.workload.arrival;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.apache.commons.math3.distribution.ExponentialDistribution;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import sandglass.run.SsjStreams;
import sandglass.scenario.ArrivalProcess;
import sandglass.scenario.Load;
import sandglass.unit.Distribution;
import sandglass.workload.Scenarios;

class OpenArrivalsTest {

    private static ArrivalProcess open(Distribution gapNs, double zipf, int functions, long seed) {
        return new Arrivals().open(Scenarios.of(new Load.Open(gapNs, zipf), functions), new SsjStreams(seed, 0));
    }

    /** Oracle: analytic; gaps of a Poisson process are exponential (Kolmogorov-Smirnov at 0.1 %). */
    @Test
    void exponentialGapsMakePoisson() {
        ArrivalProcess arrivals = open(new Distribution.Exponential(2e7), 0, 1, 11);
        double[] gaps = new double[20_000];
        long last = 0;
        for (int i = 0; i < gaps.length; i++) {
            assertThat(arrivals.advance()).isTrue();
            gaps[i] = arrivals.timeNs() - last;
            last = arrivals.timeNs();
        }
        double p = new KolmogorovSmirnovTest().kolmogorovSmirnovTest(new ExponentialDistribution(null, 2e7), gaps);
        assertThat(p).isGreaterThan(0.001);
    }

    /** Oracle: analytic; arrivals fall on functions by Zipf's law (chi-square at 0.1 %). */
    @Test
    void functionsFollowZipf() {
        for (double exponent : new double[] {0, 0.7, 1, 2}) {
            int functions = 200;
            ArrivalProcess arrivals = open(new Distribution.Exponential(1e7), exponent, functions, 12);
            long[] seen = new long[functions];
            for (int i = 0; i < 500_000; i++) {
                arrivals.advance();
                seen[arrivals.function()]++;
            }
            double[] expected = new double[functions];
            Arrays.setAll(expected, k -> 1 / Math.pow(k + 1.0, exponent));
            assertThat(new ChiSquareTest().chiSquareTest(expected, seen)).as("exponent %s", exponent)
                    .isGreaterThan(0.001);
        }
    }

    /** Oracle: second computation; the guide table gives what a linear search of the cumulative law gives. */
    @Test
    void guideTableEqualsLinearSearch() {
        for (int ranks : new int[] {1, 2, 3, 10, 997}) {
            ZipfTable table = new ZipfTable(ranks, 1.1);
            double total = 0;
            for (int k = 1; k <= ranks; k++) {
                total += Math.pow(k, -1.1);
            }
            for (int i = 1; i < 10_000; i++) {
                double u = i / 10_000.0 + 1e-7;
                double sum = Math.pow(1, -1.1);
                int rank = 0;
                while (rank < ranks - 1 && sum / total <= u) {
                    rank++;
                    sum += Math.pow(rank + 1.0, -1.1);
                }
                assertThat(table.rank(u)).isEqualTo(rank);
            }
            assertThat(table.rank(Math.nextDown(1.0))).isEqualTo(ranks - 1);
        }
    }

    /** Oracle: metamorphic; arrival times do not depend on how many functions share them. */
    @Test
    void timesDoNotDependOnFunctions() {
        ArrivalProcess one = open(new Distribution.Exponential(1e6), 1, 1, 5);
        ArrivalProcess many = open(new Distribution.Exponential(1e6), 1, 100, 5);
        for (int i = 0; i < 10_000; i++) {
            one.advance();
            many.advance();
            assertThat(one.timeNs()).isEqualTo(many.timeNs());
        }
    }

    /** Oracle: the virtual machine's allocation counter. */
    @Test
    void arrivalsAllocateNothing() {
        ArrivalProcess arrivals = open(new Distribution.Exponential(1e7), 1, 1000, 5);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = run(arrivals, 100_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        sum += run(arrivals, 1_000_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(sum).isPositive();
        assertThat(allocated).isLessThan(100_000);
    }

    private static long run(ArrivalProcess arrivals, int times) {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            arrivals.advance();
            sum += arrivals.function() + (arrivals.timeNs() & 1);
        }
        return sum;
    }

    /** Oracle: the definition of a burst, written out. */
    @Test
    void burstsComeTogether() {
        ArrivalProcess arrivals = new Arrivals().open(Scenarios.of(new Load.Burst(3, 2, 500), 2), new SsjStreams(1, 0));
        StringBuilder seen = new StringBuilder();
        while (arrivals.advance()) {
            seen.append(arrivals.timeNs()).append(':').append(arrivals.function()).append(' ');
        }
        assertThat(seen.toString()).isEqualTo("0:0 0:1 0:0 500:0 500:1 500:0 ");
        assertThat(arrivals.advance()).isFalse();
    }
}
