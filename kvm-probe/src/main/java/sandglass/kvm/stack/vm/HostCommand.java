package sandglass.kvm.stack.vm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/** Short programs of the host. */
final class HostCommand {

    private static final int MOST_SAID = 300;

    private HostCommand() {
    }

    /** A program that is missing, failed or did not end; the message says which and what it printed. */
    static final class FailedException extends Exception {

        private static final long serialVersionUID = 1L;

        FailedException(String message) {
            super(message);
        }
    }

    /** Runs a program; gives what it printed. */
    static String run(long limitS, Path directory, String... words) throws FailedException {
        return new String(output(limitS, directory, words), StandardCharsets.UTF_8);
    }

    /** The same as bytes. */
    static byte[] output(long limitS, Path directory, String... words) throws FailedException {
        try {
            Path out = Files.createTempFile("sandglass", ".out");
            Path err = Files.createTempFile("sandglass", ".err");
            try {
                Process process = new ProcessBuilder(words).directory(directory.toFile()).redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(out.toFile()).redirectError(err.toFile()).start();
                if (!process.waitFor(limitS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new FailedException(words[0] + " did not end within " + limitS + " s");
                }
                if (process.exitValue() != 0) {
                    String said = Files.readString(err, StandardCharsets.ISO_8859_1).strip();
                    throw new FailedException(words[0] + " failed: " + said.substring(0, Math.min(MOST_SAID, said.length())));
                }
                return Files.readAllBytes(out);
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
            }
        } catch (IOException e) {
            throw new FailedException(words[0] + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailedException(words[0] + ": interrupted");
        }
    }

    /** Deletes a directory with all that is in it. */
    static void deleteTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
