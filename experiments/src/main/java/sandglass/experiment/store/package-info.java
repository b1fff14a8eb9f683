/**
 * Results on disk: one JSON object a line ({@code results.jsonl}), appended as each run ends, and {@code summary.csv}. May not live
 * here: running anything, drawing, deciding what a result means.
 */
package sandglass.experiment.store;
