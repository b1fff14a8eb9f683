package sandglass.experiment.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.experiment.read.BadInputException;
import sandglass.result.RunResult;

class ResultStoreTest {

    /** Oracle: the reader, on what the writer wrote, for a result that uses every field. */
    @Test void aResultSurvivesItsLine() throws Exception {
        String line = ResultJson.line(SomeResults.full());
        assertThat(line).doesNotContain("\n").startsWith("{\"schema\":1,\"scenario\":{\"id\":\"e.box-123456\"");
        RunResult again = ResultJson.result(line);
        assertThat(again).isEqualTo(SomeResults.full());
        assertThat(ResultJson.line(again)).isEqualTo(line);
    }

    /** Oracle: the rule that no unknown key is accepted, tried in each object of a line that has all of them. */
    @Test void anUnknownKeyInAnyObjectOfALineIsNamed() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        String line = ResultJson.line(SomeResults.full());
        int objects = strict(mapper.readTree(line)).size();
        assertThat(objects).isGreaterThan(10);
        for (int i = 0; i < objects; i++) {
            var tree = mapper.readTree(line);
            strict(tree).get(i).put("mispelt", 1);
            String bad = mapper.writeValueAsString(tree);
            assertThatThrownBy(() -> ResultJson.result(bad)).as("object %d", i).hasMessageContaining("mispelt");
        }
    }

    /** The objects whose keys are fixed, or whose values are texts: all but the spec. */
    private static List<ObjectNode> strict(com.fasterxml.jackson.databind.JsonNode node) {
        List<ObjectNode> found = new ArrayList<>();
        if (node instanceof ObjectNode object) {
            found.add(object);
            object.properties().forEach(entry -> {
                if (!entry.getKey().equals("spec") && !entry.getKey().equals("tolerances")) {
                    found.addAll(strict(entry.getValue()));
                }
            });
        } else {
            node.forEach(item -> found.addAll(strict(item)));
        }
        return found;
    }

    /** Oracle: the store itself, opened again. */
    @Test void whatWasAppendedIsThereAfterwards(@TempDir Path dir) {
        try (ResultStore store = ResultStore.open(dir.resolve("deep/er"))) {
            store.append(SomeResults.full());
            store.append(SomeResults.small("sha256:x", 0, 1));
            store.append(SomeResults.small("sha256:x", 0, 1));
        }
        try (ResultStore store = ResultStore.open(dir.resolve("deep/er"))) {
            assertThat(store.results()).containsExactly(SomeResults.full(), SomeResults.small("sha256:x", 0, 1));
            assertThat(store.find(new RunKey("sha256:x", 1, 0, "sim", "sha256:cd"))).isPresent();
            assertThat(store.find(new RunKey("sha256:x", 1, 0, "sim", "sha256:other"))).isEmpty();
            assertThat(store.find(new RunKey("sha256:x", 2, 0, "sim", "sha256:cd"))).isEmpty();
            assertThat(store.find(new RunKey("sha256:x", 1, 1, "sim", "sha256:cd"))).isEmpty();
            assertThat(store.find(new RunKey("sha256:x", 1, 0, "probe", "sha256:cd"))).isEmpty();
            assertThat(store.warnings()).isEmpty();
        }
    }

    /** Oracle: every possible cut of the last line, which is what kill -9 can leave; the lines before it stay. */
    @Test void aLastLineCutOffAnywhereIsDroppedAndTheFileRepaired(@TempDir Path dir) throws Exception {
        Path file = dir.resolve(ResultStore.FILE);
        String first = ResultJson.line(SomeResults.small("sha256:x", 0, 1)) + "\n";
        String second = ResultJson.line(SomeResults.small("sha256:x", 1, 2)) + "\n";
        for (int cut = 1; cut < second.length(); cut++) {
            Files.writeString(file, first + second.substring(0, cut));
            try (ResultStore store = ResultStore.open(dir)) {
                assertThat(store.results()).containsExactly(SomeResults.small("sha256:x", 0, 1));
                assertThat(store.warnings()).singleElement().asString().contains("cut off");
                store.append(SomeResults.small("sha256:x", 1, 2));
            }
            assertThat(Files.readString(file)).isEqualTo(first + second);
        }
    }

    /** Oracle: line numbers counted by hand. A complete line that is no result is somebody's mistake, not a crash's. */
    @Test void badLinesAreNamedAndNothingIsTouched(@TempDir Path dir) throws Exception {
        Path file = dir.resolve(ResultStore.FILE);
        String good = ResultJson.line(SomeResults.small("sha256:x", 0, 1));
        Files.writeString(file, good + "\n{\"schema\":2}\n" + good + "\nnonsense\n");
        assertThatThrownBy(() -> ResultStore.open(dir)).isInstanceOf(BadInputException.class)
                .hasMessageContaining(file + ":2: schema: is 2").hasMessageContaining(file + ":4: not valid JSON");
        assertThat(Files.readString(file)).endsWith("nonsense\n");
    }

    @Test void aSecondWriterIsRefused(@TempDir Path dir) {
        try (ResultStore first = ResultStore.open(dir)) {
            assertThatThrownBy(() -> ResultStore.open(dir)).isInstanceOf(BadInputException.class).hasMessageContaining("another run is writing");
            first.append(SomeResults.full());
        }
        ResultStore.open(dir).close();
    }

    /** Oracle: the results of which the writer was told that they are stored. */
    @Test void whoEndsWhileTheStoreIsClosedIsRefusedAndCutsNoLine(@TempDir Path dir) throws Exception {
        for (int turn = 0; turn < 20; turn++) {
            Path directory = dir.resolve("turn-" + turn);
            ResultStore store = ResultStore.open(directory);
            AtomicInteger stored = new AtomicInteger();
            Thread writer = new Thread(() -> {
                try {
                    while (true) {
                        store.append(SomeResults.small("sha256:ab", stored.get(), 1));
                        stored.incrementAndGet();
                    }
                } catch (IllegalStateException closed) {
                    // What comes later is lost, as it would be if the process had ended before.
                }
            });
            writer.start();
            while (stored.get() < 10) {
                Thread.onSpinWait();
            }
            store.close();
            writer.join();
            assertThat(Files.readString(directory.resolve(ResultStore.FILE))).endsWith("\n").hasLineCount(stored.get());
        }
    }

    @Test void aPlaceThatCannotBeWrittenToIsRefused(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "x");
        assertThatThrownBy(() -> ResultStore.open(file.resolve("below"))).isInstanceOf(BadInputException.class)
                .hasMessageContaining("--out").hasMessageContaining("cannot be written to");
        assertThatThrownBy(() -> ResultStore.open(file)).isInstanceOf(BadInputException.class).hasMessageContaining("--out");
        assertThatThrownBy(() -> ResultStore.open(Path.of("/proc/none"))).isInstanceOf(BadInputException.class).hasMessageContaining("--out");
    }

    /** Oracle: the same lines, not compressed. */
    @Test void compressedResultsReadTheSame(@TempDir Path dir) throws Exception {
        Path packed = dir.resolve("r.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed, StandardOpenOption.CREATE))) {
            out.write((ResultJson.line(SomeResults.full()) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        assertThat(ResultFile.read(packed).results()).containsExactly(SomeResults.full());
        Files.write(packed, java.util.Arrays.copyOf(Files.readAllBytes(packed), 100));
        assertThatThrownBy(() -> ResultFile.read(packed)).isInstanceOf(BadInputException.class).hasMessageContaining("gzip");
    }

    /** Oracle: the column list of the design, then an axis. */
    @Test void theSummaryHasItsColumns(@TempDir Path dir) throws Exception {
        SummaryCsv.write(List.of(SomeResults.full()), dir);
        List<String> lines = Files.readAllLines(dir.resolve(SummaryCsv.FILE));
        assertThat(lines.get(0)).startsWith("experiment,scenario,stack,executor,metric,unit,n,mean,sd,min,p50,p90,p99,p999,max,ci95_low,ci95_high")
                .endsWith(",get");
        assertThat(lines.get(1)).startsWith("e,e.box-123456,box,sim,start.cold,ns,5,").endsWith(",2MB");
    }
}
