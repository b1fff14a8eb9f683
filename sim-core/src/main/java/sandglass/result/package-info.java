/**
 * What a run found: one {@link sandglass.result.RunResult} schema for every executor. Lives here: metrics, samples,
 * the ledger, guards, summaries with intervals, comparison of two results. May not live here: file formats, plots, anything
 * that runs.
 */
package sandglass.result;
