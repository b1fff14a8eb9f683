package sandglass.scenario;

import java.util.List;
import java.util.Objects;

/**
 * What one ready sandbox of a stack occupies, region by region.
 *
 * @param regions in any order; names are unique
 * @param dirtied calibration parameter (pages) for what the stack itself writes to in one invocation, beside what the function
 *     touches; empty for none
 * @param firstTouched calibration parameter (pages) for what the first invocation of a sandbox meets for the first time, read or
 *     written, beside what the function touches; empty for none
 * @param copiedBack calibration parameter (pages): a stack that recycles in place copies up to so many pages back, and beyond that
 *     gives back all but those of {@code dirtied}; empty for any number
 * @param fetchedKept calibration parameter (bytes): documents of up to this size leave their memory with the sandbox when the invocation is
 *     over; empty for none
 * @param sentKept calibration parameter (ratio): which part of memory that is asked for only to be sent stays with the sandbox; empty for
 *     none
 */
public record MemoryImage(List<Region> regions, String dirtied, String firstTouched, String copiedBack, String fetchedKept, String sentKept) {

    /** An image of which nothing is known about a first invocation or recycling in place. */
    public MemoryImage(List<Region> regions, String dirtied) {
        this(regions, dirtied, "", "", "", "");
    }

    /** An image to which the stack itself writes nothing while a function runs. */
    public MemoryImage(List<Region> regions) {
        this(regions, "");
    }

    public MemoryImage {
        Objects.requireNonNull(dirtied);
        Objects.requireNonNull(firstTouched);
        Objects.requireNonNull(copiedBack);
        Objects.requireNonNull(fetchedKept);
        Objects.requireNonNull(sentKept);
        regions = List.copyOf(regions);
        if (regions.stream().map(Region::name).distinct().count() != regions.size()) {
            throw new IllegalArgumentException("two regions of one image have the same name");
        }
    }
}
