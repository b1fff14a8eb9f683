package sandglass.workload.function;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** The host's python3 with the harness, one process for many invocations. */
final class PythonProcess implements AutoCloseable {

    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;
    private final Path errors;

    private PythonProcess(Path python, Path scratch) throws IOException {
        Path harness = scratch.resolve("harness.py");
        try (var resource = PythonProcess.class.getResourceAsStream("harness.py")) {
            Files.copy(resource, harness);
        }
        errors = scratch.resolve("stderr");
        process = new ProcessBuilder(python.toString(), harness.toString()).redirectError(errors.toFile()).start();
        requests = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts it, or aborts the test with the reason printed. */
    static PythonProcess start(Path scratch) throws IOException {
        Optional<Path> python = List.of("/usr/bin", "/usr/local/bin", "/bin").stream().map(d -> Path.of(d, "python3"))
                .filter(Files::isExecutable).findFirst();
        if (python.isEmpty()) {
            System.err.println("skipped: this host has no python3");
        }
        Assumptions.assumeTrue(python.isPresent(), "this host has no python3");
        return new PythonProcess(python.get(), scratch);
    }

    /** Invokes a function of this module; gives its result as JSON. */
    String invoke(EtlFunction function, String event) throws IOException {
        Path file = Path.of("functions", function.file()).toAbsolutePath();
        requests.write("[" + Json.text(file.toString()) + "," + event + "]\n");
        requests.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new AssertionError(function + " failed:\n" + Files.readString(errors));
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        requests.close();
        process.destroy();
    }
}
