package sandglass.result;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a result comes from.
 *
 * @param version of Sandglass
 * @param jdk feature version of the Java runtime
 * @param host fingerprint of the machine that ran it: cpu, kernel, kvm, accel and so on; empty for the simulator, whose results do not depend on it
 * @param calibration digest of the calibration; empty if none was used
 */
public record RunProvenance(String version, String jdk, Map<String, String> host, String calibration) {
    public RunProvenance {
        host = Collections.unmodifiableMap(new TreeMap<>(host));
    }
}
