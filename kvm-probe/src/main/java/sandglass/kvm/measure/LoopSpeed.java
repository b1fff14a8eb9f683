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
                start = time.thread_time_ns()
                for _ in range(n):
                    pass
                return time.thread_time_ns() - start
            print(statistics.mean(turn(100000) for _ in range(60)) / 100000)
            """;

    private LoopSpeed() {
    }

    /**
     * The mean of 60 tries of 100,000 turns, in ns of core time a turn. Where a core shares its execution units with another that somebody else
     * uses, tries take either time or almost twice as much, and so do functions: a median would be the one or the other.
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
