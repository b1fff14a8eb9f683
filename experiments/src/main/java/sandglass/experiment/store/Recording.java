package sandglass.experiment.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import sandglass.result.RunResult;

/** A file of measured results, for those who cannot measure. */
public final class Recording {

    private Recording() {}

    /** Writes all that was not simulated, in the order given; a file that is there is replaced when the new one is complete. */
    public static void write(Path file, List<RunResult> results) {
        Path absolute = file.toAbsolutePath();
        try {
            Files.createDirectories(absolute.getParent());
            Path part = absolute.resolveSibling(absolute.getFileName() + ".part");
            try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(part))) {
                for (RunResult result : results) {
                    if (!result.executor().equals("sim")) {
                        out.write(((ResultJson.line(result) + "\n")).getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
            Files.move(part, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
