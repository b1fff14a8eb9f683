package sandglass.workload.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.unit.Distribution;

/** Oracle throughout: the fixture's own numbers, written out by hand. */
class Azure2019ReaderTest {

    private static final long MB = 1 << 20;

    @TempDir
    private Path directory;

    private static RecordedTrace.Minutes read(Path path) {
        return (RecordedTrace.Minutes) TraceFormat.AZURE_2019.read(path, 0);
    }

    private static Map<Quirk, Long> quirks(RecordedTrace trace) {
        return trace.facts().quirks().stream().collect(Collectors.toMap(QuirkCount::quirk, QuirkCount::count));
    }

    /** {@code minute.row=count} for every count above zero. */
    private static String counts(RecordedTrace.Minutes trace) {
        StringBuilder text = new StringBuilder();
        MinuteCounts.Cursor cursor = trace.counts().cursor();
        for (int minute = 0; minute < trace.counts().minutes(); minute++) {
            cursor.minute(minute);
            while (cursor.next()) {
                text.append(minute).append('.').append(cursor.row()).append('=').append(cursor.count()).append(' ');
            }
        }
        return text.toString();
    }

    private static final String COUNTS = "0.0=1 0.2=3 1.2=3 2.0=2 2.2=3 3.1=5 3.2=3 ";

    @Test
    void readsPublishedNames() throws IOException {
        RecordedTrace.Minutes trace = read(new Azure2019Fixture().write(directory));
        assertThat(counts(trace)).isEqualTo(COUNTS);
        assertThat(trace.invocations()).isEqualTo(20);
        TraceFacts facts = trace.facts();
        assertThat(facts.firstMinute()).isEqualTo(1);
        assertThat(facts.minutes()).isEqualTo(4);
        assertThat(facts.functions()).extracting(TracedFunction::function).containsExactly("f1", "f2", "f3");
        assertThat(facts.functions()).extracting(TracedFunction::trigger).containsExactly("http", "timer", "queue");
        assertThat(facts.functions()).extracting(f -> f.memoryBytes().getAsLong())
                .containsExactly(50 * MB, 50 * MB, 64 * MB);
        TracedDuration first = facts.functions().get(0).duration().orElseThrow();
        assertThat(first.averageNs()).isEqualTo(100e6);
        assertThat(first.percentilesNs()).contains(new Distribution.Quantiles(new double[] {0, 0.01, 0.25, 0.5, 0.75,
                0.99, 1},
                new double[] {10e6, 20e6, 50e6, 90e6, 120e6, 250e6, 300e6}));
        assertThat(quirks(trace)).containsOnlyKeys(Quirk.PARTIAL_DAY);
    }

    @Test
    void readsSampledAndPrefixedNames() throws IOException {
        for (String[] names : new String[][] {{"invocations.csv", "durations.csv", "memory.csv"},
                {"100_inv.csv", "100_run.csv", "100_mem.csv"}}) {
            Path sample = Files.createDirectory(directory.resolve(names[0] + ".d"));
            new Azure2019Fixture().rename(Azure2019Fixture.INVOCATIONS, names[0])
                    .rename(Azure2019Fixture.DURATIONS, names[1])
                    .rename(Azure2019Fixture.MEMORY, names[2]).write(sample);
            assertThat(counts(read(sample))).isEqualTo(COUNTS);
            assertThat(counts(read(sample.resolve(names[0])))).isEqualTo(COUNTS);
        }
    }

    @Test
    void readsOtherColumnOrdersPrefixesAndMissingColumns() throws IOException {
        Azure2019Fixture fixture = new Azure2019Fixture().lines(Azure2019Fixture.INVOCATIONS,
                "minute_483,HashFunction,minute_480,HashApp,minute_481,HashOwner,note", "0,f1,1,a1,0,o1,x",
                "5,f2,0,a1,0,o1,y",
                "3,f3,3,a2,3,o2,z");
        RecordedTrace.Minutes trace = read(fixture.write(directory));
        assertThat(counts(trace)).isEqualTo("0.0=1 0.2=3 1.2=3 3.1=5 3.2=3 ");
        assertThat(trace.facts().firstMinute()).isEqualTo(480);
        assertThat(trace.facts().functions()).extracting(TracedFunction::trigger).containsOnly("");
        assertThat(quirks(trace)).containsEntry(Quirk.NO_TRIGGER, 1L).containsEntry(Quirk.MINUTE_PREFIX, 1L)
                .containsEntry(Quirk.COLUMN_ORDER, 1L).containsEntry(Quirk.MISSING_MINUTE, 1L)
                .containsEntry(Quirk.UNKNOWN_COLUMN, 1L)
                .containsEntry(Quirk.PARTIAL_DAY, 1L);
    }

    @Test
    void survivesBytesLinesAndQuotes() throws IOException {
        Path plain = new Azure2019Fixture().line(Azure2019Fixture.INVOCATIONS, 3,
                "\"o1\",\"a1\",\"f2\",\"timer\",0,\"0\",0,5")
                .append(Azure2019Fixture.INVOCATIONS, "").append(Azure2019Fixture.INVOCATIONS, "  ")
                .write(directory, "\r\n");
        Path file = plain.resolve(Azure2019Fixture.INVOCATIONS);
        Files.writeString(file, "\ufeff" + Files.readString(file));
        RecordedTrace.Minutes trace = read(plain);
        assertThat(counts(trace)).isEqualTo(COUNTS);
        assertThat(quirks(trace)).containsEntry(Quirk.BYTE_ORDER_MARK, 1L).containsEntry(Quirk.CARRIAGE_RETURN, 3L)
                .containsEntry(Quirk.BLANK_LINE, 2L).containsEntry(Quirk.QUOTED_FIELD, 1L);
    }

    @Test
    void readsCompressedFiles() throws IOException {
        new Azure2019Fixture().write(directory);
        for (String name : List.of(Azure2019Fixture.INVOCATIONS, Azure2019Fixture.DURATIONS, Azure2019Fixture.MEMORY)) {
            Path file = directory.resolve(name);
            try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(directory.resolve(name + ".gz")))) {
                out.write(Files.readString(file).getBytes(StandardCharsets.UTF_8));
            }
            Files.delete(file);
        }
        assertThat(counts(read(directory))).isEqualTo(COUNTS);
    }

    @Test
    void keepsTheFirstOfDuplicates() throws IOException {
        RecordedTrace.Minutes trace = read(new Azure2019Fixture()
                .append(Azure2019Fixture.INVOCATIONS, "o1,a1,f1,http,9,9,9,9")
                .append(Azure2019Fixture.DURATIONS, "o1,a1,f1,999,3,10,300,10,20,50,90,120,250,300")
                .append(Azure2019Fixture.MEMORY, "o2,a2,10,999").write(directory));
        assertThat(counts(trace)).isEqualTo(COUNTS);
        assertThat(trace.facts().functions().get(0).duration().orElseThrow().averageNs()).isEqualTo(100e6);
        assertThat(trace.facts().functions().get(2).memoryBytes()).hasValue(64 * MB);
        assertThat(quirks(trace)).containsEntry(Quirk.DUPLICATE_FUNCTION, 1L)
                .containsEntry(Quirk.DUPLICATE_DURATION, 1L)
                .containsEntry(Quirk.DUPLICATE_MEMORY, 1L);
        assertThat(trace.facts().quirks()).filteredOn(q -> q.quirk() == Quirk.DUPLICATE_FUNCTION)
                .extracting(QuirkCount::firstExample).containsExactly(Azure2019Fixture.INVOCATIONS + ":5");
    }

    @Test
    void joinsRowsInAnyOrderAndCountsThoseMissing() throws IOException {
        RecordedTrace.Minutes trace = read(new Azure2019Fixture()
                .lines(Azure2019Fixture.DURATIONS, Azure2019Fixture.DURATION_HEADER,
                "o2,a2,f3,2000,12,1,9000,1,1,500,1500,2500,8000,9000",
                        "o1,a1,f1,100,3,10,300,10,20,50,90,120,250,300", "o9,a9,f9,1,1,1,1,1,1,1,1,1,1,1")
                .lines(Azure2019Fixture.MEMORY, "HashOwner,HashApp,SampleCount,AverageAllocatedMb", "o8,a8,1,1",
                "o1,a1,10,101")
                .write(directory));
        List<TracedFunction> functions = trace.facts().functions();
        assertThat(functions.get(0).duration().orElseThrow().averageNs()).isEqualTo(100e6);
        assertThat(functions.get(1).duration()).isEmpty();
        assertThat(functions.get(2).duration().orElseThrow().averageNs()).isEqualTo(2e9);
        assertThat(functions.get(0).memoryBytes()).hasValue(101 * MB / 2);
        assertThat(functions.get(2).memoryBytes()).isEmpty();
        assertThat(quirks(trace)).containsEntry(Quirk.NO_DURATION, 1L).containsEntry(Quirk.NO_MEMORY, 1L)
                .containsEntry(Quirk.UNKNOWN_DURATION, 1L).containsEntry(Quirk.UNKNOWN_MEMORY, 1L)
                .containsEntry(Quirk.ROW_ORDER, 2L);
    }

    @Test
    void repairsNumbers() throws IOException {
        RecordedTrace.Minutes trace = read(new Azure2019Fixture()
                .line(Azure2019Fixture.INVOCATIONS, 2, "o1,a1,f1,http,1.0,0,2.5,0")
                .line(Azure2019Fixture.DURATIONS, 2, "o1,a1,f1,-5,4,-1,300,-10,20,15,90,80,250,300")
                .line(Azure2019Fixture.DURATIONS, 3, "o1,a1,f2,0,5.0,0,0,0,0,0,0,0,0,0.5")
                .line(Azure2019Fixture.MEMORY, 2, "o1,a1,10,-4").write(directory));
        assertThat(counts(trace)).isEqualTo("0.0=1 0.2=3 1.2=3 2.0=3 2.2=3 3.1=5 3.2=3 ");
        TracedDuration first = trace.facts().functions().get(0).duration().orElseThrow();
        assertThat(first.averageNs()).isZero();
        assertThat(((Distribution.Quantiles) first.percentilesNs().orElseThrow()).values())
                .containsExactly(0, 20e6, 20e6, 90e6, 90e6, 250e6, 300e6);
        assertThat(trace.facts().functions().get(0).memoryBytes()).hasValue(0);
        Map<Quirk, Long> expected = new TreeMap<>(Map.of(Quirk.FRACTIONAL_COUNT, 1L, Quirk.NEGATIVE_AVERAGE, 1L,
                Quirk.NEGATIVE_MINIMUM, 1L,
                Quirk.NEGATIVE_PERCENTILE, 1L, Quirk.FALLING_PERCENTILE, 1L, Quirk.ZERO_AVERAGE, 1L,
                Quirk.NEGATIVE_MEMORY, 1L,
                Quirk.PARTIAL_DAY, 1L));
        assertThat(new TreeMap<>(quirks(trace))).isEqualTo(expected);
    }

    @Test
    void countsCountsThatDiffer() throws IOException {
        RecordedTrace trace = read(new Azure2019Fixture()
                .line(Azure2019Fixture.DURATIONS, 3, "o1,a1,f2,7,50,7,7,7,7,7,7,7,7,7")
                .line(Azure2019Fixture.INVOCATIONS, 2, "o1,a1,f1,http,0,0,0,0").write(directory));
        assertThat(trace.facts().quirks()).filteredOn(q -> q.quirk() == Quirk.COUNT_DIFFERS).containsExactly(
                new QuirkCount(Quirk.COUNT_DIFFERS, 2, Azure2019Fixture.DURATIONS + ":2 (Count 3, minutes 0)"));
        assertThat(quirks(trace)).containsEntry(Quirk.IDLE_FUNCTION, 1L);
    }

    @Test
    void readsMemoryPerFunctionAndWithoutAny() throws IOException {
        Azure2019Fixture fixture = new Azure2019Fixture()
                .lines(Azure2019Fixture.MEMORY, "HashFunction,HashOwner,HashApp,AverageAllocatedMb",
                "f3,o2,a2,0.5", "f1,o1,a1,2", "f2,o1,a1,8");
        RecordedTrace trace = read(fixture.write(directory));
        assertThat(trace.facts().functions()).extracting(f -> f.memoryBytes().getAsLong())
                .containsExactly(2 * MB, 8 * MB, MB / 2);
        assertThat(quirks(trace)).containsEntry(Quirk.MEMORY_PER_FUNCTION, 1L);
        Files.delete(directory.resolve(Azure2019Fixture.MEMORY));
        RecordedTrace without = read(directory);
        assertThat(without.facts().hasMemory()).isFalse();
        assertThat(quirks(without)).containsEntry(Quirk.NO_MEMORY_FILE, 1L);
    }

    @Test
    void choosesADayAndBorrowsMemoryOfTheNearest() throws IOException {
        new Azure2019Fixture().write(directory);
        new Azure2019Fixture().line(Azure2019Fixture.INVOCATIONS, 2, "o1,a1,f1,http,8,0,0,0")
                .rename(Azure2019Fixture.INVOCATIONS, "invocations_per_function_md.anon.d13.csv")
                .rename(Azure2019Fixture.DURATIONS, "function_durations_percentiles.anon.d13.csv")
                .remove(Azure2019Fixture.MEMORY).write(directory);
        RecordedTrace trace = TraceFormat.AZURE_2019.read(directory, 13);
        assertThat(trace.invocations()).isEqualTo(25);
        assertThat(trace.facts().functions().get(2).memoryBytes()).hasValue(64 * MB);
        assertThat(quirks(trace)).containsEntry(Quirk.MEMORY_OF_OTHER_DAY, 1L);
        assertThat(read(directory.resolve("invocations_per_function_md.anon.d13.csv")).invocations()).isEqualTo(25);
    }
}
