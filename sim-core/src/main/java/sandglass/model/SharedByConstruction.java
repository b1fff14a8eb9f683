package sandglass.model;

import sandglass.scenario.Region;

/**
 * The stack shares what it made equal: one copy of each SHARED and COPY_ON_WRITE region while any sandbox lives, and a private copy
 * of each page that a sandbox wrote to. Nothing is scanned.
 */
final class SharedByConstruction implements Sharing {

    private final ImageLayout layout;
    /**
     * By region and number: how many sandboxes have copies of their own of exactly so many pages, always the first. Number zero
     * counts from {@link #alive}, so that a page's sharers are {@code alive} plus all up to the page's number.
     */
    private final int[][] withCopies;
    /** By region: nobody ever had more copies. */
    private final int[] mostCopies;
    private int alive;
    /** By kind of what is met later: how many sandboxes have met it. */
    private final int[] have = new int[ImageLayout.KINDS];

    SharedByConstruction(ImageLayout layout) {
        this.layout = layout;
        withCopies = new int[layout.size()][];
        mostCopies = new int[layout.size()];
        for (int r = 0; r < layout.size(); r++) {
            withCopies[r] = new int[copied(r) ? layout.pages(r) + 1 : 1];
        }
    }

    @Override public long bytesToAdd() {
        long bytes = 0;
        for (int r = 0; r < layout.size(); r++) {
            bytes += layout.kind(r) != 0 || common(r) && alive > 0 ? 0 : layout.bytes(r);
        }
        return bytes;
    }

    @Override public void add(Footprint footprint) {
        alive++;
    }

    @Override public long remove(Footprint footprint) {
        alive--;
        return bytesToAdd() + forget(footprint.met);
    }

    @Override public long bytesToMeet(int kinds) {
        long bytes = 0;
        for (int r = 0; kinds != 0 && r < layout.size(); r++) {
            boolean meets = (layout.kind(r) & kinds) != 0;
            bytes += meets && !(inCommon(r) && meeting(r) > 0) ? layout.bytes(r) : 0;
        }
        return bytes;
    }

    /** How many sandboxes have met a region that is met later. */
    private int meeting(int region) {
        return have[Integer.numberOfTrailingZeros(layout.kind(region))];
    }

    @Override public long forget(int kinds) {
        for (int k = 0; k < have.length; k++) {
            have[k] -= kinds >> k & 1;
        }
        return bytesToMeet(kinds);
    }

    @Override public void meet(int kinds) {
        for (int k = 0; k < have.length; k++) {
            have[k] += kinds >> k & 1;
        }
    }

    @Override public long bytesToWrite(Footprint footprint, long from, long to) {
        long bytes = 0;
        for (int r = 0; r < layout.size(); r++) {
            bytes += copied(r) ? layout.bytes(r, layout.dirtyPages(r, from), layout.dirtyPages(r, to)) : 0;
        }
        return bytes;
    }

    @Override public long mostBytesToWrite(Footprint footprint, long from, long to) {
        return bytesToWrite(footprint, from, to);
    }

    @Override public void write(Footprint footprint, long from, long to) {
        for (int r = 0; r < layout.size(); r++) {
            if (copied(r)) {
                int copies = layout.dirtyPages(r, to);
                withCopies[r][layout.dirtyPages(r, from)]--;
                withCopies[r][copies]++;
                mostCopies[r] = Math.max(mostCopies[r], copies);
            }
        }
    }

    @Override public long restore(Footprint footprint, long kept, long pages) {
        write(footprint, pages, kept);
        return bytesToWrite(footprint, kept, pages);
    }

    @Override public long look(long pages) {
        return 0;
    }

    @Override public long uniqueBytes(Footprint footprint) {
        return Math.round(mapped(footprint, true));
    }

    @Override public double proportionalBytes(Footprint footprint) {
        return mapped(footprint, false);
    }

    @Override public long freedBytes(Footprint footprint) {
        return uniqueBytes(footprint);
    }

    @Override public long unmappedBytes() {
        long bytes = 0;
        for (int r = 0; alive > 0 && r < layout.size(); r++) {
            int sharers = alive;
            for (int page = 0; page < mostCopies[r]; page++) {
                sharers += withCopies[r][page];
                bytes += sharers == 0 ? layout.bytes(r, page, page + 1) : 0;
            }
        }
        return bytes;
    }

    private boolean common(int region) {
        return layout.sharing(region) == Region.Sharing.SHARED || copied(region);
    }

    /** The same for a region that is met later, to which nobody writes. */
    private boolean inCommon(int region) {
        return layout.sharing(region) == Region.Sharing.SHARED || layout.sharing(region) == Region.Sharing.COPY_ON_WRITE;
    }

    private boolean copied(int region) {
        return layout.sharing(region) == Region.Sharing.COPY_ON_WRITE && !layout.kernel(region) && layout.kind(region) == 0;
    }

    private double mapped(Footprint footprint, boolean alone) {
        double bytes = 0;
        for (int r = 0; r < layout.size(); r++) {
            if (layout.kind(r) != 0) {
                if ((layout.kind(r) & footprint.met) != 0) {
                    bytes += inCommon(r) ? part(layout.bytes(r), meeting(r) + layout.others(r), alone) : layout.bytes(r);
                }
            } else if (!layout.kernel(r)) {
                int own = common(r) ? layout.dirtyPages(r, footprint.dirty) : layout.pages(r);
                bytes += layout.bytes(r, 0, own) + mappedInCommon(r, own, alone);
            }
        }
        return bytes;
    }

    /** Bytes of the common copy from page {@code from} on: what one sandbox alone maps, or a sharer's part. */
    private double mappedInCommon(int region, int from, boolean alone) {
        double bytes = 0;
        int sharers = alive + layout.others(region);
        int written = mostCopies[region];
        for (int page = 0; page < written; page++) {
            sharers += withCopies[region][page];
            if (page >= from) {
                bytes += part(layout.bytes(region, page, page + 1), sharers, alone);
            }
        }
        return bytes + part(layout.bytes(region, Math.max(from, written), layout.pages(region)),
                alive + layout.others(region), alone);
    }

    private static double part(long bytes, int sharers, boolean alone) {
        if (alone) {
            return sharers == 1 ? bytes : 0;
        }
        return bytes == 0 ? 0 : (double) bytes / sharers;
    }
}
