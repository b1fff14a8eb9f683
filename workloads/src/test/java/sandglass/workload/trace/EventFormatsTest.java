package sandglass.workload.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.unit.Distribution;
import sandglass.workload.SharedData;

/** Formats other than Azure 2019. Oracle, unless said otherwise: small files written by hand. */
class EventFormatsTest {

    @TempDir
    private Path directory;

    private Path write(String name, String... lines) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private static Map<Quirk, Long> quirks(RecordedTrace trace) {
        return trace.facts().quirks().stream().collect(Collectors.toMap(QuirkCount::quirk, QuirkCount::count));
    }

    private static List<String> events(RecordedTrace trace) {
        EventLog log = ((RecordedTrace.Events) trace).events();
        List<String> list = new ArrayList<>();
        for (int e = 0; e < log.size(); e++) {
            list.add(log.startNs(e) + " " + trace.facts().functions().get(log.row(e))
                    .function() + " " + log.durationNs(e));
        }
        return list;
    }

    @Test
    void azure2021SortsStartsAndClampsThem() throws IOException {
        RecordedTrace trace = TraceFormat.AZURE_2021.read(write("t.csv",
                "\"app\",\"func\",\"note\",\"duration\",\"end_timestamp\"",
                "\"a\",\"f\",1,9,10.5", "\"a\",\"g\",1,0.001,0.5", "\"b\",\"f\",1,3,2", "\"a\",\"f\",1,2,70.25"), 0);
        assertThat(events(trace)).containsExactly("0 f 3000000000", "499000000 g 1000000", "1500000000 f 9000000000",
                "68250000000 f 2000000000");
        assertThat(trace.facts().functions()).extracting(f -> f.app() + f.function()).containsExactly("af", "ag", "bf");
        assertThat(trace.facts().functions().get(0).duration())
                .contains(new TracedDuration(5.5e9, java.util.Optional.of(
                new Distribution.Quantiles(new double[] {0, 0.01, 0.25, 0.5, 0.75, 0.99, 1},
                new double[] {2e9, 2e9, 2e9, 2e9, 9e9, 9e9, 9e9}))));
        assertThat(trace.facts().minutes()).isEqualTo(2);
        assertThat(quirks(trace)).containsEntry(Quirk.START_BEFORE_ZERO, 1L).containsEntry(Quirk.UNSORTED, 2L)
                .containsEntry(Quirk.UNKNOWN_COLUMN, 1L).containsEntry(Quirk.QUOTED_FIELD, 4L);
    }

    @Test
    void azure2021RefusesNegativeAndMissing() throws IOException {
        Path file = write("t.csv", "app,func,end_timestamp,duration", "a,f,1,-1", "a,f,,1", "a,f,1");
        assertThatThrownBy(() -> TraceFormat.AZURE_2021.read(file, 0)).isInstanceOf(TraceException.class).hasMessage(
                file + ":2: column 'duration': found '-1', expected a number of seconds, not negative\n"
                + file + ":3: column 'end_timestamp': found '', expected a number of seconds since the start of the trace\n"
                + file + ":4: found 3 fields, expected 4 fields, as in the header");
        assertThatThrownBy(() -> TraceFormat.AZURE_2021.read(file, 2)).hasMessageContaining("day 2");
    }

    /** Oracle: the library's stable sort of boxed positions. */
    @Test
    void radixSortIsAStableSort() {
        Random random = new Random(5);
        for (int n : new int[] {0, 1, 2, 100, 5000}) {
            EventLog.Builder builder = new EventLog.Builder();
            List<long[]> expected = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                long start = random.nextInt(3) == 0 ? random.nextInt(50) : random.nextLong() >>> (1
                        + random.nextInt(60));
                builder.add(start, i, 2L * i);
                expected.add(new long[] {start, i});
            }
            expected.sort((a, b) -> Long.compare(a[0], b[0]));
            EventLog log = builder.build();
            for (int i = 0; i < n; i++) {
                assertThat(log.startNs(i)).isEqualTo(expected.get(i)[0]);
                assertThat(log.row(i)).isEqualTo((int) expected.get(i)[1]);
                assertThat(log.durationNs(i)).isEqualTo(2 * expected.get(i)[1]);
            }
        }
    }

    @Test
    void huawei2023ReadsCountsAndWeighsDelays() throws IOException {
        write("set/requests_minute/day_003.csv", "day,time,0,1,7", "3,259200,1.0,,2", "3,259260,3,,", "3,259380,0,5,1");
        write("set/function_delay_minute/day_003.csv", "day,time,1,0,7", "3,259200,,10,", "3,259260,,30,5",
                "3,259380,4,,");
        for (String path : new String[] {"set", "set/requests_minute", "set/requests_minute/day_003.csv"}) {
            RecordedTrace.Minutes trace = (RecordedTrace.Minutes) TraceFormat.HUAWEI_2023.read(directory.resolve(path),
                    0);
            assertThat(trace.invocations()).isEqualTo(12);
            assertThat(trace.facts().minutes()).isEqualTo(4);
            assertThat(trace.facts().firstMinute()).isEqualTo(259200 / 60);
            assertThat(List.of(trace.counts().total(0), trace.counts().total(1), trace.counts().total(2),
                    trace.counts().total(3)))
                    .containsExactly(3L, 3L, 0L, 6L);
            assertThat(trace.facts().functions()).extracting(f -> f.duration().map(TracedDuration::averageNs)
                    .orElse(-1.0))
                    .containsExactly((10e6 * 1 + 30e6 * 3) / 4, 4e6, -1.0);
            assertThat(((Distribution.Quantiles) trace.facts().functions().get(0).duration().get().percentilesNs()
                    .get()).values())
                    .containsExactly(10e6, 10e6, 10e6, 30e6, 30e6, 30e6, 30e6);
            assertThat(quirks(trace)).containsEntry(Quirk.NO_DURATION, 1L).containsEntry(Quirk.NO_MEMORY_FILE, 1L)
                    .containsKey(Quirk.NO_DATA);
        }
    }

    @Test
    void huawei2023AddsDaysWhereTimeRestartsAndRefusesTimeThatFalls() throws IOException {
        Path file = write("day_001.csv", "day,time,0", "1,0,4", "1,30,1", "1,60,2");
        RecordedTrace.Minutes trace = (RecordedTrace.Minutes) TraceFormat.HUAWEI_2023.read(file, 0);
        assertThat(trace.facts().firstMinute()).isEqualTo(1440);
        assertThat(trace.counts().total(0)).isEqualTo(5);
        assertThat(trace.counts().total(1)).isEqualTo(2);
        assertThat(quirks(trace)).containsEntry(Quirk.TIME_RESTARTS, 3L).containsEntry(Quirk.NO_DURATION_FILE, 1L);
        write("day_001.csv", "day,time,0", "0,120,4", "0,60,1");
        assertThatThrownBy(() -> TraceFormat.HUAWEI_2023.read(file, 0))
                .hasMessageContaining("day_001.csv:3: column 'time': found '60'");
    }

    @Test
    void huawei2025ReadsColdStarts() throws IOException {
        String header = "day,time,clusterName,funcName,userID,requestID,totalCost_cold_start,podAllocationCost,deployCodeCost,"
                + "deployDependencyCost,schedulingCost,podID";
        Path file = write("R1.csv", header, "1,86460.5,1,10,134,aa,2,0.1,0.2,0.3,1.4,pool24-600-512-0000577863",
                "0,51937.425,1,10,134,ab,4,0.1,0.2,0.3,3.4,pool24-600-512-0000000001",
                "0,51937.425,2,11,134,ab,1,0.1,,0.3,0.4,pool22-300-128-0000000002");
        RecordedTrace trace = TraceFormat.HUAWEI_2025.read(file, 0);
        assertThat(events(trace)).containsExactly("51937425000000 10---134---pool24-600-512 -1",
                "51937425000000 11---134---pool22-300-128 -1",
                "86460500000000 10---134---pool24-600-512 -1");
        assertThat(trace.facts().functions()).extracting(f -> f.memoryBytes().getAsLong())
                .containsExactly(512L << 20, 128L << 20);
        assertThat(trace.facts().hasDurations()).isFalse();
        assertThat(trace.facts().further().get("totalCost_cold_start, s").max()).isEqualTo(4);
        assertThat(trace.facts().further().get("deployCodeCost, s").n()).isEqualTo(2);
        write("R1.csv", header, "0,x,1,10,134,aa,2,0.1,0.2,0.3,-1,pool");
        assertThatThrownBy(() -> TraceFormat.HUAWEI_2025.read(file, 0)).hasMessageContaining("column 'time': found 'x'")
                .hasMessageContaining("column 'schedulingCost': found '-1'")
                .hasMessageContaining("column 'podID': found 'pool'");
    }

    @Test
    void perMinuteReadsCountsWithAndWithoutTime() throws IOException {
        RecordedTrace.Minutes plain = (RecordedTrace.Minutes) TraceFormat.PER_MINUTE.read(write("p.csv",
                "\"InvocationsPerMinute\"", "77", "169", "0"), 0);
        assertThat(plain.invocations()).isEqualTo(246);
        assertThat(plain.facts().minutes()).isEqualTo(3);
        RecordedTrace.Minutes timed = (RecordedTrace.Minutes) TraceFormat.PER_MINUTE.read(write("q.csv",
                "timestamp,concurrency",
                "2025-01-01 23:59:00,5", "2025-01-02 00:02:00,7"), 0);
        assertThat(timed.facts().minutes()).isEqualTo(4);
        assertThat(timed.counts().total(3)).isEqualTo(7);
        assertThat(quirks(timed)).containsEntry(Quirk.MISSING_MINUTE, 2L);
        Path wrong = write("r.csv", "timestamp,concurrency", "2025-01-01,5", "2025-01-01 00:01:00,x");
        assertThatThrownBy(() -> TraceFormat.PER_MINUTE.read(wrong, 0))
                .hasMessageContaining("r.csv:2: column 'timestamp'")
                .hasMessageContaining("r.csv:3: column 'concurrency': found 'x'");
    }

    /** Oracle: totals stated beside the data. */
    @Test
    void realSamplesHaveTheirTotals() {
        assertThat(TraceFormat.PER_MINUTE.read(SharedData.require("huawei2025_coldstarts_per_minute/R2.csv"), 0)
                .invocations()).isEqualTo(2_072_823);
        assertThat(TraceFormat.AZURE_2021.read(SharedData.require("azure2021_sample"), 0).invocations()).isEqualTo(19);
        assertThat(TraceFormat.AZURE_2021.read(SharedData.require("azure2021_format_example"), 0).invocations())
                .isEqualTo(29);
        assertThat(TraceFormat.AZURE_2019.read(SharedData.require("azure2019_marginals_24h"), 0).invocations())
                .isEqualTo(1_030_740);
    }

    @Test
    void namesTheFormatsItKnows() {
        assertThat(TraceFormat.of("huawei-2025")).isEqualTo(TraceFormat.HUAWEI_2025);
        assertThatThrownBy(() -> TraceFormat.of("azure")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown trace format 'azure'; expected one of azure-2019, azure-2021, huawei-2023, huawei-2025, per-minute");
    }
}
