/**
 * From atoms to a calibration file: which are still to be measured, the side file with their raw values, the fits, and whose host a
 * calibration describes. May not live here: how something is measured.
 */
package sandglass.experiment.calibrate;
