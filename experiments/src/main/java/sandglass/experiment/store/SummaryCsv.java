package sandglass.experiment.store;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import sandglass.result.RunResult;
import sandglass.result.Summary;
import sandglass.result.SummaryRow;

/** {@code summary.csv}: one row for each metric of each scenario and executor. */
public final class SummaryCsv {

    /** Name of the file within a results directory. */
    public static final String FILE = "summary.csv";

    private SummaryCsv() {}

    /** Writes the summary of these results into a directory, all at once or not at all; gives the rows. */
    public static List<SummaryRow> write(List<RunResult> results, Path directory) {
        List<SummaryRow> rows = Summary.rows(results);
        List<String> columns = SummaryRow.columns(rows);
        Path file = directory.resolve(FILE);
        Path fresh = directory.resolve(FILE + ".tmp");
        try {
            try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(fresh)) {
                csv.writeRecord(columns);
                rows.forEach(row -> csv.writeRecord(row.cells(columns)));
            }
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return rows;
    }
}
