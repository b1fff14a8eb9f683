package sandglass.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import sandglass.plot.FigureSpec.Scale;
import sandglass.plot.FigureSpec.Statistic;
import sandglass.result.Measurement;
import sandglass.result.Metrics;
import sandglass.result.Pooled;
import sandglass.result.RunResult;
import sandglass.result.Summary;
import sandglass.result.SummaryRow;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;

/** What figures say against the results they say it about. */
class FiguresTest {

    @TempDir
    private Path dir;

    @Test
    void everyKindOfFigureIsWellFormedAndRefersToNothingOutside() throws Exception {
        // Oracle: an XML parser, an image reader, and the rule that a figure opens offline.
        for (Map.Entry<FigureSpec, List<RunResult>> entry : Gallery.all().entrySet()) {
            Figure figure = Figures.draw(entry.getKey(), entry.getValue(), dir);
            String svg = Files.readString(figure.svg());
            Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                    .parse(new ByteArrayInputStream(Files.readAllBytes(figure.svg())));
            Element root = document.getDocumentElement();

            assertThat(root.getTagName()).isEqualTo("svg");
            assertThat(document.getElementsByTagName("title").item(0).getTextContent()).isEqualTo(figure.title());
            assertThat(svg.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1999/xlink", "")).doesNotContain("http");
            BufferedImage image = ImageIO.read(figure.png().toFile());
            assertThat(image.getWidth()).isEqualTo(2 * (int) Double.parseDouble(root.getAttribute("width").replace("px", "")));
            assertThat(figure.caption()).isNotBlank();
            assertThat(csv(figure)).isNotEmpty();
        }
    }

    @Test
    void figuresOfManyExperimentsHaveNamesThatFileSystemsTake() {
        // Oracle: NAME_MAX of Linux, 255 bytes, and that two figures are two files.
        List<RunResult> results = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            results.add(Synthetic.result("an-experiment-with-a-name-" + i, "usetl", Map.of(), "sim", 0,
                    List.of(Synthetic.raw(Metrics.COLD_SHARE, 0.1)), List.of(), List.of()));
        }
        List<String> names = new ArrayList<>();
        for (Statistic statistic : List.of(Statistic.MEAN, Statistic.P50)) {
            Figure figure = Figures.draw(new FigureSpec.Bars("cold.share", statistic, "stack", List.of(), Scale.LINEAR, "", Map.of()), results, dir);
            assertThat(figure.svg()).exists();
            names.add(figure.svg().getFileName().toString());
        }
        assertThat(names).doesNotHaveDuplicates().allSatisfy(name -> assertThat(name.length()).isLessThan(255));
    }

    @Test
    void labelsInTheSvgAreThoseOfTheValues() throws IOException {
        // Oracle: the value as it is printed elsewhere; shortening coordinates must not touch text.
        RunResult run = Synthetic.result("small", "usetl", Map.of(), "sim", 0, List.of(Synthetic.raw(Metrics.COLD_SHARE, 0.00163)), List.of(),
                List.of());
        Figure figure = Figures.draw(new FigureSpec.Bars("cold.share", Statistic.MEAN, "stack", List.of(), Scale.LINEAR, "", Map.of()),
                List.of(run), dir);

        assertThat(Files.readString(figure.svg())).contains(">0.163 %<");
    }

    @Test
    void aDistributionThatHidesAtTheEdgeIsDrawnAsATail() throws IOException {
        // Oracle: the caption, and the shares in the CSV, which go on to the largest of 50 000 samples.
        double[] waits = new double[50_000];
        for (int i = 0; i < 50; i++) {
            waits[i] = 1e6 * (i + 1);
        }
        RunResult run = Synthetic.result("tail", "usetl", Map.of(), "sim", 0, List.of(Synthetic.raw(Metrics.WAIT, waits)), List.of(), List.of());
        Figure figure = Figures.draw(new FigureSpec.Ecdf("wait", List.of("stack"), Scale.LOG, "", Map.of()), List.of(run), dir);
        List<NamedCsvRecord> rows = csv(figure);

        assertThat(figure.caption()).startsWith("Share of samples with more than this waiting time");
        assertThat(rows.stream().filter(row -> number(row, "value") > 0).count()).isGreaterThan(30);
        assertThat(number(rows.get(rows.size() - 2), "share")).isCloseTo(1 - 1 / 50_000.0, within(1e-9));
    }

    @Test
    void sameInputGivesSameBytesWhateverTheOrderOfReplications() throws IOException {
        // Oracle: the first drawing. Shuffling within each scenario keeps the order in which scenarios appear.
        for (Map.Entry<FigureSpec, List<RunResult>> entry : Gallery.all().entrySet()) {
            Figure first = Figures.draw(entry.getKey(), entry.getValue(), dir.resolve("first"));
            List<RunResult> shuffled = new ArrayList<>();
            Map<String, List<RunResult>> byScenario = entry.getValue().stream()
                    .collect(Collectors.groupingBy(r -> r.scenarioId() + r.executor(), LinkedHashMap::new, Collectors.toList()));
            byScenario.values().forEach(runs -> {
                List<RunResult> mixed = new ArrayList<>(runs);
                Collections.shuffle(mixed, new Random(1));
                shuffled.addAll(mixed);
            });
            Figure second = Figures.draw(entry.getKey(), shuffled, dir.resolve("second"));

            assertThat(Files.readString(second.svg())).isEqualTo(Files.readString(first.svg()));
            assertThat(Files.readString(second.csv())).isEqualTo(Files.readString(first.csv()));
        }
    }

    @Test
    void barsHoldTheNumbersOfTheSummary() throws IOException {
        // Oracle: the summary of the same results, computed apart.
        List<RunResult> results = Synthetic.starts(List.of("container", "usetl"), List.of("create", "pool"), "sim", 1);
        Figure figure = Figures.draw(new FigureSpec.Bars("start.cold", Statistic.MEAN, "stack", List.of("start"), Scale.LOG, "", Map.of()),
                results, dir);
        List<NamedCsvRecord> rows = csv(figure);

        assertThat(rows).hasSize(4);
        for (NamedCsvRecord row : rows) {
            SummaryRow summary = Summary.rows(results).stream().filter(s -> s.metric().id().equals("start.cold")
                    && s.stack().equals(row.getField("stack")) && s.axes().get("start").equals(row.getField("start"))).findFirst().orElseThrow();
            assertThat(number(row, "value")).isEqualTo(summary.mean());
            assertThat(number(row, "ci95_low")).isEqualTo(summary.meanInterval().low());
            assertThat(number(row, "ci95_high")).isEqualTo(summary.meanInterval().high());
            assertThat(row.getField("n")).isEqualTo("600");
            assertThat(row.getField("replications")).isEqualTo("10");
        }
    }

    @Test
    void ecdfHoldsTheQuantilesAndIsThin() throws IOException {
        // Oracle: counting samples up to each drawn value.
        List<RunResult> results = Synthetic.starts(List.of("container"), List.of("create"), "sim", 1);
        Figure figure = Figures.draw(new FigureSpec.Ecdf("start.cold", List.of("stack"), Scale.LINEAR, "", Map.of()), results, dir);
        Pooled pooled = Pooled.of(results.stream().map(r -> r.measurement("start.cold").orElseThrow()).map(Measurement::samples).toList());
        List<NamedCsvRecord> rows = csv(figure);

        assertThat(rows).hasSize(300);
        for (NamedCsvRecord row : rows) {
            long below = LongStream.rangeClosed(1, pooled.n()).filter(k -> pooled.rank(k) <= number(row, "value")).count();
            assertThat(below / (double) pooled.n()).isCloseTo(number(row, "share"), within(2.0 / pooled.n()));
        }
        assertThat(number(rows.get(rows.size() - 1), "value")).isEqualTo(pooled.max());
    }

    @Test
    void phasesAddUpToTheColdStart() throws IOException {
        // Oracle: conservation, the mean of a sum is the sum of the means.
        List<RunResult> results = Synthetic.starts(List.of("vm"), List.of("create"), "sim", 1);
        Figure figure = Figures.draw(new FigureSpec.Phases("stack", List.of(Phase.CREATE, Phase.BOOT, Phase.INIT), "", Map.of()), results, dir);
        double sum = csv(figure).stream().mapToDouble(row -> number(row, "value")).sum();
        double expected = results.stream().mapToDouble(r -> List.of("start.create", "start.boot", "start.init").stream()
                .mapToDouble(id -> r.measurement(id).orElseThrow().samples().mean()).sum()).average().orElseThrow();

        assertThat(sum).isCloseTo(expected, within(1e-3));
    }

    @Test
    void switchesAreCountsOfTheLedgerPerInvocation() throws IOException {
        // Oracle: by hand. 60 invocations a run; the unikernel's ledger has 120 port exits a run, 42 us each.
        List<RunResult> results = Synthetic.starts(List.of("container", "unikernel"), List.of("create"), "sim", 1);
        List<NamedCsvRecord> rows = csv(Figures.draw(new FigureSpec.Switches("stack", "", Map.of()), results, dir));
        NamedCsvRecord exits = rows.stream().filter(r -> r.getField("stack").equals("unikernel")
                && r.getField("switch").equals(ModeSwitch.PIO_EXIT.name())).findFirst().orElseThrow();

        assertThat(number(exits, "count_per_invocation")).isEqualTo(2);
        assertThat(number(exits, "ns_per_invocation")).isEqualTo(84_000);
        assertThat(number(exits, "invocations")).isEqualTo(600);
    }

    @Test
    void anAxisThatAFigureForgetsIsAddedRatherThanAveragedOver() throws IOException {
        // Oracle: conservation; both starts are there, each with its own samples.
        List<RunResult> results = Synthetic.starts(List.of("container", "usetl"), List.of("create", "pool"), "sim", 1);
        List<NamedCsvRecord> rows = csv(Figures.draw(
                new FigureSpec.Bars("wait", Statistic.P50, "stack", List.of(), Scale.LINEAR, "", Map.of()), results, dir));

        assertThat(rows).extracting(r -> r.getField("start")).containsExactlyInAnyOrder("create", "pool", "create", "pool");
        assertThat(rows).allSatisfy(row -> assertThat(row.getField("n")).isEqualTo("600"));
    }

    @Test
    void numericAxesAreInRisingOrderWhateverTheirUnits() throws IOException {
        // Oracle: arithmetic; 2MB < 8MB < 64MB < 256MB, which is not the order of their spelling.
        List<NamedCsvRecord> rows = csv(Figures.draw(new FigureSpec.Curve("get", Statistic.P50, "function.work.0.get", List.of("stack"),
                Scale.LOG, Scale.LOG, "", Map.of()), Synthetic.downloads(List.of("usetl")), dir));

        assertThat(rows).extracting(r -> r.getField("function.work.0.get")).containsExactly("2MB", "8MB", "64MB", "256MB");
    }

    @Test
    void whatCannotBeDrawnIsSaidWithWhatThereIs() {
        // Oracle: the contract of the exception.
        List<RunResult> results = Synthetic.starts(List.of("container"), List.of("create"), "sim", 1);

        assertThatThrownBy(() -> Figures.draw(new FigureSpec.Ecdf("recycle", List.of(), Scale.LOG, "", Map.of()), results, dir))
                .isInstanceOf(FigureException.class).hasMessageContaining("'recycle'").hasMessageContaining("start.cold");
        assertThatThrownBy(() -> Figures.draw(new FigureSpec.Switches("stack", "", Map.of("start", "pool")), results, dir))
                .isInstanceOf(FigureException.class).hasMessageContaining("start=create");
        assertThatThrownBy(() -> Figures.draw(new FigureSpec.Curve("wait", Statistic.MEAN, "start", List.of(), Scale.LINEAR, Scale.LINEAR, "",
                Map.of()), results, dir)).isInstanceOf(FigureException.class).hasMessageContaining("needs numbers along start");
        assertThatThrownBy(() -> Figures.draw(new FigureSpec.SeriesFigure("heat", List.of(), "", Map.of()), results, dir))
                .isInstanceOf(FigureException.class).hasMessageContaining("[memory]");
        assertThatThrownBy(() -> Figures.draw(new FigureSpec.Scatter("start.cold", "sim", "probe", "", Map.of()), results, dir))
                .isInstanceOf(FigureException.class).hasMessageContaining("both sim and probe");
    }

    @Test
    void zerosOnALogarithmicAxisDoNotStopADrawing() {
        // Oracle: the file is there; a logarithm of zero would have thrown.
        RunResult run = Synthetic.result("zeros", "usetl", Map.of("n", "1"), "sim", 0, List.of(Synthetic.raw(Metrics.WAIT, 0, 0, 0),
                Synthetic.raw(Metrics.GET, 0, 5, 10)), List.of(), List.of());

        for (String metric : List.of("wait", "get")) {
            assertThat(Figures.draw(new FigureSpec.Ecdf(metric, List.of(), Scale.LOG, "", Map.of()), List.of(run), dir).svg()).exists();
            assertThat(Figures.draw(new FigureSpec.Bars(metric, Statistic.P50, "stack", List.of(), Scale.LOG, "", Map.of()), List.of(run), dir)
                    .svg()).exists();
            assertThat(Figures.draw(new FigureSpec.Curve(metric, Statistic.P50, "n", List.of(), Scale.LOG, Scale.LOG, "", Map.of()),
                    List.of(run), dir).svg()).exists();
        }
    }

    private static List<NamedCsvRecord> csv(Figure figure) throws IOException {
        try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(figure.csv())) {
            return reader.stream().toList();
        }
    }

    private static double number(NamedCsvRecord row, String field) {
        return Double.parseDouble(row.getField(field));
    }
}
