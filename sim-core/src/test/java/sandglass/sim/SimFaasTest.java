package sandglass.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import sandglass.sim.SpeedBenchmark.Figures;
import sandglass.sim.SpeedBenchmark.Workload;

class SimFaasTest {

    private static final int SEEDS = 4;
    private static final int SIMFAAS_SEEDS = 10;
    private static final double T_95_9_DEGREES = 2.262;

    /**
     * Published as mean ± half a 95 % interval over ten seeds: means of so few seeds may differ by four standard errors
     * of the difference.
     */
    private static void check(String what, List<Figures> runs, ToDoubleFunction<Figures> measured, double mean,
            double halfWidth) {
        double spread = halfWidth * Math.sqrt(SIMFAAS_SEEDS) / T_95_9_DEGREES;
        double tolerance = 4 * spread * Math.sqrt(1.0 / SIMFAAS_SEEDS + 1.0 / SEEDS);
        assertThat(runs.stream().mapToDouble(measured).average().orElseThrow()).as(what).isCloseTo(mean,
            within(tolerance));
    }

    // Oracle: SimFaaS on the same workload, which was validated against AWS Lambda; and Little's law for the number
    // running.
    @Test
    void reproducesSimFaas() {
        SpeedBenchmark benchmark = new SpeedBenchmark(new PoissonSource());
        List<Figures> runs = LongStream.rangeClosed(1, SEEDS).mapToObj(seed -> benchmark.run(Workload.W1,
            seed)).toList();
        check("cold-start probability", runs, Figures::coldShare, 0.001337, 0.000027);
        check("sandboxes", runs, Figures::sandboxes, 7.695, 0.017);
        check("running", runs, Figures::running, 1.7919, 0.0017);
        check("idle", runs, Figures::idle, 5.903, 0.017);
        check("lifespan", runs, Figures::lifespanSeconds, 6420, 125);
        double load = 0.9 * (1.991 + 0.001337 * (2.244 - 1.991));
        assertThat(runs.stream().mapToDouble(Figures::running).average().orElseThrow()).isCloseTo(load,
            within(4 * 0.0024 / Math.sqrt(SEEDS)));
        assertThat(runs).allSatisfy(run -> assertThat(run.text()).contains("W1", "invocations/CPU s"));
    }
}
