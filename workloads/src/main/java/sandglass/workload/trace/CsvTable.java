package sandglass.workload.trace;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * One CSV file with a header, read row by row, columns found by name. Tolerates and counts a byte order mark, CR LF,
 * blank lines and quotes; a name in {@code .gz} is decompressed. A row with too few or too many fields, or a value that
 * does not parse, goes to the problem log and reading continues.
 */
final class CsvTable implements Closeable {

    private static final int BUFFER_BYTES = 1 << 18;
    private static final int MOST_INVOCATIONS_A_MINUTE = 100_000_000;

    private final Path file;
    private final ProblemLog problems;
    private final Quirks quirks;
    private final InputStream bytes;
    private final CloseableIterator<CsvRow> rows;
    private final CsvRow row = new CsvRow();
    private final List<String> header = new ArrayList<>();
    private final Map<String, Integer> columns = new HashMap<>();
    private boolean broken;
    private long headerLine;

    /** Opens the file and reads its header; a missing header is a problem and leaves the table without rows. */
    CsvTable(Path file, ProblemLog problems, Quirks quirks) throws IOException {
        this.file = file;
        this.problems = problems;
        this.quirks = quirks;
        this.bytes = open(file, quirks);
        this.rows = CsvReader.builder().allowMissingFields(true).allowExtraFields(true)
                .build(row, new InputStreamReader(bytes, StandardCharsets.UTF_8)).iterator();
        if (!advance()) {
            if (!broken) {
                problems.add(file, 0, "", "no line", "a header line");
                broken = true;
            }
            return;
        }
        headerLine = row.line();
        for (int i = 0; i < row.fields(); i++) {
            String name = row.text(i);
            header.add(name);
            if (columns.putIfAbsent(name, i) != null) {
                problems.add(file, row.line(), name, "the column a second time", "each column once");
            }
        }
    }

    private static InputStream open(Path file, Quirks quirks) throws IOException {
        InputStream raw = Files.newInputStream(file);
        try {
            boolean compressed = file.getFileName().toString().endsWith(".gz");
            InputStream plain = compressed ? new GZIPInputStream(raw, BUFFER_BYTES) : raw;
            BufferedInputStream in = new BufferedInputStream(plain, BUFFER_BYTES);
            in.mark(BUFFER_BYTES);
            byte[] start = in.readNBytes(BUFFER_BYTES - 1);
            in.reset();
            if (start.length >= 3 && start[0] == (byte) 0xef && start[1] == (byte) 0xbb && start[2] == (byte) 0xbf) {
                quirks.met(Quirk.BYTE_ORDER_MARK, file, 1);
                in.skipNBytes(3);
            }
            for (int i = 1; i < start.length; i++) {
                if (start[i] == '\n') {
                    if (start[i - 1] == '\r') {
                        quirks.met(Quirk.CARRIAGE_RETURN, file, 1);
                    }
                    break;
                }
            }
            return in;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    Path file() {
        return file;
    }

    /** The names of the columns, in order. */
    List<String> header() {
        return header;
    }

    boolean has(String column) {
        return columns.containsKey(column);
    }

    /** Index of a column that must be there, or -1 after noting a problem. */
    int require(String column) {
        Integer index = columns.get(column);
        if (index == null) {
            if (!header.isEmpty()) {
                problems.add(file, headerLine, column, "no such column", "a column of this name");
            }
            broken = true;
            return -1;
        }
        return index;
    }

    /** Index of a column, or -1. */
    int find(String column) {
        return columns.getOrDefault(column, -1);
    }

    /** Moves to the next row that has as many fields as the header; false at the end or if the header is of no use. */
    boolean next() {
        while (!broken && advance()) {
            if (row.quoted()) {
                quirks.met(Quirk.QUOTED_FIELD, file, row.line());
            }
            if (row.fields() == header.size()) {
                return true;
            }
            if (row.fields() == 1 && row.isEmpty(0)) {
                quirks.met(Quirk.BLANK_LINE, file, row.line());
            } else {
                problems.add(file, row.line(), "", row.fields() + " fields", header.size()
                        + " fields, as in the header");
            }
        }
        quirks.met(Quirk.BLANK_LINE, row.blankLines(), file, row.firstBlankLine(), "");
        return false;
    }

    private boolean advance() {
        try {
            if (rows.hasNext()) {
                rows.next();
                return true;
            }
            return false;
        } catch (CsvParseException e) {
            problems.add(file, row.line(), "", "a malformed row (" + e.getMessage() + ")",
                    "fields separated by commas");
        } catch (UncheckedIOException e) {
            problems.add(file, row.line(), "", "an unreadable byte (" + e.getCause().getMessage() + ")",
                    "a readable file");
        }
        broken = true;
        return false;
    }

    long line() {
        return row.line();
    }

    String text(int column) {
        return row.text(column);
    }

    boolean isEmpty(int column) {
        return row.isEmpty(column);
    }

    /**
     * A number of invocations; a fraction is rounded and counted. What is no such number is a problem and read as 0.
     */
    int count(int column) {
        int digits = row.digits(column);
        if (digits >= 0 && digits <= MOST_INVOCATIONS_A_MINUTE) {
            return digits;
        }
        double value = parsed(row.text(column));
        if (!(value >= 0) || value > MOST_INVOCATIONS_A_MINUTE) {
            problem(column, "a number of invocations between 0 and " + MOST_INVOCATIONS_A_MINUTE);
            return 0;
        }
        if (value != Math.rint(value)) {
            quirks.met(Quirk.FRACTIONAL_COUNT, 1, file, row.line(), row.text(column));
        }
        return (int) Math.round(value);
    }

    /** A finite number; what is none is a problem and read as 0. */
    double number(int column, String expected) {
        double value = parsed(row.text(column));
        if (!Double.isFinite(value)) {
            problem(column, expected);
            return 0;
        }
        return value;
    }

    /** A finite number between 0 and {@code most}; what is none is a problem and read as 0. */
    double nonNegative(int column, double most, String expected) {
        double value = parsed(row.text(column));
        if (!(value >= 0 && value <= most)) {
            problem(column, expected);
            return 0;
        }
        return value;
    }

    /** Notes that the current row has something else in this column. */
    void problem(int column, String expected) {
        problems.add(file, row.line(), header.get(column), "'" + row.text(column) + "'", expected);
    }

    /** NaN for whatever is no decimal number, including the hexadecimal and suffixed ones that Java knows. */
    private static double parsed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
                return Double.NaN;
            }
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
        bytes.close();
    }
}
