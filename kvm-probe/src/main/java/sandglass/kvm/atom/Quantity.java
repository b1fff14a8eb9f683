package sandglass.kvm.atom;

import java.util.Objects;
import sandglass.unit.Unit;

/**
 * A cost parameter that an atom measures.
 *
 * @param parameter its name in a calibration
 * @param meaning   one sentence: what is between the two looks at the clock, or what is counted
 */
public record Quantity(String parameter, Unit unit, String meaning) {
    public Quantity {
        Objects.requireNonNull(parameter);
        Objects.requireNonNull(unit);
        Objects.requireNonNull(meaning);
    }
}
