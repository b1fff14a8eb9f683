package sandglass.result;

import java.util.Arrays;
import sandglass.unit.Unit;

/**
 * A quantity over time: {@code values[i]} holds from {@code timesNs[i]} until the next time. At most a thousand points; arrays are
 * not copied.
 */
public record Series(String id, Unit unit, String label, long[] timesNs, double[] values) {
    public Series {
        if (timesNs.length != values.length) {
            throw new IllegalArgumentException("series " + id + ": " + timesNs.length + " times, " + values.length + " values");
        }
    }

    @Override public boolean equals(Object other) {
        return other instanceof Series that && id.equals(that.id) && unit == that.unit && label.equals(that.label)
                && Arrays.equals(timesNs, that.timesNs) && Arrays.equals(values, that.values);
    }

    @Override public int hashCode() {
        return 31 * Arrays.hashCode(timesNs) + Arrays.hashCode(values);
    }
}
