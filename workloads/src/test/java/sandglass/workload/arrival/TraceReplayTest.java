package sandglass.workload.arrival;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sandglass.run.SsjStreams;
import sandglass.scenario.ArrivalProcess;
import sandglass.scenario.Load;
import sandglass.workload.Scenarios;
import sandglass.workload.SharedData;

/**
 * Real sample: 100 functions, minutes 480..959, 339,657 invocations. Oracles: plain Java that splits the files'
 * lines.
 */
class TraceReplayTest {

    private static final long MINUTE_NS = 60_000_000_000L;

    private record Naive(long timeNs, int row, long serviceNs) {}

    private static Path sample() {
        return SharedData.require("azure2019_joined_8h/100");
    }

    private static ArrivalProcess open(Load.Trace load, long seed) {
        return new Arrivals().open(Scenarios.of(load, 0), new SsjStreams(seed, 0));
    }

    private static Load.Trace load(Load.Trace.Arrivals arrivals, Load.Trace.Durations durations, int from, int minutes,
            double speed) {
        Load.Trace base = Scenarios.trace("azure-2019", sample().toString());
        return new Load.Trace(base.format(), base.path(), arrivals, durations, base.missingDuration(),
                base.missingMemory(), base.service(),
                from, minutes, 0, speed);
    }

    /** All arrivals, made without merging: every one of the window in a list, sorted by time, then row. */
    private static List<Naive> naive(Path directory, int from, int minutes) throws IOException {
        Map<String, Long> averages = new HashMap<>();
        for (String line : Files.readAllLines(directory.resolve("durations.csv"))) {
            String[] f = line.split(",");
            if (!f[3].equals("Average")) {
                averages.put(f[0] + f[1] + f[2], Long.parseLong(f[3]) * 1_000_000);
            }
        }
        List<String> lines = Files.readAllLines(directory.resolve("invocations.csv"));
        List<Naive> all = new ArrayList<>();
        for (int row = 1; row < lines.size(); row++) {
            String[] f = lines.get(row).split(",");
            for (int m = from; m < Math.min(from + minutes, f.length - 4); m++) {
                long n = Long.parseLong(f[4 + m]);
                for (long i = 0; i < n; i++) {
                    all.add(new Naive((m - from) * MINUTE_NS + i * MINUTE_NS / n, row,
                            averages.get(f[0] + f[1] + f[2])));
                }
            }
        }
        all.sort((a, b) -> a.timeNs != b.timeNs ? Long.compare(a.timeNs, b.timeNs) : Integer.compare(a.row, b.row));
        return all;
    }

    /** Oracle: the same arrivals made naively, compared one by one. */
    @Test
    void equidistantAverageReplayIsWhatTheFileSays() throws IOException {
        int[][] windows = {{0, 480}, {100, 7}, {470, 100}};
        for (int[] window : windows) {
            List<Naive> expected = naive(sample(), window[0], window[1]);
            ArrivalProcess replay = open(load(Load.Trace.Arrivals.EQUIDISTANT, Load.Trace.Durations.AVERAGE, window[0],
                    window[1], 1), 1);
            Map<Integer, Integer> rowOfFunction = new HashMap<>();
            for (Naive one : expected) {
                assertThat(replay.advance()).isTrue();
                if (replay.timeNs() != one.timeNs || replay.serviceNs() != one.serviceNs
                        || rowOfFunction.computeIfAbsent(replay.function(), f -> one.row) != one.row) {
                    throw new AssertionError("expected " + one + " but function " + replay.function() + " came at "
                            + replay.timeNs());
                }
            }
            assertThat(replay.advance()).isFalse();
            assertThat(new ArrayList<>(new java.util.TreeMap<>(rowOfFunction).values())).isSorted();
            assertThat(replay.facts()).containsEntry("trace.held.invocations", "339657")
                    .containsEntry("trace.held.functions", "100")
                    .containsEntry("trace.held.minutes", "480")
                    .containsEntry("trace.replayed.invocations", Integer.toString(expected.size()));
        }
    }

    /**
     * Oracle: conservation; every placement puts as many arrivals of each function into each minute as the file says.
     */
    @Test
    void everyPlacementKeepsTheCounts() throws IOException {
        long[][] expected = new long[480][100];
        List<String> lines = Files.readAllLines(sample().resolve("invocations.csv"));
        for (int row = 1; row < lines.size(); row++) {
            String[] f = lines.get(row).split(",");
            for (int m = 0; m < 480; m++) {
                expected[m][row - 1] = Long.parseLong(f[4 + m]);
            }
        }
        for (Load.Trace.Arrivals placement : Load.Trace.Arrivals.values()) {
            ArrivalProcess replay = open(load(placement, Load.Trace.Durations.PERCENTILES, 0, 480, 1), 9);
            long[][] seen = new long[480][100];
            long last = 0;
            while (replay.advance()) {
                assertThat(replay.timeNs()).isGreaterThanOrEqualTo(last);
                assertThat(replay.serviceNs()).isNotNegative();
                last = replay.timeNs();
                seen[(int) (last / MINUTE_NS)][replay.function()]++;
            }
            assertThat(Arrays.deepEquals(seen, expected)).as(placement.name()).isTrue();
        }
    }

    /** Oracle: metamorphic; twice the speed halves every time (rounded down) and changes nothing else. */
    @Test
    void speedCompressesTime() {
        ArrivalProcess normal = open(load(Load.Trace.Arrivals.UNIFORM, Load.Trace.Durations.PERCENTILES, 10, 20, 1), 4);
        ArrivalProcess twice = open(load(Load.Trace.Arrivals.UNIFORM, Load.Trace.Durations.PERCENTILES, 10, 20, 2), 4);
        while (normal.advance()) {
            assertThat(twice.advance()).isTrue();
            assertThat(twice.timeNs()).isEqualTo(normal.timeNs() / 2);
            assertThat(twice.function()).isEqualTo(normal.function());
            assertThat(twice.serviceNs()).isEqualTo(normal.serviceNs());
        }
        assertThat(twice.advance()).isFalse();
    }

    /**
     * Oracle: analytic; the mean of durations drawn from percentiles is the mean of the linear segments, within 4
     * standard errors.
     */
    @Test
    void percentileDurationsHaveTheirMean() {
        Arrivals arrivals = new Arrivals();
        Load.Trace load = load(Load.Trace.Arrivals.EQUIDISTANT, Load.Trace.Durations.PERCENTILES, 0, 480, 1);
        ArrivalProcess replay = arrivals.open(Scenarios.of(load, 0), new SsjStreams(3, 0));
        int functions = replay.functions().size();
        double[] sum = new double[functions];
        long[] n = new long[functions];
        while (replay.advance()) {
            sum[replay.function()] += replay.serviceNs();
            n[replay.function()]++;
        }
        int busy = 0;
        for (int f = 0; f < functions; f++) {
            if (n[f] > 400) {
                sandglass.scenario.Op.Wait wait = (sandglass.scenario.Op.Wait) replay.functions().get(f).work().ops()
                        .get(0);
                double error = Math.sqrt(wait.ns().variance() / n[f]) + 1;
                assertThat(Math.abs(sum[f] / n[f] - wait.ns().mean())).isLessThan(4 * error);
                busy++;
            }
        }
        assertThat(busy).isGreaterThan(10);
    }

    /** Oracle: the virtual machine's allocation counter. */
    @Test
    void replayAllocatesNothing() {
        ArrivalProcess replay = open(load(Load.Trace.Arrivals.EXPONENTIAL, Load.Trace.Durations.PERCENTILES, 0, 480,
                1), 4);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        long before = 0;
        for (int i = 0; replay.advance(); i++) {
            sum += replay.serviceNs() & 1;
            if (i == 100_000) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
        assertThat(sum).isPositive();
    }
}
