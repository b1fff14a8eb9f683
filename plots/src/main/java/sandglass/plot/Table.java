package sandglass.plot;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sandglass.result.SummaryRow;

/** What a figure draws, number by number: the content of the CSV beside it. */
final class Table {

    private final List<String> columns;
    private final List<List<String>> rows = new ArrayList<>();

    Table(List<String> columns) {
        this.columns = List.copyOf(columns);
    }

    /** Adds a row; numbers are written so that they read back the same, NaN and infinity as nothing. */
    void add(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            if (cell instanceof Iterable<?> several) {
                several.forEach(one -> row.add(text(one)));
            } else {
                row.add(text(cell));
            }
        }
        if (row.size() != columns.size()) {
            throw new IllegalArgumentException(row.size() + " cells for the columns " + columns);
        }
        rows.add(row);
    }

    private static String text(Object cell) {
        return cell instanceof Double number ? SummaryRow.number(number) : cell.toString();
    }

    List<List<String>> rows() {
        return rows;
    }

    void write(Path file) {
        try (CsvWriter writer = CsvWriter.builder().build(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
            writer.writeRecord(columns);
            rows.forEach(writer::writeRecord);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
