package sandglass.experiment.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A table of aligned columns; a column with a greatest width is wrapped at spaces. */
final class TextTable {

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final int[] most;

    /** @param most greatest width of each column in characters; 0 for any width */
    TextTable(int... most) {
        this.most = most.clone();
    }

    TextTable row(List<String> cells) {
        rows.add(List.copyOf(cells));
        return this;
    }

    TextTable row(String... cells) {
        return row(List.of(cells));
    }

    /** The lines, each with a line break. */
    String text() {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        List<List<List<String>>> wrapped = rows.stream().map(this::wrap).toList();
        int[] widths = IntStream.range(0, columns).map(column -> wrapped.stream().filter(row -> column < row.size())
                .flatMap(row -> row.get(column).stream()).mapToInt(String::length).max().orElse(0)).toArray();
        StringBuilder text = new StringBuilder();
        for (List<List<String>> row : wrapped) {
            int lines = row.stream().mapToInt(List::size).max().orElse(0);
            for (int line = 0; line < lines; line++) {
                text.append(line(row, line, widths)).append('\n');
            }
        }
        return text.toString();
    }

    private static String line(List<List<String>> row, int line, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String cell = line < row.get(column).size() ? row.get(column).get(line) : "";
            text.append(column == 0 ? "" : GAP).append(cell).append(" ".repeat(widths[column] - cell.length()));
        }
        return text.toString().stripTrailing();
    }

    private List<List<String>> wrap(List<String> cells) {
        return IntStream.range(0, cells.size()).mapToObj(column -> wrap(cells.get(column), column < most.length ? most[column] : 0)).toList();
    }

    private static List<String> wrap(String cell, int width) {
        if (width == 0 || cell.length() <= width) {
            return List.of(cell);
        }
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : cell.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
