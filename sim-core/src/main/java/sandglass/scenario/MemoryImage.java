package sandglass.scenario;

import java.util.List;

/**
 * What one ready sandbox of a stack occupies, region by region.
 *
 * @param regions in any order; names are unique
 */
public record MemoryImage(List<Region> regions) {

    public MemoryImage {
        regions = List.copyOf(regions);
        if (regions.stream().map(Region::name).distinct().count() != regions.size()) {
            throw new IllegalArgumentException("two regions of one image have the same name");
        }
    }
}
