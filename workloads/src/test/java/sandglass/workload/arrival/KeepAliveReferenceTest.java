package sandglass.workload.arrival;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sandglass.run.SsjStreams;
import sandglass.scenario.ArrivalProcess;
import sandglass.workload.Scenarios;
import sandglass.workload.SharedData;

/**
 * Cold starts of the real sample under a renewed time to live. Oracle: second computation; the expected numbers came
 * from the Python program in this module's README, which reads the CSV files by itself.
 */
class KeepAliveReferenceTest {

    private static final long TTL_NS = 600_000_000_000L;

    @ParameterizedTest
    @CsvSource({"0, true, 548", "0, false, 549", "250000000, true, 555", "250000000, false, 556"})
    void coldStartsOfTheSample(long startNs, boolean newest, long expected) {
        String path = SharedData.require("azure2019_joined_8h/100").toString();
        ArrivalProcess arrivals = new Arrivals().open(Scenarios.of(Scenarios.trace("azure-2019", path), 0),
                new SsjStreams(1, 0));
        List<List<long[]>> idleAt = new ArrayList<>();
        arrivals.functions().forEach(f -> idleAt.add(new ArrayList<>()));
        long cold = 0;
        while (arrivals.advance()) {
            List<long[]> sandboxes = idleAt.get(arrivals.function());
            long now = arrivals.timeNs();
            sandboxes.removeIf(s -> s[0] + TTL_NS < now);
            long[] chosen = null;
            for (long[] sandbox : sandboxes) {
                if (sandbox[0] <= now && (newest || chosen == null)) {
                    chosen = sandbox;
                }
            }
            if (chosen == null) {
                cold++;
                sandboxes.add(new long[] {now + startNs + arrivals.serviceNs()});
            } else {
                chosen[0] = now + arrivals.serviceNs();
            }
        }
        assertThat(cold).isEqualTo(expected);
    }
}
