package sandglass.workload.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.workload.SharedData;

class TraceInspectorTest {

    @TempDir
    private Path directory;

    /** Oracle: the fixture, by hand. */
    @Test
    void describesAFixture() throws IOException {
        TraceReport report = TraceInspector.inspect(new Azure2019Fixture().write(directory), TraceFormat.AZURE_2019);
        TraceSection section = report.sections().get(0);
        assertThat(List.of(section.functions(), section.apps(), section.owners(), section.minutes()))
                .containsExactly(3, 2, 2, 4);
        assertThat(section.perMinute()).isEqualTo(new ValueSummary(4, 5, 3, 3, 4, 5, 8, 8, 8));
        assertThat(section.perFunction().max()).isEqualTo(12);
        assertThat(section.triggers()).isEqualTo(Map.of("queue", new TraceSection.Trigger(1, 12), "timer",
                new TraceSection.Trigger(1, 5),
                "http", new TraceSection.Trigger(1, 3)));
        assertThat(section.meanDurationMs()).isEqualTo((3 * 100 + 5 * 7 + 12 * 2000) / 20.0);
        assertThat(section.memoryMb().max()).isEqualTo(64);
        assertThat(report.text()).contains("invocations                   20").contains("trigger queue")
                .contains("1..4");
        assertThat(report.json()).containsEntry("format", "azure-2019").containsEntry("invocations", 20L)
                .containsEntry("functions", 3);
    }

    /**
     * Oracle: second computation; variation of gaps from every single equidistant arrival, made from the split lines.
     */
    @Test
    void gapVariationEqualsThatOfSingleArrivals() throws IOException {
        Path sample = SharedData.require("azure2019_joined_8h/100");
        List<String> lines = Files.readAllLines(sample.resolve("invocations.csv"));
        double[] expected = new double[lines.size()];
        int functions = 0;
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split(",");
            double[] arrivals = new double[Arrays.stream(fields, 4, fields.length).mapToInt(Integer::parseInt).sum()];
            int next = 0;
            for (int m = 4; m < fields.length; m++) {
                int n = Integer.parseInt(fields[m]);
                for (int i = 0; i < n; i++) {
                    arrivals[next++] = m + (double) i / n;
                }
            }
            if (next >= 3) {
                double mean = (arrivals[next - 1] - arrivals[0]) / (next - 1);
                double squares = 0;
                for (int i = 1; i < next; i++) {
                    squares += Math.pow(arrivals[i] - arrivals[i - 1] - mean, 2);
                }
                expected[functions++] = Math.sqrt(squares / (next - 1)) / mean;
            }
        }
        double[] exact = Arrays.copyOf(expected, functions);
        Arrays.sort(exact);
        double[] found = GapMoments.of(TraceFormat.AZURE_2019.read(sample, 0)).coefficientsOfVariation();
        Arrays.sort(found);
        assertThat(found).usingComparatorWithPrecision(1e-5).containsExactly(exact);
    }

    /** Oracle: totals of the real sample, counted with other tools. */
    @Test
    void describesTheRealSample() {
        TraceReport report = TraceInspector.inspect(SharedData.require("azure2019_joined_8h/100"),
                TraceFormat.AZURE_2019);
        assertThat(report.invocations()).isEqualTo(339_657);
        assertThat(report.sections().get(0).functions()).isEqualTo(100);
        assertThat(report.sections().get(0).minutes()).isEqualTo(480);
        assertThat(report.sections().get(0).firstMinute()).isEqualTo(480);
    }

    /** Oracle: two days written, two described. */
    @Test
    void describesEveryDay() throws IOException {
        new Azure2019Fixture().write(directory);
        new Azure2019Fixture().rename(Azure2019Fixture.INVOCATIONS, "invocations_per_function_md.anon.d02.csv")
                .rename(Azure2019Fixture.DURATIONS, "function_durations_percentiles.anon.d02.csv")
                .remove(Azure2019Fixture.MEMORY).write(directory);
        TraceReport report = TraceInspector.inspect(directory, TraceFormat.AZURE_2019);
        assertThat(report.sections()).hasSize(2);
        assertThat(report.invocations()).isEqualTo(40);
        assertThat((List<?>) report.json().get("days")).hasSize(2);
        assertThat(report.text()).contains("days                          2, 40 invocations in all");
    }
}
