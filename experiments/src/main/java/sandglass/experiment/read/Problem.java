package sandglass.experiment.read;

/**
 * One thing that is wrong with the user's input.
 *
 * @param file the file as the user named it, or what stands for it ({@code --set})
 * @param line 1-based line, or 0 where there is none
 * @param path dotted path inside the file, or empty for the file as a whole
 * @param message what was found and what was expected
 */
public record Problem(String file, int line, String path, String message) {

    /** {@code file:line: path: message}, without the parts that are absent. */
    @Override public String toString() {
        return file + (line > 0 ? ":" + line : "") + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
