package sandglass.kvm.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import sandglass.run.UnsupportedHereException;

/**
 * A C program that does the same steps on the same host ({@code reference.c}), compiled here and run beside ours: what a step costs
 * is the host's doing first, and only the ratio is the program's. Not thread-safe.
 */
final class CReference implements AutoCloseable {

    private static final String SOURCE = "reference.c";
    private static final String HOW = "sudo apt-get install -y gcc libc6-dev";
    private static final long COMPILE_LIMIT_S = 60;
    private static final long END_LIMIT_S = 5;

    private final Process process;
    private final BufferedReader answers;
    private final OutputStream questions;

    private CReference(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
        this.questions = process.getOutputStream();
    }

    /**
     * Compiles and starts the program. It ends with this object, or when its input does.
     *
     * @throws UnsupportedHereException without a C compiler, or if it cannot compile the program
     */
    static CReference start() throws UnsupportedHereException {
        try {
            Path directory = Files.createTempDirectory("sandglass-reference");
            Path source = directory.resolve(SOURCE);
            Path program = directory.resolve("reference");
            try (InputStream text = CReference.class.getResourceAsStream(SOURCE)) {
                Files.copy(text, source);
                compile(source, program);
                return new CReference(new ProcessBuilder(program.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start());
            } finally {
                for (Path made : List.of(source, program, directory)) {
                    Files.deleteIfExists(made);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("C program to compare with", e);
        }
    }

    private static void compile(Path source, Path program) throws UnsupportedHereException, IOException {
        Path log = program.resolveSibling("log");
        Process compiler;
        try {
            compiler = new ProcessBuilder("cc", "-O2", "-o", program.toString(), source.toString()).redirectErrorStream(true)
                    .redirectOutput(log.toFile()).start();
        } catch (IOException e) {
            Files.deleteIfExists(log);
            throw new UnsupportedHereException("no C compiler: " + e.getMessage(), HOW);
        }
        try {
            boolean ended = compiler.waitFor(COMPILE_LIMIT_S, TimeUnit.SECONDS);
            if (!ended || compiler.exitValue() != 0) {
                String said = Files.readString(log).lines().filter(line -> line.contains("error")).findFirst().orElse("no reason given");
                throw new UnsupportedHereException("cc does not compile " + SOURCE + ": " + said, HOW);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while compiling", e);
        } finally {
            compiler.destroyForcibly();
            Files.deleteIfExists(log);
        }
    }

    /** Nanoseconds of so many system calls of a guest to its monitor and back, together. */
    long exitsNs(int count) {
        return ask("exit " + count);
    }

    /** Nanoseconds of a clone, the median of so many, with nothing populated. */
    long cloneNs(int count) {
        return ask("clone " + count);
    }

    /** Nanoseconds of so many first touches of pages that the host has present, together; at most 1500. */
    long faultsNs(int count) {
        return ask("fault " + count);
    }

    private long ask(String question) {
        try {
            questions.write((question + "\n").getBytes(StandardCharsets.US_ASCII));
            questions.flush();
            String answer = answers.readLine();
            if (answer == null || answer.startsWith("-")) {
                throw new IOException("it answered " + answer);
            }
            return Long.parseLong(answer);
        } catch (IOException e) {
            throw new UncheckedIOException("C program, question '" + question + "'", e);
        }
    }

    @Override
    public void close() {
        try {
            questions.close();
            process.waitFor(END_LIMIT_S, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException("C program", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
