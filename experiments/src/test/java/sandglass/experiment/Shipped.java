package sandglass.experiment;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import sandglass.calibration.Calibration;
import sandglass.experiment.read.CalibrationReader;
import sandglass.experiment.read.Library;
import sandglass.scenario.Stack;

/** The files that come with Sandglass, and the figures they quote, which do not. */
final class Shipped {

    /** The module's directory is where users find experiments, stacks and calibrations. */
    static final Path DIRECTORY = directory();

    private Shipped() {}

    static Library library() {
        return new Library(List.of(DIRECTORY));
    }

    static List<Stack> stacks() {
        Library library = library();
        return library.stackNames().stream().map(library::stack).toList();
    }

    static Calibration published() {
        Path file = DIRECTORY.resolve("calibrations/published.json");
        return CalibrationReader.read(file, file.toString());
    }

    static List<Path> experiments() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("functions.yaml")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The collection of published figures beside the repository, or an aborted test with the reason printed. */
    static List<NamedCsvRecord> publishedFigures() {
        Path file = DIRECTORY.resolve("../../shared/design/published-figures.csv").normalize();
        if (!Files.exists(file)) {
            System.err.println("skipped: no ../shared/design/published-figures.csv beside the repository");
        }
        Assumptions.assumeTrue(Files.exists(file), "no ../shared/design/published-figures.csv beside the repository");
        try (CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(file)) {
            return rows.stream().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path directory() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("stacks")) ? here : here.resolve("experiments");
    }
}
