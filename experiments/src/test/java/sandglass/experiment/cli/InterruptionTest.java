package sandglass.experiment.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.experiment.store.ResultStore;

/** Real processes, ended from outside in the middle of a sweep. Oracle: the same sweep, not interrupted. */
class InterruptionTest {

    private static final int REPLICATIONS = 150;
    private static final long PATIENCE_S = 120;

    @TempDir Path dir;

    private List<String> arguments(String out) {
        return List.of("run", "figure-6.yaml", "--set", "stack=[vm, usetl]", "--set", "figures=[]", "--set",
                "length.replications=" + REPLICATIONS, "--out", dir.resolve(out).toString());
    }

    /** Starts a sweep in a process of its own and waits until it has stored something. */
    private Process started(String out) throws Exception {
        String classPath = Optional.ofNullable(System.getProperty("surefire.test.class.path")).orElse(System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath,
                "-Dsandglass.home=..", Main.class.getName()));
        command.addAll(arguments(out));
        Process process = new ProcessBuilder(command).redirectError(dir.resolve(out + ".err").toFile())
                .redirectOutput(dir.resolve(out + ".out").toFile()).start();
        Path results = dir.resolve(out).resolve(ResultStore.FILE);
        while (process.isAlive() && !(Files.exists(results) && Files.size(results) > 0)) {
            Thread.onSpinWait();
        }
        return process;
    }

    private String finished(String out) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(text, true, StandardCharsets.UTF_8);
        int code = Main.execute(new Console(stream, stream, false, Optional.of(Path.of(".."))), arguments(out).toArray(String[]::new));
        assertThat(code).as(text.toString(StandardCharsets.UTF_8)).isZero();
        return text.toString(StandardCharsets.UTF_8);
    }

    private List<String> lines(String out) throws Exception {
        return Files.readAllLines(dir.resolve(out).resolve(ResultStore.FILE)).stream().sorted().toList();
    }

    @Test void whatKillLeavesIsResumedToTheSameResults() throws Exception {
        Process killed = started("killed");
        killed.destroyForcibly();
        assertThat(killed.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        long stored = Files.readAllLines(dir.resolve("killed").resolve(ResultStore.FILE)).size();

        Process asked = started("asked");
        asked.destroy();
        assertThat(asked.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        byte[] left = Files.readAllBytes(dir.resolve("asked").resolve(ResultStore.FILE));
        assertThat(left[left.length - 1]).as("a polite end cuts off no line").isEqualTo((byte) '\n');
        assertThat(Files.readString(dir.resolve("asked.err"))).contains("interrupted").contains("the same command goes on from there");

        assertThat(stored).as("it was interrupted in the middle").isBetween(1L, 4L * REPLICATIONS - 1);
        finished("whole");
        assertThat(finished("killed")).doesNotContain(" 0 of them stored before");
        finished("asked");
        assertThat(lines("killed")).isEqualTo(lines("whole"));
        assertThat(lines("asked")).isEqualTo(lines("whole"));
        assertThat(dir.resolve("killed/summary.csv")).hasSameTextualContentAs(dir.resolve("whole/summary.csv"));
    }
}
