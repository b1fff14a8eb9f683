package sandglass.kvm.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** How fast the host's Python turns an empty loop: the unit in which functions spin. */
public final class LoopSpeed {

    private static final String PROGRAM = """
            import time
            def turn(n):
                start = time.perf_counter_ns()
                for _ in range(n):
                    pass
                return time.perf_counter_ns() - start
            print(min(turn(200000) for _ in range(9)) / 200000)
            """;

    private LoopSpeed() {
    }

    /** The least of nine tries of 200,000 turns, in ns a turn: other work on the machine only ever adds. */
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
