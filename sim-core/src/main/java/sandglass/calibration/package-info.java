/**
 * Costs as data: each a distribution with unit and provenance. May not live here: any number.
 */
package sandglass.calibration;
