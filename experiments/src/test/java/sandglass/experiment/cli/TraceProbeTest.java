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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.kvm.vm.Kvm;
import sandglass.kvm.vm.KvmUnavailableException;

/** Replays recorded arrivals for real. Oracle: the trace's own rows; that whoever waits or computes for a time takes at least that long. */
class TraceProbeTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir private Path directory;

    private String run(String stack, String service) throws IOException {
        // Five invocations of two functions within ten seconds, replayed in one.
        Files.writeString(directory.resolve("trace.csv"),
                "app,func,end_timestamp,duration\na,f,0.02,0.02\na,f,2.05,0.05\na,g,4.03,0.03\na,g,4.04,0.03\na,f,9.01,0.01\n");
        Path file = Files.writeString(directory.resolve("t.yaml"), """
                experiment: t
                question: Does a trace run for real?
                role: validate
                stack: %s
                trace: {format: azure-2021, path: trace.csv, service: %s, speed: 10}
                load: trace
                function: {name: f, work: []}
                host: {cores: 2, memory: 1GiB}
                length: {load: exhausted}
                """.formatted(stack, service));
        Path results = directory.resolve("o-" + stack + service);
        Path home = Path.of("").toAbsolutePath().getParent();
        Console console = new Console(new PrintStream(out, true), new PrintStream(err, true), false, Optional.of(home));
        assertThat(Main.execute(console, "run", file.toString(), "--executor", "probe", "--out", results.toString()))
                .as(err.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.DONE);
        return Files.readString(results.resolve("results.jsonl"));
    }

    private void replays(String stack, String service) throws IOException {
        JsonNode result = new ObjectMapper().readTree(run(stack, service));
        assertThat(result.get("facts").get("functions.errors").asInt()).isZero();
        assertThat(values(result, "arrivals")).containsExactly(5);
        assertThat(values(result, "invocations")).containsExactly(5);
        double[] serviceNs = values(result, "service");
        assertThat(serviceNs).hasSize(5);
        if (service.equals("wait")) {
            double sum = 0;
            for (double ns : serviceNs) {
                sum += ns;
                assertThat(ns).isGreaterThanOrEqualTo(10e6);
            }
            assertThat(sum).isGreaterThanOrEqualTo(140e6);
        }
        assertThat(values(result, "cpu.per-invocation")[0]).isPositive();
    }

    private static double[] values(JsonNode result, String metric) {
        for (JsonNode measurement : result.get("measurements")) {
            if (measurement.get("metric").asText().equals(metric)) {
                double[] values = new double[measurement.get("raw").size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = measurement.get("raw").get(i).asDouble();
                }
                return values;
            }
        }
        throw new AssertionError("no " + metric + " in " + result);
    }

    @Test
    void aTraceRunsOnProcesses() throws IOException {
        replays("process", "wait");
        replays("process", "compute");
    }

    @Tag("kvm")
    @Test
    void aTraceRunsOnUnikernels() throws IOException {
        try {
            Kvm.open().close();
        } catch (KvmUnavailableException e) {
            System.out.println("SKIPPED trace probe test: " + e.getMessage());
            assumeTrue(false, e.getMessage());
        }
        replays("usetl", "wait");
    }
}
