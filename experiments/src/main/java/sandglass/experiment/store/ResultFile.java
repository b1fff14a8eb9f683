package sandglass.experiment.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.read.NotJson;
import sandglass.experiment.read.Problem;
import sandglass.result.RunResult;

/**
 * The results in a {@code .jsonl} or {@code .jsonl.gz} file.
 *
 * @param results in file order
 * @param wholeBytes length of the file up to the end of the last complete line
 * @param truncated whether there was more after that: a line whose writing was cut off
 */
public record ResultFile(List<RunResult> results, long wholeBytes, boolean truncated) {

    /**
     * Reads a file. A last line that was cut off is left out; anything else that is no result is refused.
     *
     * @throws BadInputException with each bad line and what is wrong with it
     */
    public static ResultFile read(Path file) {
        byte[] bytes = bytes(file);
        List<RunResult> results = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        int line = 1;
        int begin = 0;
        for (int end = next(bytes, begin); end >= 0; end = next(bytes, begin)) {
            parse(bytes, begin, end, file, line++, results, problems);
            begin = end + 1;
        }
        if (!problems.isEmpty()) {
            throw new BadInputException(problems);
        }
        return new ResultFile(List.copyOf(results), begin, begin < bytes.length);
    }

    private static void parse(byte[] bytes, int begin, int end, Path file, int line, List<RunResult> results, List<Problem> problems) {
        String text = new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
        try {
            if (!text.isBlank()) {
                results.add(ResultJson.result(text));
            }
        } catch (JsonFields.Mismatch | IllegalArgumentException | ArithmeticException e) {
            problems.add(new Problem(file.toString(), line, "", e.getMessage()));
        } catch (JsonProcessingException e) {
            problems.add(new Problem(file.toString(), line, "", "not valid JSON: " + NotJson.reason(e)));
        }
    }

    private static int next(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static byte[] bytes(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (!file.toString().endsWith(".gz")) {
                return bytes;
            }
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return in.readAllBytes();
            }
        } catch (NoSuchFileException e) {
            throw BadInputException.of(file.toString(), "no such file; expected results as results.jsonl or .jsonl.gz");
        } catch (ZipException | EOFException e) {
            throw BadInputException.of(file.toString(), "not a complete gzip file: " + e.getMessage());
        } catch (IOException e) {
            throw BadInputException.of(file.toString(), Files.isDirectory(file) ? "is a directory; expected a file such as results.jsonl"
                    : "cannot be read: " + e.getMessage());
        }
    }
}
