package sandglass.plot;

import java.nio.file.Path;

/**
 * A figure on disk.
 *
 * @param name file name without ending; unique within a directory as long as experiments have different names
 * @param metric id of the metric that it shows; empty for phases, switches and series
 * @param caption what is drawn, over how many runs, and what the interval is
 * @param svg, png, csv the files
 */
public record Figure(String name, String metric, String title, String caption, Path svg, Path png, Path csv) {}
