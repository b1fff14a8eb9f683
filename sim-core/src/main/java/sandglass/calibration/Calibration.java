package sandglass.calibration;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import sandglass.unit.Unit;

/**
 * All parameters of one host or of the literature.
 *
 * @param name for example {@code published}
 * @param digest {@code sha256:…} of its content
 * @param parameters by name
 * @param host the fingerprint of the machine that the measured ones were measured on; empty if none was
 */
public record Calibration(String name, String digest, Map<String, Parameter> parameters, Map<String, String> host) {

    public Calibration {
        parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
        host = Collections.unmodifiableMap(new TreeMap<>(host));
    }

    /** A calibration of no particular machine. */
    public Calibration(String name, String digest, Map<String, Parameter> parameters) {
        this(name, digest, parameters, Map.of());
    }

    /**
     * The parameter of this name.
     *
     * @param neededBy the step, hop or region that needs it, for the message
     * @throws MissingCostException if it is not there or not in this unit
     */
    public Parameter require(String parameter, Unit unit, String neededBy) {
        Parameter found = parameters.get(parameter);
        if (found == null) {
            throw new MissingCostException("calibration '" + name + "' has no parameter '" + parameter + "' (" + unit.symbol()
                    + "), which " + neededBy + " needs");
        }
        if (found.unit() != unit) {
            throw new MissingCostException("calibration '" + name + "': parameter '" + parameter + "' is in " + found.unit().symbol()
                    + ", but " + neededBy + " needs it in " + unit.symbol());
        }
        return found;
    }
}
