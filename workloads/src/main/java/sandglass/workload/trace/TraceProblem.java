package sandglass.workload.trace;

import java.util.Objects;

/**
 * Why a trace cannot be read.
 *
 * @param file the file or directory
 * @param line 1-based line at which the row starts, or 0 where no line is concerned
 * @param column name of the column, or empty
 * @param found what stands there
 * @param expected what should
 */
public record TraceProblem(String file, long line, String column, String found, String expected) {

    public TraceProblem {
        Objects.requireNonNull(file);
        Objects.requireNonNull(column);
        Objects.requireNonNull(found);
        Objects.requireNonNull(expected);
    }

    /** One line: {@code FILE:LINE: column 'X': found …, expected …}. */
    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + ": " + (column.isEmpty() ? "" : "column '" + column + "': ")
                + "found " + found + ", expected " + expected;
    }
}
