/**
 * The command line: options in, tables and files out, exit codes 0 (done), 1 (the answer is no), 2 (bad input), 3 (this host lacks
 * something). May not live here: anything that another part could want to do without a terminal.
 */
package sandglass.experiment.cli;
