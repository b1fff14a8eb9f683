package sandglass.calibration;

import java.util.Objects;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

/** One cost or size by name. */
public record Parameter(String name, Unit unit, Distribution distribution, Provenance provenance) {
    public Parameter {
        Objects.requireNonNull(name);
        Objects.requireNonNull(unit);
        Objects.requireNonNull(distribution);
        Objects.requireNonNull(provenance);
    }
}
