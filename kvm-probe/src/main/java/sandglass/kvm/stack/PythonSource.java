package sandglass.kvm.stack;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks whether a source is Python at all, by the host's interpreter in a process of its own, which compiles it and runs nothing of it. */
public final class PythonSource {

    private static final String PROGRAM = """
            import sys
            try:
                compile(sys.stdin.buffer.read(), "function", "exec", dont_inherit=True)
            except SyntaxError as e:
                print(e.lineno or 0, e.msg)
            except ValueError as e:
                print(0, e)
            """;
    private static final Pattern ANSWER = Pattern.compile("(\\d{1,9}) (.*)", Pattern.DOTALL);
    private static final long PATIENCE_SECONDS = 30;

    private PythonSource() {
    }

    /** @param line from 1; 0 if it is nowhere in particular */
    public record Mistake(int line, String message) {
    }

    /**
     * The first mistake, by which no function would come of it. Empty if there is none, if there is no such interpreter, or if compiling fails in
     * another way, by too deep nesting for example: whoever makes a sandbox for it will be told then.
     *
     * @throws UncheckedIOException if the interpreter cannot be started
     */
    public static Optional<Mistake> mistake(Path interpreter, String source) {
        if (!Files.isExecutable(interpreter)) {
            return Optional.empty();
        }
        try {
            Process process = new ProcessBuilder(List.of(interpreter.toString(), "-I", "-S", "-X", "utf8", "-c", PROGRAM))
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            try {
                try (OutputStream input = process.getOutputStream()) {
                    input.write(source.getBytes(StandardCharsets.UTF_8));
                } catch (IOException gone) {
                    return Optional.empty();
                }
                // What it prints fits into the pipe: a number and one sentence.
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    return Optional.empty();
                }
                Matcher answer = ANSWER.matcher(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
                return answer.matches() ? Optional.of(new Mistake(Integer.parseInt(answer.group(1)), answer.group(2))) : Optional.empty();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + interpreter, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
