/**
 * The report that a run leaves behind: one HTML file that opens offline, with the answer, the figures, the tables, every parameter and where it
 * comes from, and the command that gives the same numbers again. May not live here: running anything, drawing, statistics.
 */
package sandglass.experiment.report;
