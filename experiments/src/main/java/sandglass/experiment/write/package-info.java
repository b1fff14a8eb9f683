/**
 * Values back into files: the canonical JSON of scenarios and calibrations, in the words that the readers accept, and the
 * digests over it. May not live here: reading, and results (see the store).
 */
package sandglass.experiment.write;
