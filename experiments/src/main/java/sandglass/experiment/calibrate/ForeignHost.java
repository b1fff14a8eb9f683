package sandglass.experiment.calibrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sandglass.calibration.Calibration;

/** Whether a calibration describes the machine at hand. */
public final class ForeignHost {

    /** The facts of a fingerprint that decide what something costs. */
    static final List<String> DECISIVE = List.of("cpu", "cores", "memory", "kernel", "kvm");

    private static final Pattern MIB = Pattern.compile("(\\d+) MiB");
    /** The kernel keeps a little more or less of the memory for itself at each boot. */
    private static final double MEMORY_TOLERANCE = 0.02;

    private ForeignHost() {}

    /**
     * How the machine that a calibration was measured on differs from another; empty if it does not, or if the calibration is of no
     * particular machine.
     *
     * @param here the other machine's fingerprint
     */
    public static Optional<String> difference(Calibration calibration, Map<String, String> here) {
        List<String> differences = new ArrayList<>();
        for (String fact : DECISIVE) {
            String there = calibration.host().get(fact);
            String now = here.getOrDefault(fact, "unknown");
            if (there != null && !there.equals(now) && !(fact.equals("memory") && alike(there, now))) {
                differences.add(fact + " " + there + ", here " + now);
            }
        }
        return differences.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", differences));
    }

    private static boolean alike(String one, String other) {
        Matcher a = MIB.matcher(one);
        Matcher b = MIB.matcher(other);
        return a.matches() && b.matches() && Math.abs(Double.parseDouble(a.group(1)) / Double.parseDouble(b.group(1)) - 1) <= MEMORY_TOLERANCE;
    }
}
