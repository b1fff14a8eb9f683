package sandglass.model;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sandglass.scenario.MemoryImage;
import sandglass.scenario.Region;
import sandglass.unit.Quantities;
import sandglass.unit.Unit;

/**
 * The memory image of a stack with its sizes: the same for each of its sandboxes. A region's pages are counted from 0; the last may
 * be a part of one. Writes go to the regions that are copied on writing first, then to the mergeable ones, then to the private
 * ones, each from its first page on.
 */
final class ImageLayout {

    /** How many bits {@link Footprint#met} has. */
    static final int KINDS = 2 * Region.MetBy.values().length;
    /** Those of them for what recycling gives back with the pages that were written, if it gives any back. */
    static final int GIVEN_BACK = (1 << KINDS) - (1 << KINDS / 2);

    private final List<Region> regions;
    private final long[] bytes;
    private final long[] writableFrom;
    private final long writablePages;
    private final long mappedBytes;
    private final long imagePages;

    ImageLayout(MemoryImage image, CostBook costs) {
        regions = image.regions();
        bytes = regions.stream().mapToLong(r -> costs.require(r.size(), "memory region " + r.name(), Unit.BYTES).whole()).toArray();
        int[] writable = Stream.of(Region.Sharing.COPY_ON_WRITE, Region.Sharing.MERGEABLE, Region.Sharing.PRIVATE)
                .flatMapToInt(sharing -> IntStream.range(0, regions.size()).filter(r -> sharing(r) == sharing && !kernel(r) && kind(r) == 0))
                .toArray();
        writableFrom = new long[regions.size()];
        long pages = 0;
        for (int r : writable) {
            writableFrom[r] = pages;
            pages += pages(r);
        }
        writablePages = pages;
        mappedBytes = IntStream.range(0, size()).filter(r -> !kernel(r) && kind(r) == 0).mapToLong(this::bytes).sum();
        imagePages = IntStream.range(0, size()).filter(r -> !kernel(r) && kind(r) == 0).mapToLong(this::pages).sum();
    }

    /** The number of regions. */
    int size() {
        return bytes.length;
    }

    long bytes(int region) {
        return bytes[region];
    }

    Region.Sharing sharing(int region) {
        return regions.get(region).sharing();
    }

    /** Whether its pages are those of a file in the page cache. */
    boolean file(int region) {
        return regions.get(region).backing() == Region.Backing.FILE;
    }

    boolean kernel(int region) {
        return regions.get(region).kernel();
    }

    /** Whether all its pages have the same content. */
    boolean alike(int region) {
        return regions.get(region).alike();
    }

    /** How many others than sandboxes map what is shared of a region. */
    int others(int region) {
        return regions.get(region).others();
    }

    /** By which kind of invocation it comes to be mapped, as a bit of {@link Footprint#met}; 0 if it is mapped from the beginning. */
    int kind(int region) {
        return bits(regions.get(region).metBy()) & (others(region) > 0 ? ~GIVEN_BACK : GIVEN_BACK);
    }

    /** What an invocation of a kind meets: what others than sandboxes map, too, and what they do not. */
    static int bits(Region.MetBy metBy) {
        int bit = metBy == Region.MetBy.ALL ? 0 : 1 << metBy.ordinal();
        return bit | bit << KINDS / 2;
    }

    /** Bytes of the regions that invocations of these kinds meet. */
    long metBytes(int kinds) {
        long sum = 0;
        for (int r = 0; kinds != 0 && r < bytes.length; r++) {
            sum += (kind(r) & kinds) != 0 ? bytes[r] : 0;
        }
        return sum;
    }

    int pages(int region) {
        return Math.toIntExact((bytes[region] + Quantities.PAGE_BYTES - 1) / Quantities.PAGE_BYTES);
    }

    /** Pages, from the first, that a scanner may merge; those after change too often. */
    int stablePages(int region) {
        return pages(region) - (int) Math.ceil(pages(region) * regions.get(region).volatileShare());
    }

    /** Bytes of the pages {@code from} (inclusive) to {@code to} (exclusive) of a region. */
    long bytes(int region, long from, long to) {
        return Math.min(to * Quantities.PAGE_BYTES, bytes[region]) - Math.min(from * Quantities.PAGE_BYTES, bytes[region]);
    }

    /** Bytes of the whole image but for what the kernel holds. */
    long mappedBytes() {
        return mappedBytes;
    }

    /** Pages of the whole image but for what the kernel holds. */
    long imagePages() {
        return imagePages;
    }

    /** How many of the first {@code dirty} pages written lie in this region; they are its first. */
    int dirtyPages(int region, long dirty) {
        Region.Sharing sharing = sharing(region);
        return kernel(region) || sharing == Region.Sharing.SHARED || kind(region) != 0
                ? 0
                : (int) Math.max(0, Math.min(pages(region), dirty - writableFrom[region]));
    }

    /** Bytes that the first {@code dirty} pages written need beyond the image, since it has fewer. */
    long bytesBeyond(long dirty) {
        return Math.max(0, dirty - writablePages) * Quantities.PAGE_BYTES;
    }
}
