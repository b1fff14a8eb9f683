package sandglass.scenario;

import java.util.List;
import java.util.Objects;

/**
 * What one ready sandbox of a stack occupies, region by region.
 *
 * @param regions in any order; names are unique
 * @param dirtied calibration parameter (pages) for what the stack itself writes to in one invocation, beside what the function
 *     touches; empty for none
 */
public record MemoryImage(List<Region> regions, String dirtied) {

    /** An image to which the stack itself writes nothing while a function runs. */
    public MemoryImage(List<Region> regions) {
        this(regions, "");
    }

    public MemoryImage {
        Objects.requireNonNull(dirtied);
        regions = List.copyOf(regions);
        if (regions.stream().map(Region::name).distinct().count() != regions.size()) {
            throw new IllegalArgumentException("two regions of one image have the same name");
        }
    }
}
