package sandglass.kvm.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** How fast the host's Python turns an empty loop: the unit in which functions spin. */
public final class LoopSpeed {

    private static final String PROGRAM = """
            import statistics, time
            def turn(n):
                start = time.perf_counter_ns()
                for _ in range(n):
                    pass
                return time.perf_counter_ns() - start
            print(statistics.median(turn(200000) for _ in range(25)) / 200000)
            """;

    private LoopSpeed() {
    }

    /**
     * The median of 25 tries of 200,000 turns, in ns a turn. Not the least: where a core shares its execution units with another that somebody
     * else uses, most tries take twice as long as the luckiest, and so do functions.
     */
    public static double turnNs(Path interpreter) {
        try {
            Process process = new ProcessBuilder(List.of(interpreter.toString(), "-I", "-S", "-c", PROGRAM))
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(interpreter + " ended with " + process.exitValue());
            }
            return Double.parseDouble(output);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + interpreter, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
