package sandglass.experiment.write;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The content of a trace, whatever its name: a digest over the names and bytes of the files in it. */
final class TraceDigest {

    private static final int BUFFER_BYTES = 1 << 16;

    private TraceDigest() {}

    /**
     * {@code sha256:…} of a file, or of a directory's files by name.
     *
     * @throws UncheckedIOException if something cannot be read
     */
    static String of(Path trace) {
        MessageDigest all = CanonicalJson.sha256();
        try {
            if (Files.isDirectory(trace)) {
                for (Path file : files(trace)) {
                    all.update(trace.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                    all.update(content(file));
                }
            } else {
                all.update(content(trace));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the trace " + trace + " cannot be read", e);
        }
        return "sha256:" + HexFormat.of().formatHex(all.digest());
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static byte[] content(Path file) throws IOException {
        MessageDigest digest = CanonicalJson.sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return digest.digest();
    }
}
