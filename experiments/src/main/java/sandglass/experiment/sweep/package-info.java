/**
 * Running every scenario as often as it needs, on as many threads as there are, and skipping what was run before. May not live here: file
 * formats, the command line.
 */
package sandglass.experiment.sweep;
