package sandglass.experiment.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as its callers see it: exit code, stdout, stderr. Oracle throughout: the contract of exit codes and streams. */
class MainTest {

    private static final String EXPERIMENT = Path.of("figure-6.yaml").toString();
    private static final String[] SMALL = {"--set", "stack=[vm, usetl]", "--set", "length.replications=3", "--set", "length.invocations=2"};
    private static final String[] UNDRAWN = {"--set", "figures=[]"};

    @TempDir Path dir;

    private record Ended(int code, String out, String err) {}

    private static Ended sandglass(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.execute(new Console(new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
                false, Optional.of(Path.of(".."))), args);
        return new Ended(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Ended run(String out, String... more) {
        return drawn(out, Stream.concat(Stream.of(UNDRAWN), Stream.of(more)).toArray(String[]::new));
    }

    private Ended drawn(String out, String... more) {
        List<String> args = new ArrayList<>(List.of("run", EXPERIMENT, "--out", dir.resolve(out).toString()));
        args.addAll(List.of(SMALL));
        args.addAll(List.of(more));
        return sandglass(args.toArray(String[]::new));
    }

    @Test void aRunLeavesEverythingTheContractNames() throws Exception {
        Ended ended = drawn("a");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("usetl").contains("95 % interval");
        assertThat(ended.err()).as("messages only, and there is none").isEmpty();
        assertThat(Files.readAllLines(dir.resolve("a/results.jsonl"))).hasSize(12);
        assertThat(dir.resolve("a/summary.csv")).exists();
        assertThat(dir.resolve("a/report.html")).exists();
        try (var figures = Files.list(dir.resolve("a/figures"))) {
            assertThat(figures.map(file -> file.toString().replaceAll(".*\\.", "")).toList()).contains("svg", "png", "csv").hasSize(9);
        }
    }

    /** Oracle: the first run. Nothing is simulated again, and the files come out the same. */
    @Test void theSameCommandAgainGivesTheSameFiles() throws Exception {
        run("a");
        byte[] results = Files.readAllBytes(dir.resolve("a/results.jsonl"));
        byte[] summary = Files.readAllBytes(dir.resolve("a/summary.csv"));
        assertThat(run("a").out()).contains("12 of them stored before");
        assertThat(Files.readAllBytes(dir.resolve("a/results.jsonl"))).isEqualTo(results);
        assertThat(Files.readAllBytes(dir.resolve("a/summary.csv"))).isEqualTo(summary);
    }

    /** Oracle: the first run, whose results are kept. A directory that another build wrote is used, but not without a word. */
    @Test void freshRunsEverythingAgainAndAnotherBuildIsNoted() throws Exception {
        run("a");
        byte[] results = Files.readAllBytes(dir.resolve("a/results.jsonl"));
        Files.writeString(dir.resolve("a/.build"), "older");
        assertThat(run("a").err()).contains("another build").contains("--fresh");
        Ended fresh = run("a", "--fresh");
        assertThat(fresh.out()).contains(" 0 of them stored before");
        assertThat(fresh.err()).isEmpty();
        assertThat(Files.readAllBytes(dir.resolve("a/results.jsonl.1"))).isEqualTo(results);
        assertThat(run("a").err()).isEmpty();
    }

    /** Oracle: a JSON parser, and the count of lines of summary.csv. */
    @Test void jsonIsOneDocumentOnStdout() throws Exception {
        JsonNode rows = new ObjectMapper().readTree(run("a", "--json").out());
        assertThat(rows.size()).isEqualTo(Files.readAllLines(dir.resolve("a/summary.csv")).size() - 1);
        assertThat(rows.get(0).get("n").isIntegralNumber()).isTrue();
        assertThat(new ObjectMapper().readTree(sandglass("doctor", "--json").out()).at("/checks/0/check").asText()).isEqualTo("java");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        stak=vm                    | stak: unknown key 'stak'; did you mean 'stack'?
        host.memory=16GHz          | host.memory: '16GHz' is not a size
        policy.keep-alive={ttl: -1s}| '-1s' is negative
        load.closed.clients=two    | load.closed.clients: 'two' is not a whole number of at least 1
        host=x                     | host: expected a mapping, found a single value
        noequals                   | 'noequals' is not path=value
        """)
    void badSettingsEndWithTwoAndSayWhere(String setting, String message) {
        Ended ended = run("a", "--set", setting.strip());
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains(message.strip());
        assertThat(ended.out()).isEmpty();
        assertThat(dir.resolve("a/results.jsonl")).doesNotExist();
    }

    @Test void anUnwritablePlaceEndsWithTwoBeforeAnyWork() throws Exception {
        Files.writeString(dir.resolve("file"), "mine");
        Ended ended = run("file/below");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("--out").contains("cannot be written to");
        assertThat(dir.resolve("file")).hasContent("mine");
    }

    @Test void figuresRefuseAnUnwritablePlaceTheSameWay() throws Exception {
        Files.writeString(dir.resolve("file"), "mine");
        Ended ended = sandglass("figures", "--out", dir.resolve("file/below").toString());
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("--out").contains("cannot be written to");
        assertThat(dir.resolve("file")).hasContent("mine");
    }

    /** Oracle: the parameters taken out; all are named at once, each with what needs it, and stored results stay. */
    @Test void aCalibrationWithoutNeededCostsEndsWithTwoAndNamesThemAll() throws Exception {
        run("a");
        byte[] before = Files.readAllBytes(dir.resolve("a/results.jsonl"));
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode calibration = (ObjectNode) mapper.readTree(Path.of("calibrations/published.json").toFile());
        ((ObjectNode) calibration.get("parameters")).remove(List.of("linux.syscall", "python.init"));
        Path less = dir.resolve("less.json");
        mapper.writeValue(less.toFile(), calibration);
        Ended ended = run("a", "--calibration", less.toString());
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("less.json").contains("'linux.syscall'").contains("'python.init'").contains("which step");
        assertThat(Files.readAllBytes(dir.resolve("a/results.jsonl"))).isEqualTo(before);
    }

    private Ended replay(String invocations, String durations) throws Exception {
        Path trace = Files.createDirectories(dir.resolve("trace"));
        Files.writeString(trace.resolve("invocations.csv"), invocations);
        Files.writeString(trace.resolve("durations.csv"), durations);
        Files.writeString(trace.resolve("memory.csv"), "HashOwner,HashApp,SampleCount,AverageAllocatedMb\no,a,1,100\n");
        return sandglass("run", "azure-2019.yaml", "--set", "trace.path=" + trace, "--set", "stack=usetl", "--set", "figures=[]",
                "--out", dir.resolve("t").toString());
    }

    private static final String INVOCATIONS = "HashOwner,HashApp,HashFunction,Trigger,1,2,3\no,a,f,http,1,0,2\n";
    private static final String DURATIONS = "HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum,percentile_Average_0,"
            + "percentile_Average_1,percentile_Average_25,percentile_Average_50,percentile_Average_75,percentile_Average_99,"
            + "percentile_Average_100\no,a,f,50,3,10,90,10,10,30,50,70,90,90\n";

    @Test void aTraceIsReplayed() throws Exception {
        Ended ended = replay(INVOCATIONS, DURATIONS);
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(Files.readString(dir.resolve("t/summary.csv"))).contains(",arrivals,1,1,3,");
    }

    @Test void aMissingTraceColumnEndsWithTwo() throws Exception {
        Ended ended = replay(INVOCATIONS, DURATIONS.replace("Average,Count", "Avrage,Count"));
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("durations.csv").contains("Average");
    }

    @Test void aTruncatedTraceLineEndsWithTwo() throws Exception {
        Ended ended = replay(INVOCATIONS + "o,a,g,ht", DURATIONS);
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("invocations.csv:3");
    }

    @Test void aMissingTraceEndsWithTwoAndSaysHowToGiveOne() {
        Ended ended = sandglass("run", "azure-2019.yaml", "--set", "trace.path=none", "--out", dir.resolve("t").toString());
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("trace.path: 'none' does not exist").doesNotContain("has no key 'trace'");
    }

    /** Oracle: a result agrees with itself; one with a changed count does not. */
    @Test void compareAnswersWithItsExitCode() throws Exception {
        run("a");
        String file = dir.resolve("a/results.jsonl").toString();
        Ended same = sandglass("compare", file, file);
        assertThat(same.code()).as(same.out()).isZero();
        assertThat(same.out()).contains("4 of 4 scenarios agree");
        Path other = dir.resolve("other.jsonl");
        Files.writeString(other, Files.readString(Path.of(file))
                .replaceAll("\"switch\":\"SYSCALL\",\"count\":(\\d+)", "\"switch\":\"SYSCALL\",\"count\":1$1"));
        Ended different = sandglass("compare", file, other.toString());
        assertThat(different.code()).isEqualTo(1);
        assertThat(different.out()).contains("wrong-structure");
        assertThat(sandglass("compare", file, dir.resolve("none").toString()).code()).isEqualTo(2);
    }

    @Test void validateHoldsTheSimulatorAgainstARecording() {
        run("a");
        List<String> args = new ArrayList<>(List.of("validate", EXPERIMENT, "--recorded", dir.resolve("a/results.jsonl").toString(),
                "--set", "figures=[]", "--out", dir.resolve("v").toString()));
        args.addAll(List.of(SMALL));
        Ended ended = sandglass(args.toArray(String[]::new));
        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        assertThat(dir.resolve("v/report.html")).exists();
    }

    @Test void aRecordingPlaysBackToTheSameSummary() throws Exception {
        run("a");
        Ended ended = run("b", "--executor", "recorded", "--recorded", dir.resolve("a/results.jsonl").toString());
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(Files.readAllBytes(dir.resolve("b/summary.csv"))).isEqualTo(Files.readAllBytes(dir.resolve("a/summary.csv")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rum", "run", "run none.yaml", "run figure-6.yaml --executor hope", "trace none --format azure-2019",
        "trace . --format azure-1999", "compare a", "run figure-6.yaml --seed x", "run figure-6.yaml --jobs 0 --out target/jobs"})
    void commandLinesThatMakeNoSenseEndWithTwo(String line) {
        Ended ended = sandglass(line.isEmpty() ? new String[0] : line.split(" "));
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).startsWith("sandglass: ");
        assertThat(ended.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "validate", "compare", "calibrate", "invoke", "density", "soak", "trace", "doctor", "bench", "figures"})
    void everyCommandExplainsItself(String command) {
        Ended ended = sandglass(command, "--help");
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("Usage: sandglass " + command);
        assertThat(ended.err()).isEmpty();
    }

    /** Oracle: a shell, which is what the quoted text is for. */
    @Test void theCommandInTheReportCanBeTypedAgain() throws Exception {
        List<String> arguments = List.of("stack=[vm, usetl]", "it's", "a.b=1", "");
        String text = "printf '%s\\n' " + arguments.stream().map(CommandText::quoted).collect(Collectors.joining(" "));
        Process shell = new ProcessBuilder("sh", "-c", text).start();
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList()).isEqualTo(arguments);
    }
}
