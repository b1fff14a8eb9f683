package sandglass.experiment.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.kvm.vm.Kvm;
import sandglass.kvm.vm.KvmUnavailableException;

/** Prediction against measurement. Oracle for counts: both sides count the same crossings, which follow from the work alone. */
class ValidateTest {

    private static final Path HOME = Path.of("").toAbsolutePath().getParent();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir private Path directory;

    private int sandglass(String... arguments) {
        out.reset();
        err.reset();
        return Main.execute(new Console(new PrintStream(out, true), new PrintStream(err, true), false, Optional.of(HOME)), arguments);
    }

    private String experiment(String name, String body) throws IOException {
        return Files.writeString(directory.resolve(name + ".yaml"), "experiment: " + name + "\nquestion: what?\nhost: {cores: 2}\n" + body)
                .toString();
    }

    @Tag("kvm")
    @Test
    void exitsOfEveryKindOfWorkArePredictedExactly() throws IOException {
        try {
            Kvm.open().close();
        } catch (KvmUnavailableException e) {
            System.out.println("SKIPPED validation test: " + e.getMessage());
            assumeTrue(false, e.getMessage());
        }
        String file = experiment("counts", """
                stack: usetl
                start: [create, pool]
                function:
                  - {name: some, work: [{touch: 3}, {get: 70kB}, {compute: 100us}, {post: 69kB}, {wait: 1ms}, {touch: 40}]}
                  - {name: other, work: [{post: 200kB}, {switch: {kind: pio-exit, times: 5}}, {get: 3kB}, {get: 5B}]}
                load: {closed: {clients: 1, think: 5ms}}
                policy: {prewarm: {pool: 1}, limit: 1}
                length: {invocations: 4}
                """);
        sandglass("validate", file, "--out", directory.resolve("out").toString(), "--json");
        ArrayNode comparisons = (ArrayNode) JSON.readTree(out.toByteArray());
        assertThat(comparisons.remove(comparisons.size() - 1).get("shares")).as(err.toString(StandardCharsets.UTF_8)).isNotEmpty();
        assertThat(comparisons.remove(comparisons.size() - 1).get("noise")).isNotEmpty();

        assertThat(comparisons).as(err.toString(StandardCharsets.UTF_8)).hasSize(4);
        for (JsonNode comparison : comparisons) {
            assertThat(comparison.get("verdict").asText()).as(comparison.toString()).isNotEqualTo("wrong-structure");
            assertThat(StreamSupport.stream(comparison.get("counts").spliterator(), false).filter(count -> count.get("judged").asBoolean()))
                    .isNotEmpty().allSatisfy(count -> assertThat(count.get("a").asLong()).as(comparison.toString())
                            .isEqualTo(count.get("b").asLong()));
        }
    }

    @Test
    void aRecordingThatCannotBeWrittenIsToldBeforeAnythingRuns() throws IOException {
        String file = experiment("kept", """
                stack: process
                function: {name: some, work: [{compute: 100us}]}
                load: {closed: {clients: 1}}
                length: {invocations: 5}
                """);
        for (String target : List.of("/proc/none/kept.jsonl.gz", directory.toString())) {
            assertThat(sandglass("validate", file, "--out", directory.resolve("real").toString(), "--record", target)).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("--record " + target).doesNotContain("\tat ");
        }
    }

    @Test
    void aRecordingGivesTheSameComparisonWithoutTheHardware() throws IOException {
        String file = experiment("again", """
                stack: process
                function: {name: some, work: [{compute: 100us}]}
                load: {closed: {clients: 1}}
                length: {invocations: 5}
                """);
        String recording = directory.resolve("kept.jsonl.gz").toString();
        int real = sandglass("validate", file, "--out", directory.resolve("real").toString(), "--record", recording, "--json");
        String measured = out.toString(StandardCharsets.UTF_8);
        assertThat(real).as(err.toString(StandardCharsets.UTF_8)).isLessThanOrEqualTo(ExitCode.NO);
        int played = sandglass("validate", file, "--out", directory.resolve("played").toString(), "--recorded", recording, "--json");

        assertThat(played).isEqualTo(real);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(measured);
        assertThat(JSON.readTree(measured).get(0).get("times").get(0).get("noise")).hasSize(2);
    }

    @Test
    void aSuiteIsValidatedMemberByMemberAndWhatCannotRunIsNamed() throws IOException {
        experiment("one", "stack: [process, ideal]\nfunction: nothing\nload: {closed: {clients: 1}}\nlength: {invocations: 2}\n");
        Path suite = Files.writeString(directory.resolve("both.yaml"), "experiment: both\nquestion: what?\nsuite: [one.yaml]\n");

        assertThat(sandglass("validate", suite.toString(), "--out", directory.resolve("s").toString(), "--markdown"))
                .as(err.toString(StandardCharsets.UTF_8)).isLessThanOrEqualTo(ExitCode.NO);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("| scenario | metric | predicted | measured |").contains("one.process");
        assertThat(sandglass("validate", suite.toString(), "--stacks", "ideal", "--out", directory.resolve("t").toString()))
                .isEqualTo(ExitCode.LACKING);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("the stack 'ideal' cannot be run for real");
    }

    @Test
    void aCalibrationOfAnotherHostIsRefusedUnlessCalledForeign() throws IOException {
        String file = experiment("far", "stack: process\nfunction: nothing\nload: {closed: {clients: 1}}\nlength: {invocations: 2}\n");
        String published = Files.readString(HOME.resolve("experiments/calibrations/published.json"));
        Path other = Files.writeString(directory.resolve("other.json"),
                published.replace("\"name\": \"published\",", "\"name\": \"other\", \"host\": {\"cpu\": \"Z80\"},"));

        assertThat(sandglass("validate", file, "--calibration", other.toString(), "--out", directory.resolve("f").toString()))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("other was measured on another host: cpu Z80").contains("--foreign");
        assertThat(sandglass("validate", file, "--foreign", "--calibration", other.toString(), "--out", directory.resolve("f").toString()))
                .isLessThanOrEqualTo(ExitCode.NO);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("is of another host");
    }

    /** Oracle: what a calibration is made from is all that its package can read; results are not among it. */
    @Test
    void noResultOfAScenarioCanReachACalibration() throws IOException {
        try (var sources = Files.walk(HOME.resolve("experiments/src/main/java/sandglass/experiment/calibrate"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(source)).as(source.toString()).doesNotContain("RunResult", "ResultStore", "ResultFile",
                        "sandglass.experiment.sweep", "sandglass.kvm.probe.ProbeExecutor");
            }
        }
    }
}
