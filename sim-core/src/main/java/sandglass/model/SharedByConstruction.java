package sandglass.model;

import sandglass.scenario.Region;

/**
 * The stack shares what it made equal: one copy of each SHARED and COPY_ON_WRITE region while any sandbox lives, and a private copy
 * of each page that a sandbox wrote to. Nothing is scanned.
 */
final class SharedByConstruction implements Sharing {

    private final ImageLayout layout;
    /** By region and page: how many sandboxes have a copy of their own. */
    private final int[][] copies;
    /** By region: no page from here on was ever written. */
    private final int[] writtenTo;
    private long alive;

    SharedByConstruction(ImageLayout layout) {
        this.layout = layout;
        copies = new int[layout.size()][];
        writtenTo = new int[layout.size()];
        for (int r = 0; r < layout.size(); r++) {
            copies[r] = copied(r) ? new int[layout.pages(r)] : new int[0];
        }
    }

    @Override public long bytesToAdd() {
        long bytes = 0;
        for (int r = 0; r < layout.size(); r++) {
            bytes += common(r) && alive > 0 ? 0 : layout.bytes(r);
        }
        return bytes;
    }

    @Override public void add(Footprint footprint) {
        alive++;
    }

    @Override public long remove(Footprint footprint) {
        alive--;
        return bytesToAdd();
    }

    @Override public long bytesToWrite(Footprint footprint, long from, long to) {
        long bytes = 0;
        for (int r = 0; r < layout.size(); r++) {
            bytes += copied(r) ? layout.bytes(r, layout.dirtyPages(r, from), layout.dirtyPages(r, to)) : 0;
        }
        return bytes;
    }

    @Override public void write(Footprint footprint, long from, long to) {
        copy(from, to, 1);
    }

    @Override public long restore(Footprint footprint, long pages) {
        copy(0, pages, -1);
        return bytesToWrite(footprint, 0, pages);
    }

    @Override public long look(long pages) {
        return 0;
    }

    @Override public long uniqueBytes(Footprint footprint) {
        long bytes = 0;
        for (int r = 0; r < layout.size(); r++) {
            if (!layout.kernel(r)) {
                int own = common(r) ? layout.dirtyPages(r, footprint.dirty) : layout.pages(r);
                bytes += layout.bytes(r, 0, own) + uniqueCommonBytes(r, own);
            }
        }
        return bytes;
    }

    @Override public double proportionalBytes(Footprint footprint) {
        double bytes = 0;
        for (int r = 0; r < layout.size(); r++) {
            if (!layout.kernel(r)) {
                int own = common(r) ? layout.dirtyPages(r, footprint.dirty) : layout.pages(r);
                int written = Math.max(own, writtenTo[r]);
                bytes += layout.bytes(r, 0, own);
                for (int page = own; page < written; page++) {
                    bytes += (double) layout.bytes(r, page, page + 1) / (alive - copies[r][page]);
                }
                bytes += (double) layout.bytes(r, written, layout.pages(r)) / alive;
            }
        }
        return bytes;
    }

    @Override public long freedBytes(Footprint footprint) {
        return uniqueBytes(footprint);
    }

    @Override public boolean settledAtOnce() {
        return true;
    }

    @Override public long unmappedBytes() {
        long bytes = 0;
        for (int r = 0; r < layout.size(); r++) {
            for (int page = 0; alive > 0 && page < writtenTo[r]; page++) {
                bytes += copies[r][page] == alive ? layout.bytes(r, page, page + 1) : 0;
            }
        }
        return bytes;
    }

    private boolean common(int region) {
        return layout.sharing(region) == Region.Sharing.SHARED || copied(region);
    }

    private boolean copied(int region) {
        return layout.sharing(region) == Region.Sharing.COPY_ON_WRITE;
    }

    /** Bytes of the common copy, from page {@code from} on, that only one sandbox maps. */
    private long uniqueCommonBytes(int region, int from) {
        long bytes = 0;
        for (int page = from; page < writtenTo[region]; page++) {
            bytes += alive - copies[region][page] == 1 ? layout.bytes(region, page, page + 1) : 0;
        }
        return bytes + (alive == 1 ? layout.bytes(region, Math.max(from, writtenTo[region]), layout.pages(region)) : 0);
    }

    /** Counts a sandbox's own copies of its written pages, or discounts them. */
    private void copy(long from, long to, int difference) {
        for (int r = 0; r < layout.size(); r++) {
            if (copied(r)) {
                int last = layout.dirtyPages(r, to);
                for (int page = layout.dirtyPages(r, from); page < last; page++) {
                    copies[r][page] += difference;
                }
                writtenTo[r] = Math.max(writtenTo[r], last);
            }
        }
    }
}
