package sandglass.experiment.calibrate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sandglass.calibration.Calibration;
import sandglass.calibration.Fit;
import sandglass.calibration.Fitter;
import sandglass.calibration.Parameter;
import sandglass.calibration.Provenance;
import sandglass.experiment.write.CalibrationWriter;
import sandglass.kvm.atom.Atom;
import sandglass.kvm.atom.Quantity;
import sandglass.kvm.atom.Reading;
import sandglass.result.Guard;

/** Turns what was measured into a calibration. */
final class Fitting {

    private final Map<String, String> host;
    private final Map<String, Parameter> parameters = new TreeMap<>();
    private final Map<String, Fit> fits = new LinkedHashMap<>();
    private final List<Reading.Unsupported> unsupported = new ArrayList<>();
    private final Map<String, Parameter> measured = new LinkedHashMap<>();

    /**
     * Begins with what is known from elsewhere.
     *
     * @param carried parameters that stay as they are where the host gives no better
     * @param host    the fingerprint of the machine measured
     */
    Fitting(Calibration carried, Map<String, String> host) {
        this.host = host;
        parameters.putAll(carried.parameters());
    }

    void add(Atom atom, AtomRecord taken) {
        Map<String, Quantity> declared = atom.quantities().stream().collect(Collectors.toMap(Quantity::parameter, quantity -> quantity));
        for (Reading reading : taken.readings()) {
            Quantity quantity = declared.get(reading.parameter());
            if (quantity == null) {
                continue; // measured by an older version of the atom
            }
            if (reading instanceof Reading.Measured values) {
                Fit fit = Fitter.fit(values.values());
                Parameter parameter = new Parameter(quantity.parameter(), quantity.unit(), fit.distribution(), new Provenance.Measured(
                        line(host), taken.date(), values.n(), atom.clock().name().toLowerCase(Locale.ROOT),
                        method(atom, quantity, values, fit, taken)));
                parameters.put(parameter.name(), parameter);
                measured.put(parameter.name(), parameter);
                fits.put(parameter.name(), fit);
            } else {
                unsupported.add((Reading.Unsupported) reading);
            }
        }
    }

    private static String method(Atom atom, Quantity quantity, Reading.Measured values, Fit fit, AtomRecord taken) {
        String guards = values.guards().stream().map(Fitting::text).collect(Collectors.joining(", "));
        return quantity.meaning() + ". Atom " + atom.name() + ": " + atom.method() + ". Guards: " + (guards.isEmpty() ? "none" : guards) + ". Fit: "
                + fit.why() + ". " + String.format(Locale.ROOT, "%.1f %% of the values beyond three medians, kept; load average %.1f", 100
                * Fitter.farShare(values.values()), taken.load());
    }

    private static String text(Guard guard) {
        return guard.name() + " " + number(guard.value()) + " (limit " + number(guard.limit()) + ")";
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : String.format(Locale.ROOT, "%.3g", value);
    }

    /** A fingerprint in one line. */
    static String line(Map<String, String> host) {
        return host.entrySet().stream().filter(fact -> ForeignHost.DECISIVE.contains(fact.getKey()))
                .map(fact -> fact.getKey() + " " + fact.getValue()).collect(Collectors.joining(", "));
    }

    /** What was measured, by parameter. */
    Map<String, Parameter> measured() {
        return measured;
    }

    /** Which family was chosen, by parameter. */
    Map<String, Fit> fits() {
        return fits;
    }

    /** What an atom should have given and could not. */
    List<Reading.Unsupported> unsupported() {
        return unsupported;
    }

    /** Names of the parameters that nobody has measured. */
    List<String> carried() {
        return parameters.values().stream().filter(parameter -> !(parameter.provenance() instanceof Provenance.Measured)).map(Parameter::name)
                .toList();
    }

    Calibration calibration(String name) {
        return new Calibration(name, CalibrationWriter.digest(parameters), parameters, host);
    }
}
