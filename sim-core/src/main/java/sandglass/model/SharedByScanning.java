package sandglass.model;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import sandglass.scenario.Region;

/**
 * Nothing is shared as made. A scanner looks at the pages of all sandboxes in turn, oldest sandbox first. A page whose equal is merged
 * already joins it at the first look; any other is remembered, and if it has not changed by the next look, it merges with an equal one
 * that waits likewise, or waits itself (mm/ksm.c, cmp_and_merge_page: the stable tree is searched before the checksum is compared, the
 * unstable tree after it). Pages of files are never looked at (admin-guide/mm/ksm: "only merges anonymous (private) pages, never
 * pagecache (file) pages"). Volatile pages and written ones are looked at but never merge; a merged page that is written is copied first.
 */
final class SharedByScanning implements Sharing {

    private static final int NEW = 0;
    private static final int SEEN = 1;
    /** Waits for an equal one, or has the copy of all that are equal. */
    private static final int MERGED = 2;

    /** One sandbox's pages in the regions that can be merged. */
    private static final class Pages {

        private final Footprint owner;
        private final Runs[] state;
        private long mergedBytes;

        Pages(Footprint owner, Runs[] state) {
            this.owner = owner;
            this.state = state;
        }
    }

    private final ImageLayout layout;
    private final int[] regions;
    private final int pagesEach;
    private final long imageBytes;
    /** By region and content: how many pages wait with it or are merged. */
    private final int[][] sharers;
    /** By region and content: whether there is a merged copy, however few use it still. */
    private final BitSet[] copies;
    private final List<Pages> order = new ArrayList<>();
    private int atSandbox;
    private int atRegion;
    private int atPage;
    private long unsettled;
    private long saved;

    SharedByScanning(ImageLayout layout) {
        this.layout = layout;
        regions = IntStream.range(0, layout.size()).filter(r -> !layout.kernel(r) && !layout.file(r) && layout.kind(r) == 0
                && layout.sharing(r) != Region.Sharing.PRIVATE && layout.pages(r) > 0).toArray();
        pagesEach = IntStream.of(regions).map(layout::pages).sum();
        imageBytes = IntStream.range(0, layout.size()).filter(r -> layout.kind(r) == 0).mapToLong(layout::bytes).sum();
        sharers = new int[layout.size()][];
        copies = new BitSet[layout.size()];
        for (int r : regions) {
            copies[r] = new BitSet();
            sharers[r] = new int[layout.alike(r) ? 1 : layout.stablePages(r)];
        }
    }

    /** How many pages the scanner goes through before it is where it was. */
    long pages() {
        return (long) order.size() * pagesEach;
    }

    /** Pages that another look or two would merge. None: nothing changes by scanning any more. */
    long unsettledPages() {
        return unsettled;
    }

    /** Pages that need no memory since another sandbox's copy serves. */
    long savedPages() {
        return saved;
    }

    @Override public long look(long pages) {
        long left = order.isEmpty() || pagesEach == 0 ? 0 : pages;
        long freed = 0;
        while (left > 0) {
            int region = regions[atRegion];
            int to = (int) Math.min(layout.pages(region), atPage + left);
            freed += look(order.get(atSandbox), region, atPage, to);
            left -= to - atPage;
            atPage = to;
            if (atPage == layout.pages(region)) {
                nextRegion();
            }
        }
        return freed;
    }

    @Override public long bytesToAdd() {
        return imageBytes;
    }

    @Override public void add(Footprint footprint) {
        Runs[] state = new Runs[layout.size()];
        for (int r : regions) {
            state[r] = new Runs(layout.pages(r), NEW);
            unsettled += layout.stablePages(r);
        }
        Pages pages = new Pages(footprint, state);
        footprint.pages = pages;
        order.add(pages);
    }

    @Override public long remove(Footprint footprint) {
        Pages pages = (Pages) footprint.pages;
        long kept = 0;
        for (int r : regions) {
            int stable = layout.stablePages(r);
            for (int from = 0; from < stable; from = pages.state[r].end(from)) {
                int to = Math.min(stable, pages.state[r].end(from));
                if (pages.state[r].value(from) == MERGED) {
                    kept += part(pages, r, from, to);
                } else {
                    unsettled -= to - from;
                }
            }
        }
        int index = order.indexOf(pages);
        order.remove(index);
        if (index < atSandbox) {
            atSandbox--;
        } else if (index == atSandbox) {
            atRegion = 0;
            atPage = 0;
            atSandbox = order.isEmpty() ? 0 : atSandbox % order.size();
        }
        return imageBytes + layout.metBytes(footprint.met) - kept;
    }

    @Override public long bytesToMeet(int kinds) {
        return layout.metBytes(kinds);
    }

    @Override public long forget(int kinds) {
        return layout.metBytes(kinds);
    }

    @Override public void meet(int kinds) {
        // not looked at: who does the same is rarely there at the same time
    }

    @Override public long bytesToWrite(Footprint footprint, long from, long to) {
        Pages pages = (Pages) footprint.pages;
        long bytes = 0;
        for (int r : regions) {
            int last = lastWritten(r, to);
            for (int page = layout.dirtyPages(r, from); page < last; page++) {
                if (pages.state[r].value(page) == MERGED && sharers[r][content(r, page)] > 1) {
                    bytes += layout.bytes(r, page, page + 1);
                }
            }
        }
        return bytes;
    }

    /** Any page that can merge may be merged by then, and what merging frees may be in use elsewhere. */
    @Override public long mostBytesToWrite(Footprint footprint, long from, long to) {
        long bytes = 0;
        for (int r : regions) {
            bytes += layout.bytes(r, lastWritten(r, from), lastWritten(r, to));
        }
        return bytes;
    }

    @Override public void write(Footprint footprint, long from, long to) {
        Pages pages = (Pages) footprint.pages;
        for (int r : regions) {
            int first = layout.dirtyPages(r, from);
            int last = lastWritten(r, to);
            for (int page = first; page < last; page++) {
                if (pages.state[r].value(page) == MERGED) {
                    part(pages, r, page, page + 1);
                } else {
                    unsettled--;
                }
            }
            pages.state[r].set(first, last, NEW);
        }
    }

    @Override public long restore(Footprint footprint, long kept, long written) {
        for (int r : regions) {
            unsettled += lastWritten(r, written) - lastWritten(r, kept);
        }
        return 0;
    }

    @Override public long uniqueBytes(Footprint footprint) {
        return Math.round(mapped((Pages) footprint.pages, false)) + layout.metBytes(footprint.met);
    }

    @Override public double proportionalBytes(Footprint footprint) {
        return mapped((Pages) footprint.pages, true) + layout.metBytes(footprint.met);
    }

    @Override public long freedBytes(Footprint footprint) {
        return imageBytes + layout.metBytes(footprint.met) - ((Pages) footprint.pages).mergedBytes;
    }

    @Override public long unmappedBytes() {
        return 0;
    }

    private void nextRegion() {
        atPage = 0;
        atRegion++;
        if (atRegion == regions.length) {
            atRegion = 0;
            atSandbox = (atSandbox + 1) % order.size();
        }
    }

    /** Looks at some pages of one sandbox. */
    private long look(Pages pages, int region, int from, int to) {
        long freed = 0;
        Runs state = pages.state[region];
        int page = Math.max(from, layout.dirtyPages(region, pages.owner.dirty));
        int last = Math.min(to, layout.stablePages(region));
        while (page < last) {
            int end = Math.min(last, state.end(page));
            int value = state.value(page);
            if (value == NEW) {
                boolean joins = copies[region].get(content(region, page));
                end = layout.alike(region) ? end : endOfCopies(region, page, joins, end);
                freed += joins ? settle(pages, region, page, end) : 0;
                state.set(page, end, joins ? MERGED : SEEN);
            } else if (value == SEEN) {
                state.set(page, end, MERGED);
                freed += settle(pages, region, page, end);
            }
            page = end;
        }
        return freed;
    }

    /** Until where pages have merged copies ({@code have}) or have none. */
    private int endOfCopies(int region, int page, boolean have, int last) {
        int until = have ? copies[region].nextClearBit(page) : copies[region].nextSetBit(page);
        return until < 0 ? last : Math.min(last, until);
    }

    /** Which of the region's contents a page has. */
    private int content(int region, int page) {
        return layout.alike(region) ? 0 : page;
    }

    private long settle(Pages pages, int region, int from, int to) {
        unsettled -= to - from;
        return merge(pages, region, from, to);
    }

    private long merge(Pages pages, int region, int from, int to) {
        long freed = 0;
        for (int page = from; page < to; page++) {
            int content = content(region, page);
            if (sharers[region][content]++ > 0) {
                copies[region].set(content);
                freed += layout.bytes(region, page, page + 1);
                saved++;
            }
        }
        pages.mergedBytes += layout.bytes(region, from, to);
        return freed;
    }

    /** Takes merged pages away from a sandbox; answers how many bytes of them others still have. */
    private long part(Pages pages, int region, int from, int to) {
        long kept = 0;
        for (int page = from; page < to; page++) {
            int content = content(region, page);
            if (--sharers[region][content] > 0) {
                kept += layout.bytes(region, page, page + 1);
                saved--;
            } else {
                copies[region].clear(content);
            }
        }
        pages.mergedBytes -= layout.bytes(region, from, to);
        return kept;
    }

    /** How many of a region's first pages that could merge are among the first {@code dirty} pages written. */
    private int lastWritten(int region, long dirty) {
        return Math.min(layout.stablePages(region), layout.dirtyPages(region, dirty));
    }

    private double mapped(Pages pages, boolean shares) {
        double bytes = layout.mappedBytes();
        for (int r : regions) {
            int stable = layout.stablePages(r);
            for (int page = 0; page < stable; page++) {
                int among = pages.state[r].value(page) == MERGED ? sharers[r][content(r, page)] : 1;
                if (among > 1) {
                    double all = layout.bytes(r, page, page + 1);
                    bytes -= shares ? all - all / among : all;
                }
            }
        }
        return bytes;
    }
}
