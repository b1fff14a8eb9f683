package sandglass.experiment.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import sandglass.experiment.read.BadInputException;
import sandglass.result.RunResult;

/** A file of measured results, for those who cannot measure. */
public final class Recording {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Recording() {}

    /**
     * Finds out before anything is measured whether a recording can be written.
     *
     * @throws BadInputException if not
     */
    public static void requireWritable(Path file) {
        Path absolute = file.toAbsolutePath();
        try {
            Files.createDirectories(absolute.getParent());
            Files.delete(Files.createTempFile(absolute.getParent(), "writable", ".tmp"));
        } catch (IOException e) {
            throw BadInputException.of("--record " + file, "cannot be written: " + e.getClass().getSimpleName().replace("Exception", "") + " "
                    + e.getMessage());
        }
        if (Files.isDirectory(absolute)) {
            throw BadInputException.of("--record " + file, "is a directory; expected a file");
        }
    }

    /** Writes all that was not simulated, in the order given; a file that is there is replaced when the new one is complete. */
    public static void write(Path file, List<RunResult> results) {
        Path absolute = file.toAbsolutePath();
        try {
            Files.createDirectories(absolute.getParent());
            Path part = absolute.resolveSibling(absolute.getFileName() + ".part");
            try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(part))) {
                for (RunResult result : results) {
                    if (!result.executor().equals("sim")) {
                        out.write((withoutDirectories(ResultJson.line(result)) + "\n").getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
            Files.move(part, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** A recording travels: of where a trace was on this machine only its name stays, by which nobody looks for it. */
    private static String withoutDirectories(String line) throws IOException {
        JsonNode result = JSON.readTree(line);
        if (result.at("/scenario/spec/load/trace") instanceof ObjectNode trace && trace.hasNonNull("path")) {
            trace.put("path", String.valueOf(Path.of(trace.get("path").asText()).getFileName()));
            return JSON.writeValueAsString(result);
        }
        return line;
    }
}
