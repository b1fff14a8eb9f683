package sandglass.result;

import java.util.Objects;
import sandglass.unit.Unit;

/**
 * Something that can be measured, with an identity apart from its label.
 *
 * @param id stable identifier, for example {@code start.cold}
 * @param unit unit of every sample
 * @param better which direction is better
 * @param label what a figure's axis says
 */
public record Metric(String id, Unit unit, Better better, String label) {

    /** Which direction is better. */
    public enum Better {
        LOWER,
        HIGHER,
        NEITHER
    }

    public Metric {
        Objects.requireNonNull(id);
        Objects.requireNonNull(unit);
        Objects.requireNonNull(better);
        Objects.requireNonNull(label);
    }
}
