package sandglass.experiment.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.kvm.vm.Kvm;
import sandglass.kvm.vm.KvmUnavailableException;

/**
 * Runs functions and scenarios for real. Oracles: Python's own answers; conservation (what arrives is served); counts that follow from the
 * work alone.
 */
class ProbeTest {

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

    private static void needsKvm() {
        try {
            Kvm.open().close();
        } catch (KvmUnavailableException e) {
            System.out.println("SKIPPED probe test: " + e.getMessage());
            assumeTrue(false, e.getMessage());
        }
    }

    private JsonNode onlyLine() throws IOException {
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).as(err.toString(StandardCharsets.UTF_8)).hasSize(1);
        return JSON.readTree(lines.get(0));
    }

    @Test
    void anInvocationOnAProcess() throws IOException {
        invokes("process");
    }

    @Tag("kvm")
    @Test
    void anInvocationOnAUnikernel() throws IOException {
        needsKvm();
        invokes("usetl");
    }

    private void invokes(String stack) throws IOException {
        String wordCount = HOME.resolve("workloads/functions/word_count.py").toString();
        assertThat(sandglass("invoke", wordCount, "--stack", stack, "--json", "--event",
                "{\"input\": \"${server}/etl/word_count/7/100\", \"output\": \"${server}/out\", \"top\": 5}"))
                .as(err.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.DONE);
        JsonNode line = onlyLine();
        assertThat(line.get("result").get("words").asInt()).isEqualTo(100);
        assertThat(line.get("error").isNull()).isTrue();
        assertThat(line.get("stack").asText()).isEqualTo(stack);
        assertThat(line.get("wall_ns").asLong()).isGreaterThanOrEqualTo(line.get("phases").get("run").asLong());
        assertThat(line.get("pss_bytes").asLong()).isPositive();
        assertThat(line.has("exits") && line.has("syscalls") && line.has("dirty_pages") && line.has("recycle_ns")).isTrue();

        Path failing = Files.writeString(directory.resolve("f.py"), "def handler(event, etl):\n    return 1 / event\n");
        assertThat(sandglass("invoke", failing.toString(), "--stack", stack, "--json", "--event", "0")).isEqualTo(ExitCode.NO);
        assertThat(onlyLine().get("error").asText()).startsWith("Traceback").contains("ZeroDivisionError");
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("Traceback");
    }

    @Test
    void badInputIsToldTogetherBeforeAnythingRuns() {
        assertThat(sandglass("invoke", directory.resolve("no.py").toString(), "--event", "{", "--repeat", "0", "--memory", "1MiB",
                "--stack", "warp", "--allow", "http://x/")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no.py", "--event", "--repeat", "--memory", "'warp'", "'http://x/' is no host");
        assertThat(sandglass("density", "--usf", "0", "--jobs", "0", "--per-worker", "-1", "--memory-mib", "7")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--usf", "--jobs", "--per-worker", "--memory-mib");
    }

    /** Oracle: the lines of the files as written here. */
    @Test
    void aFunctionThatIsNoPythonIsBadInput() throws IOException {
        String file = Files.writeString(directory.resolve("broken.py"), "import json\n\ndef handler(event, etl)\n    return event\n").toString();
        assertThat(sandglass("invoke", file, "--stack", "process", "--event", "{\"a\": ")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(file + ":3: is no Python: expected ':'").contains("--event: is not JSON")
                .doesNotContain("REDACTED");
        Files.writeString(Path.of(file), "def handler(event, etl):\n    return 'a\0'\n");
        assertThat(sandglass("invoke", file, "--stack", "process")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(file).contains("is no Python: source code string cannot contain null bytes");
    }

    /** Oracle: the text that was sent, and Python's own of numbers; strings and depths beyond a parser's defaults. */
    @Test
    void anyJsonComesBackAsItIs() throws IOException {
        String echo = Files.writeString(directory.resolve("echo.py"), "def handler(event, etl):\n    return event\n").toString();
        String deep = "[".repeat(900) + "\"\\ud800\"" + "]".repeat(900);
        for (String event : List.of("1".repeat(4000), "[1e+16, 5e-324, -0.0, 1e-07]", deep, "{\"a\": {\"\": []}}")) {
            assertThat(sandglass("invoke", echo, "--stack", "process", "--json", "--event", event)).as(err.toString(StandardCharsets.UTF_8))
                    .isEqualTo(ExitCode.DONE);
            assertThat(out.toString(StandardCharsets.UTF_8)).hasLineCount(1).startsWith("{\"result\":" + event + ",\"error\":null,");
        }
        assertThat(sandglass("invoke", echo, "--stack", "process", "--json", "--event", "[1] 2")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--event: is not JSON");
    }

    @Tag("kvm")
    @Test
    void anAnswerThatIsNoJsonIsAnError() throws IOException {
        needsKvm();
        Path file = directory.resolve("rubbish.py");
        Files.writeString(file, "import os\ndef handler(event, etl):\n    os.write(4, event.encode())\n");
        assertThat(sandglass("invoke", file.toString(), "--json", "--event", "\"R[1, \"")).isEqualTo(ExitCode.NO);
        assertThat(onlyLine().get("error").asText()).isEqualTo("the answer is no JSON");
        assertThat(sandglass("invoke", file.toString(), "--json", "--event", "\"R[1,\\n2]\"")).isEqualTo(ExitCode.DONE);
        assertThat(onlyLine().get("result").toString()).isEqualTo("[1,2]");
        Files.writeString(file, "import os\ndef handler(event, etl):\n    os._exit(3)\n");
        assertThat(sandglass("invoke", file.toString(), "--json")).isEqualTo(ExitCode.NO);
        assertThat(onlyLine().get("error").asText()).isEqualTo("the function ended its process");
        assertThat(onlyLine().get("pss_bytes").isNull()).isTrue();
    }

    /** Runs {@code f.py} three times in a process. */
    private Path experimentOfAFile(String name, int clients) throws IOException {
        return Files.writeString(directory.resolve(name + ".yaml"), """
                experiment: %s
                question: What?
                stack: [process]
                function: {name: f, file: f.py, event: 0}
                load: {closed: {clients: %d}}
                host: {cores: 2}
                length: {invocations: 3}
                """.formatted(name, clients));
    }

    /** Oracle: the lines of the files as written here. */
    @Test
    void aProgramThatIsNoPythonIsFoundAsTheExperimentIsRead() throws IOException {
        Files.writeString(directory.resolve("f.py"), "import json\ndef handler(event, etl):\n    return (event\n");
        Path file = experimentOfAFile("broken", 0);
        assertThat(sandglass("run", file.toString(), "--out", directory.resolve("out").toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(file + ":4: function.file: ", "f.py' is no Python, line 3: '(' was never closed",
                file + ":5: load.closed.clients: ");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void functionsThatRaiseInARunAreNamed() throws IOException {
        Files.writeString(directory.resolve("f.py"), "def handler(event, etl):\n    return 1 / event\n");
        Path file = experimentOfAFile("raises", 1);
        assertThat(sandglass("run", file.toString(), "--executor", "probe", "--out", directory.resolve("out").toString()))
                .as(err.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.DONE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("sandglass: warning: 3 of 3 calls raised an exception", "ZeroDivisionError");
    }

    @Test
    void helpNamesThePlaceOfTheServer() {
        assertThat(sandglass("invoke", "--help")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("In the event, ${server} stands for", "\"${server}/out\"");
    }

    /** Oracle: the counts that were asked for. */
    @Tag("kvm")
    @Test
    void aSoak() throws IOException {
        needsKvm();
        assertThat(sandglass("soak", "--invocations", "150", "--seed", "9", "--inspect-every", "50", "--json"))
                .as(out + err.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.DONE);
        JsonNode report = JSON.readTree(out.toString(StandardCharsets.UTF_8));
        assertThat(report.get("holds").asBoolean()).isTrue();
        assertThat(report.get("invocations").asInt()).isEqualTo(150);
        assertThat(report.get("inspections").asInt()).isEqualTo(3);
        assertThat(report.get("groups").get("etl").get("runs").asInt()).isPositive();
        assertThat(report.get("trends")).hasSize(6);
        assertThat(sandglass("soak", "--invocations", "1000000000", "--time-limit", "1ms")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("of 1000000000 invocations").contains("no wrong answer");
    }

    @Test
    void badInputOfASoakIsToldTogether() {
        assertThat(sandglass("soak", "--invocations", "0", "--jobs", "0", "--time-limit", "0s")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--invocations", "--jobs", "--time-limit");
    }

    @Test
    void scenariosOnAProcess() throws IOException {
        for (JsonNode result : runs("process", "syscall")) {
            // Each of the 12 calls takes its request in by one read and gives its answer by one write; getppid is neither.
            assertThat(count(result, "RUN", "READ_CALL")).isEqualTo(12);
            assertThat(count(result, "RUN", "WRITE_CALL")).isEqualTo(12);
        }
    }

    @Tag("kvm")
    @Test
    void scenariosOnAUnikernel() throws IOException {
        needsKvm();
        for (JsonNode result : runs("usetl", "pio-exit")) {
            // In each call the 100 asked for, one that takes the function in, one that gives its answer out, and what memory takes.
            long exits = count(result, "RUN", "PIO_EXIT");
            assertThat(exits % 12).isZero();
            assertThat(exits / 12).isBetween(102L, 106L);
            assertThat(result.get("guards")).hasSize(2).allSatisfy(guard -> assertThat(guard.get("ok").asBoolean()).isTrue());
        }
    }

    private List<JsonNode> runs(String stack, String kind) throws IOException {
        Path file = Files.writeString(directory.resolve("probe-test.yaml"), """
                experiment: probe-test
                question: Does it run?
                role: validate
                stack: %s
                start: pool
                function: {name: f, work: [{switch: {kind: %s, times: 100}}]}
                load: [{closed: {clients: 2, think: 1ms}}, {open: {poisson: 200/s}}, {burst: {size: 4, rounds: 3, gap: 20ms}}]
                host: {cores: 2, memory: 1GiB}
                policy: {keep-alive: {ttl: 1min}, limit: 4, prewarm: {pool: 2}}
                length: {invocations: 12, replications: 1}
                seed: 7
                """.formatted(stack, kind));
        Path results = directory.resolve("out-" + stack);
        assertThat(sandglass("run", file.toString(), "--executor", "probe", "--out", results.toString()))
                .as(err.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.DONE);
        List<JsonNode> lines = Files.readAllLines(results.resolve("results.jsonl")).stream().map(ProbeTest::tree).toList();
        assertThat(lines).hasSize(3).allSatisfy(result -> {
            assertThat(result.get("executor").asText()).isEqualTo("probe");
            assertThat(metric(result, "arrivals").get("raw").get(0).asInt()).isEqualTo(12);
            assertThat(metric(result, "invocations").get("raw").get(0).asInt()).isEqualTo(12);
            assertThat(metric(result, "response").get("clock").asText()).isEqualToIgnoringCase("wall");
            assertThat(metric(result, "response").get("n").asInt()).isEqualTo(12);
            assertThat(result.get("provenance").get("host").get("kernel").asText()).isEqualTo(System.getProperty("os.version"));
        });
        return lines;
    }

    private static JsonNode tree(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static JsonNode metric(JsonNode result, String id) {
        for (JsonNode measurement : result.get("measurements")) {
            if (measurement.get("metric").asText().equals(id)) {
                return measurement;
            }
        }
        throw new AssertionError("no " + id + " in " + result);
    }

    private static long count(JsonNode result, String phase, String kind) {
        for (JsonNode entry : result.get("ledger")) {
            if (entry.get("phase").asText().equals(phase) && entry.get("switch").asText().equals(kind)) {
                return entry.get("count").asLong();
            }
        }
        return 0;
    }

    @Test
    void whatCannotRunForRealIsSaidBeforeAnythingRuns() throws IOException {
        Path file = Files.writeString(directory.resolve("x.yaml"), """
                experiment: x
                question: Does it run?
                role: validate
                stack: [gvisor, process]
                function: {name: f, work: [{switch: {kind: hypercall, times: 1}}]}
                load: {closed: {clients: 1, think: 1ms}}
                host: {cores: 2, memory: 1GiB}
                length: {invocations: 1, replications: 1}
                """);
        assertThat(sandglass("run", file.toString(), "--executor", "probe", "--out", directory.resolve("o").toString()))
                .isEqualTo(ExitCode.LACKING);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("the stack 'gvisor' cannot be run for real", "HYPERCALL", "--set");
        assertThat(directory.resolve("o/results.jsonl")).as("the process could have been run").doesNotExist();
        Files.writeString(file, Files.readString(file).replace("[gvisor, process]", "process")
                .replace("switch: {kind: hypercall, times: 1}", "get: {bytes: 1kB, path: get-disk}"));
        assertThat(sandglass("run", file.toString(), "--executor", "probe", "--out", directory.resolve("p").toString()))
                .isEqualTo(ExitCode.LACKING);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no function goes the path 'get-disk' for real");
    }

    @Test
    void aFunctionsFileAndEventBecomePartOfTheScenario() throws IOException {
        Files.writeString(directory.resolve("f.py"), "def handler(event, etl):\n    return 1 / (event['n'] - 7)\n");
        Path file = Files.writeString(directory.resolve("y.yaml"), """
                experiment: y
                question: Does it run?
                role: validate
                stack: process
                function: {name: f, file: f.py, event: {n: 7, text: a b, list: [1, x]}}
                load: {closed: {clients: 1, think: 1ms}}
                host: {cores: 2, memory: 1GiB}
                length: {invocations: 3, replications: 1}
                """);
        Path results = directory.resolve("oy");
        assertThat(sandglass("run", file.toString(), "--executor", "probe", "--out", results.toString()))
                .as(err.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.DONE);
        JsonNode result = JSON.readTree(Files.readString(results.resolve("results.jsonl")));
        assertThat(result.get("warnings").toString()).contains("3 of 3 calls raised an exception", "ZeroDivisionError");
        JsonNode function = result.get("scenario").get("spec").get("functions").get(0);
        assertThat(function.get("event").asText()).isEqualTo("{\"n\":7,\"text\":\"a b\",\"list\":[1,\"x\"]}");
        assertThat(function.get("source").asText()).contains("event['n'] - 7");
    }

    @Tag("kvm")
    @Test
    void theBenchmarkMeasuresEveryPartAsOftenAsAsked() throws IOException {
        needsKvm();
        String file = HOME.resolve("experiments/usf-bench.yaml").toString();
        assertThat(sandglass("run", file, "--out", directory.resolve("b").toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--executor probe");
        assertThat(sandglass("run", file, "--executor", "probe", "--out", directory.resolve("b").toString(), "--json", "--set", "rounds.clone=3",
                "--set", "rounds.warm=10", "--set", "rounds.exit=1000", "--set", "rounds.transfer=2", "--set", "transfer=2MB"))
                .as(err.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.DONE);
        JsonNode result = JSON.readTree(out.toString(StandardCharsets.UTF_8));
        JsonNode rows = result.get("rows");
        // Twelve compare with a C program, where there is a compiler; where not, that is said.
        assertThat(rows).hasSize(result.get("unsupported").isEmpty() ? 36 : 24)
                .allSatisfy(row -> assertThat(row.get("median").asDouble()).as(row.toString()).isPositive());
        assertThat(rows.get(0).get("n").asInt()).isEqualTo(3);
        // Exits do not depend on the size of what is transferred.
        assertThat(rows.get(rows.size() - 1).get("median").asInt()).isEqualTo(rows.get(rows.size() - 2).get("median").asInt());
    }
}
