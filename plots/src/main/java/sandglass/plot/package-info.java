/**
 * Figures from results: what to draw ({@link sandglass.plot.FigureSpec}), and drawing it as SVG and PNG beside the CSV that holds exactly
 * what was drawn ({@link sandglass.plot.Figures}). One class a kind of figure, one style for all. Reads results only; may not live
 * here: anything that runs a scenario, parses an experiment or knows a cost.
 */
package sandglass.plot;
