package sandglass.experiment.claims;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Which scenario of an experiment: its name and the value of each axis that matters. */
record Selection(String experiment, Map<String, String> axes) {

    Selection {
        axes = Collections.unmodifiableMap(new TreeMap<>(axes));
    }

    /** Axes as alternating names and values. */
    static Selection of(String experiment, String... namesAndValues) {
        Map<String, String> axes = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            axes.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Selection(experiment, axes);
    }

    /** The same scenario with one axis at another value. */
    Selection with(String axis, String value) {
        Map<String, String> changed = new TreeMap<>(axes);
        changed.put(axis, value);
        return new Selection(experiment, changed);
    }
}
