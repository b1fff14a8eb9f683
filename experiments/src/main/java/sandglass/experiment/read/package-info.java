/**
 * Strict readers of the files that users write: stacks, functions, experiments, suites, figures, calibrations. Every
 * problem of a file is collected with its line and dotted path before anything is refused. May not live here: anything that
 * runs a scenario or writes a file.
 */
package sandglass.experiment.read;
