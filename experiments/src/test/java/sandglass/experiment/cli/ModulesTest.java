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
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.kvm.vm.Kvm;
import sandglass.kvm.vm.KvmUnavailableException;

/** A user's packages, limits and files, the same on every stack. Oracle: what Python's documentation says of the packages written here. */
class ModulesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FUNCTION = """
            import greet, greet.data
            def handler(event, etl):
                try:
                    import hidden
                    seen = True
                except ModuleNotFoundError as error:
                    seen = str(error)
                return [greet.hello(event), greet.data.TEXT, seen]
            """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir private Path directory;

    @BeforeEach
    void makePackages() throws IOException {
        Path store = Files.createDirectories(directory.resolve("site"));
        Files.createDirectories(store.resolve("greet"));
        Files.writeString(store.resolve("greet/__init__.py"), "from helper import join\ndef hello(name):\n    return join('hello', name)\n");
        Files.writeString(store.resolve("greet/data.py"), "import pathlib\nTEXT = (pathlib.Path(__file__).parent / 'text.txt').read_text()\n");
        Files.writeString(store.resolve("greet/text.txt"), "kept beside");
        Files.writeString(store.resolve("helper.py"), "def join(*words):\n    return ', '.join(words)\n");
        Files.writeString(store.resolve("hidden.py"), "");
        Files.writeString(directory.resolve("f.py"), FUNCTION);
    }

    private int sandglass(String... arguments) {
        out.reset();
        err.reset();
        Path home = Path.of("").toAbsolutePath().getParent();
        return Main.execute(new Console(new PrintStream(out, true), new PrintStream(err, true), false, Optional.of(home)), arguments);
    }

    private String error() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private static void needsKvm() {
        try {
            Kvm.open().close();
        } catch (KvmUnavailableException e) {
            System.out.println("SKIPPED modules test: " + e.getMessage());
            assumeTrue(false, e.getMessage());
        }
    }

    @Test
    void aProcessImportsWhatItWasGiven() throws IOException {
        imports("process");
    }

    @Tag("kvm")
    @Test
    void aUnikernelImportsWhatItWasGiven() throws IOException {
        needsKvm();
        imports("usetl");
    }

    private void imports(String stack) throws IOException {
        assertThat(sandglass("invoke", path("f.py"), "--stack", stack, "--json", "--event", "\"you\"", "--module-store", path("site"),
                "--modules", "greet,helper", "--repeat", "2")).as(error()).isEqualTo(ExitCode.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8).lines().toList()).hasSize(2).allSatisfy(line -> assertThat(JSON.readTree(line)
                .get("result").toString()).isEqualTo("[\"hello, you\",\"kept beside\",\"No module named 'hidden'\"]"));
        Files.writeString(directory.resolve("open.py"), "import os\ndef handler(event, etl):\n    held = []\n    try:\n"
                + "        while True:\n            held.append(os.dup(1))\n"
                + "    except OSError as error:\n        return [error.strerror, len(held) < 64]\n");
        assertThat(sandglass("invoke", path("open.py"), "--stack", stack, "--json", "--descriptors", "64")).as(error()).isEqualTo(ExitCode.DONE);
        assertThat(JSON.readTree(out.toString(StandardCharsets.UTF_8)).get("result").toString()).isEqualTo("[\"Too many open files\",true]");
    }

    @Test
    void aScenarioNamesItsModules() throws IOException {
        Path file = scenario("module-store: {directory: site, modules: [greet, helper]}, event: '\"you\"'");
        Path results = directory.resolve("o");
        assertThat(sandglass("run", file.toString(), "--executor", "probe", "--out", results.toString())).as(error()).isEqualTo(ExitCode.DONE);
        JsonNode result = JSON.readTree(Files.readString(results.resolve("results.jsonl")));
        assertThat(result.get("warnings").toString()).doesNotContain("exception");
        JsonNode function = result.get("scenario").get("spec").get("functions").get(0);
        assertThat(function.get("modules").asInt()).isEqualTo(2);
        String before = result.get("scenario").get("digest").asText();
        Files.writeString(directory.resolve("site/helper.py"), "def join(*words):\n    raise OSError(words)\n");
        assertThat(sandglass("run", file.toString(), "--executor", "probe", "--out", results.toString())).as(error()).isEqualTo(ExitCode.DONE);
        JsonNode changed = JSON.readTree(Files.readAllLines(results.resolve("results.jsonl")).get(1));
        assertThat(changed.get("scenario").get("digest").asText()).isNotEqualTo(before);
        assertThat(changed.get("warnings").toString()).contains("3 of 3 calls raised an exception");
    }

    @Test
    void badModulesAreNamedWithTheirPlace() throws IOException {
        assertThat(sandglass("run", scenario("module-store: {directory: site, modules: [greet, nope], colour: red}").toString()))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(error()).contains("function.module-store.modules[1]", "has no module 'nope'", "greet, helper, hidden", "colour");
        assertThat(sandglass("run", scenario("module-store: nowhere").toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(error()).contains("function.module-store", "nowhere");
        assertThat(sandglass("invoke", path("f.py"), "--modules", "a", "--files", "-1", "--descriptors", "3")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(error()).contains("--modules", "--files", "--descriptors");
        assertThat(sandglass("invoke", path("f.py"), "--modules", "a,helper", "--module-store", path("site"))).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(error()).contains("'a' is not in", "greet, helper, hidden");
    }

    private Path scenario(String more) throws IOException {
        return Files.writeString(directory.resolve("m.yaml"), """
                experiment: m
                question: Does it import?
                role: validate
                stack: process
                function: {name: f, file: f.py, %s}
                load: {closed: {clients: 1, think: 1ms}}
                host: {cores: 2, memory: 1GiB}
                length: {invocations: 3, replications: 1}
                """.formatted(more));
    }
}
