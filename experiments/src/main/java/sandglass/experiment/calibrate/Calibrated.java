package sandglass.experiment.calibrate;

import java.util.List;
import java.util.Map;
import sandglass.calibration.Calibration;
import sandglass.calibration.Fit;
import sandglass.calibration.Parameter;
import sandglass.kvm.atom.Reading;

/**
 * What came out of a calibration.
 *
 * @param measured    the parameters measured on this host
 * @param fits        how each was fitted
 * @param unsupported what could not be measured, and why
 * @param carried     names of the parameters that stay as they are published or assumed
 */
public record Calibrated(Calibration calibration, Map<String, Parameter> measured, Map<String, Fit> fits,
        List<Reading.Unsupported> unsupported, List<String> carried) {
    public Calibrated {
        measured = Map.copyOf(measured);
        fits = Map.copyOf(fits);
        unsupported = List.copyOf(unsupported);
        carried = List.copyOf(carried);
    }
}
