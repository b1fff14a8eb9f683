package sandglass.plot;

import java.nio.file.Path;

/**
 * A figure on disk.
 *
 * @param name file name without ending; unique within a directory as long as experiments have different names
 * @param caption what is drawn, over how many runs, and what the interval is
 * @param svg, png, csv the files
 */
public record Figure(String name, String title, String caption, Path svg, Path png, Path csv) {}
